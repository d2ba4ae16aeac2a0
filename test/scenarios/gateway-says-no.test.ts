/** What the gateway answers, and what the sender hears of it. */
import { expect, it } from 'vitest';
import { compose } from '../../src/compose.ts';
import { NULL_REVERSE_PATH, parseAddress } from '../../src/core/address.ts';
import { createWalker } from '../../src/mime/walker.ts';
import type { Incoming } from '../../src/pipeline/arrival.ts';
import { receive } from '../../src/pipeline/receive.ts';
import { replyAt } from '../support/behaviour.ts';
import { enrol, ruleFor } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';
import { type TestBindings, testEnv } from '../support/test-env.ts';

it("the gateway's own 5xx is passed to the sender as it is, and nothing is kept", async () => {
  const gateway = await startPeer(replyAt('rcpt', '550 5.1.1 No such person here'));
  const harbour = await enrol({ gateways: [gateway] });
  expect(await harbour.email({ to: 'ghost', content: write() })).toBe('550 5.1.1 No such person here');
  expect(await harbour.ingest({ to: 'ghost', content: write() })).toMatchObject({
    status: 422,
    reply: '550 5.1.1 No such person here',
  });
  expect((await harbour.status()).spool).toMatchObject({ waiting: 0, held: 0 });
});

it('a server in trouble is not believed: while suspect, its 5xx is spooled and asked again', async () => {
  const gateway = await startPeer(replyAt('mail', '451 4.3.2 System not accepting messages'));
  const harbour = await enrol({ gateways: [gateway] });
  await harbour.ingest({ to: 'anna', content: write() });
  expect((await harbour.status()).health.state).toBe('suspect');
  await gateway.set(replyAt('rcpt', '550 5.1.1 No such person here'));
  expect(await harbour.ingest({ to: 'anna', content: write() })).toMatchObject({ disposition: 'spooled' });
  await gateway.set({});
  await harbour.pass(180_000);
  expect(await gateway.received()).toHaveLength(2);
  expect((await harbour.status()).health.state).toBe('up');
});

it('a refusal that one answer for several recipients cannot carry is held for a person', async () => {
  const gateway = await startPeer(replyAt('rcpt', '550 5.1.1 No such person here'));
  const harbour = await enrol({ gateways: [gateway] });
  expect(await harbour.ingest({ to: 'ghost', content: write(), recipients: 2 })).toMatchObject({
    disposition: 'spooled',
  });
  await harbour.pass(120_000);
  const { held } = await harbour.operator<{ held: { id: string; detail: string }[] }>(
    'GET',
    `/clients/${harbour.id}/held`,
  );
  expect(held).toMatchObject([{ detail: expect.stringContaining('No such person here') }]);
  await gateway.set({});
  await harbour.operator('POST', `/clients/${harbour.id}/held/${held[0]?.id}/retry`);
  await harbour.settle();
  expect(await gateway.received()).toHaveLength(1);
});

it('a full mailbox delays its own mail only, and never causes a failover (P10)', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  const full = {
    stage: 'rcpt',
    action: { kind: 'reply', text: '452 4.2.2 Mailbox full' },
    recipient: harbour.at('full'),
  } as const;
  await gateway.set({ rules: [full] });
  for (let n = 0; n < 30; n += 1)
    expect(await harbour.ingest({ to: 'full', content: write() })).toMatchObject({ disposition: 'spooled' });
  expect(await harbour.ingest({ to: 'anna', content: write() })).toMatchObject({ disposition: 'delivered' });
  await harbour.pass(3_600_000);
  expect((await harbour.status()).health.state).toBe('up');
  await gateway.set({});
  await harbour.pass(3_600_000);
  expect(await gateway.received()).toHaveLength(31);
});

it('the second gateway takes over when the first gives no session', async () => {
  const first = await startPeer();
  const second = await startPeer();
  const harbour = await enrol({ gateways: [first, second] });
  await first.stop();
  expect(await harbour.ingest({ to: 'anna', content: write() })).toMatchObject({ disposition: 'delivered' });
  expect(await second.received()).toHaveLength(1);
});

it("the client's own rules reject, quarantine and discard, also in the storm, and the report counts them", async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  await harbour.setRules([
    ruleFor('sender', '@spam.example', { kind: 'reject', text: 'not wanted here' }),
    ruleFor('sender', 'odd@world.example', { kind: 'quarantine' }),
    ruleFor('recipient', harbour.at('noreply'), { kind: 'discard' }),
  ]);
  await harbour.declareFailure();
  expect(await harbour.email({ from: 'x@spam.example', to: 'anna', content: write() })).toBe(
    '550 5.7.1 not wanted here',
  );
  expect(await harbour.ingest({ from: 'odd@world.example', to: 'anna', content: write() })).toMatchObject({
    disposition: 'quarantined',
  });
  expect(await harbour.ingest({ to: 'noreply', content: write() })).toMatchObject({ disposition: 'discarded' });
  expect(await harbour.ingest({ to: 'anna', content: write() })).toMatchObject({ disposition: 'spooled' });
  expect((await harbour.outage()).report).toMatchObject({ quarantined: 1, waiting: 1, addsUp: true });
});

it('a message that keeps coming back is held as a loop, neither bounced nor lost', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  const looped =
    Array.from({ length: 60 }, (_, n) => `Received: from a by b id ${n}; Mon, 23 Nov 2026 10:00:00 +0000\r\n`).join(
      '',
    ) + write();
  expect(await harbour.ingest({ to: 'anna', content: looped })).toMatchObject({ disposition: 'spooled' });
  expect(await gateway.received()).toHaveLength(0);
  expect(await harbour.operator('GET', `/clients/${harbour.id}/held`)).toMatchObject({
    held: [{ detail: expect.stringContaining('loop') }],
  });
});

it("a stranger's message with the mark of our sent copies is held, and never reaches a rule that believes the mark", async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  const forged = `X-Breakwater-Sent: yes\r\n${write()}`;
  expect(await harbour.ingest({ to: 'anna', from: '', content: forged })).toMatchObject({ disposition: 'spooled' });
  expect(await gateway.received()).toHaveLength(0);
  expect(await harbour.operator('GET', `/clients/${harbour.id}/held`)).toMatchObject({
    held: [{ detail: expect.stringContaining('X-Breakwater-Sent') }],
  });
});

it('a success that is told late does not undo the failures that came after it', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  const lastDeliveredAt = harbour.now;
  await harbour.pass(1_000);
  await gateway.stop();
  await harbour.ingest({ to: 'anna', content: write() });
  const late = { delivered: 5, lastDeliveredAt, rejectedByRule: 0, recipients: [] };
  await harbour.port.report(late);
  expect((await harbour.status()).health.state).toBe('suspect');
  await harbour.port.report({ ...late, lastDeliveredAt: harbour.now + 1 });
  expect((await harbour.status()).health.state).toBe('up');
});

it('a 5xx to MAIL that is about our login bounces nobody, and goes when the login is mended', async () => {
  const gateway = await startPeer(replyAt('mail', '530 5.7.1 Authentication required'));
  const harbour = await enrol({ gateways: [gateway] });
  expect(await harbour.email({ to: 'anna', content: write() })).toBeUndefined();
  await harbour.pass(120_000);
  expect((await harbour.status()).spool).toMatchObject({ waiting: 1, held: 0 });
  await gateway.set({});
  await harbour.pass(180_000);
  expect(await gateway.received()).toHaveLength(1);
});

it('a server that does not let us in is told to people once, mail is kept, and it is not hammered', async () => {
  const gateway = await startPeer(replyAt('banner', '554 5.7.1 You are not allowed to connect'));
  const relay = await startPeer();
  const harbour = await enrol({ gateways: [gateway], relay, settings: { noticeAddresses: ['it@elsewhere.example'] } });
  for (let n = 0; n < 5; n += 1)
    expect(await harbour.ingest({ to: 'anna', content: write() })).toMatchObject({ disposition: 'spooled' });
  await harbour.pass(600_000);
  expect((await harbour.status()).health.state).toBe('refused-us');
  const told = (await relay.received()).map(({ content }) => {
    const walker = createWalker();
    walker.write(content);
    return walker.end().headers.subject;
  });
  expect(told).toEqual([expect.stringContaining('does not let us in')]);
  // Five messages, then probes at 5, 5, 20, 45, 60 s and every minute.
  expect(await gateway.connections()).toBeLessThan(25);
  await gateway.set({});
  await harbour.pass(120_000);
  expect(await gateway.received()).toHaveLength(5);
});

it('a server that wants less of us is left alone for a while, not called down and not hammered', async () => {
  const gateway = await startPeer(replyAt('banner', '421 4.7.0 too many connections from you'));
  const harbour = await enrol({ gateways: [gateway] });
  for (let n = 0; n < 5; n += 1) await harbour.ingest({ to: 'anna', content: write() });
  await harbour.pass(600_000);
  expect((await harbour.status()).health.state).toBe('up');
  expect(await gateway.connections()).toBeLessThan(30);
});

it('a stored password that cannot be opened keeps the mail here and shows, instead of sending it back in silence', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  const gateways = [{ host: gateway.host, port: gateway.port, tls: 'none', username: 'edge', password: 'a good one' }];
  await harbour.operator('PUT', `/clients/${harbour.id}/gateways`, { gateways });
  const otherKey = { SEAL_KEY: 'test-only-another-seal-key-0123456789' } as Partial<TestBindings>;
  expect(await harbour.ingest({ to: 'anna', content: write() }, otherKey)).toMatchObject({ disposition: 'spooled' });
  expect(JSON.stringify(await harbour.status())).toContain('SEAL_KEY');
});

it('a domain that moved is not delivered to the client that gave it up, whatever an isolate remembers (P8)', async () => {
  const [oldGateway, newGateway] = [await startPeer(), await startPeer()];
  const old = await enrol({ gateways: [oldGateway] });
  const young = await enrol({ gateways: [newGateway] });
  const isolate = compose({ ...testEnv });
  // The domain's pointer is remembered for half a minute, the client's view for a second: here the second has passed.
  const view: typeof isolate.receive.view = async (clientId) => {
    const fresh = await (clientId === old.id ? old : young).port.view();
    if (fresh === null) throw new Error('not configured');
    return fresh;
  };
  const arrive = () => receive(incomingTo(`anna@${old.domain}`), { ...isolate.receive, view });
  expect((await arrive()).kind).toBe('delivered');
  await old.operator('DELETE', `/clients/${old.id}/domains/${old.domain}`);
  await young.operator('PUT', `/clients/${young.id}/domains/${old.domain}`);
  expect((await arrive()).kind).toBe('not-taken');
  expect((await arrive()).kind).toBe('delivered');
  expect(await oldGateway.received()).toHaveLength(1);
  expect(await newGateway.received()).toHaveLength(1);
});

function incomingTo(address: string): Incoming {
  const content = new TextEncoder().encode(write());
  const recipient = parseAddress(address);
  const raw = new Response(content).body;
  if (recipient === undefined || raw === null) throw new Error('bad test');
  const origin = { helo: '', remoteIp: '' };
  return { recipient, reversePath: NULL_REVERSE_PATH, raw, sizeBytes: content.byteLength, origin, recipients: 1 };
}

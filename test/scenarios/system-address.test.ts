/** R11: who knows the address says by mail that the server has failed, or is repaired. Everybody else writes ordinary mail. */
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { compose } from '../../src/compose.ts';
import { createApp } from '../../src/http/app.ts';
import { enrol, type TestClient } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

type Addresses = { readonly failureAddress: string; readonly repairAddress: string };

function addressesOf(client: TestClient): Promise<Addresses> {
  return client.operator('POST', `/clients/${client.id}/system-token`);
}

async function stateOf(client: TestClient): Promise<string> {
  return (await client.status()).health.state;
}

it('a message to the failure address opens the emergency, one to the repair address ends it, and neither is mail', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  const { failureAddress, repairAddress } = await addressesOf(harbour);
  const said = await harbour.ingest({ to: failureAddress, from: 'it@elsewhere.example', content: write() });
  expect(said).toMatchObject({ status: 200, disposition: 'discarded' });
  await harbour.settle();
  expect((await harbour.status()).health).toMatchObject({
    state: 'down',
    cause: { kind: 'declared', by: 'a message that says it is from it@elsewhere.example' },
  });
  expect((await harbour.outage()).report).toMatchObject({ received: 0 });
  // Case does not matter.
  await harbour.email({ to: repairAddress.toUpperCase(), content: write() });
  await harbour.pass(60_000);
  expect(await stateOf(harbour)).toBe('up');
  expect(await gateway.received()).toEqual([]);
});

it('the same message again is a retry of its sender, and says nothing new', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const { failureAddress } = await addressesOf(harbour);
  const content = write();
  await harbour.ingest({ to: failureAddress, content });
  await harbour.declareRepair();
  await harbour.pass(60_000);
  await harbour.evict();
  expect((await harbour.ingest({ to: failureAddress, content })).status).toBe(200);
  expect(await stateOf(harbour)).toBe('up');
  await harbour.ingest({ to: failureAddress, content: write() });
  expect(await stateOf(harbour)).toBe('down');
});

it('a declaration that is not possible is taken all the same: its sender must hear of no error', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const { failureAddress, repairAddress } = await addressesOf(harbour);
  expect(await harbour.ingest({ to: repairAddress, content: write() })).toMatchObject({ disposition: 'discarded' });
  expect(await stateOf(harbour)).toBe('up');
  await harbour.declareFailure();
  expect(await harbour.ingest({ to: failureAddress, content: write() })).toMatchObject({ disposition: 'discarded' });
});

it('with a wrong token, another client’s, or one that was ended, it is an ordinary message', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  const marina = await enrol({ gateways: [await startPeer()] });
  const mine = await addressesOf(harbour);
  const theirs = await addressesOf(marina);
  const local = (address: string) => address.slice(0, address.lastIndexOf('@'));
  const ordinary = async (to: string) => {
    expect(await harbour.ingest({ to, content: write() })).toMatchObject({ disposition: 'delivered' });
    expect(await stateOf(harbour)).toBe('up');
  };
  await ordinary(`breakwater-failure-${'a'.repeat(26)}`);
  await ordinary(local(theirs.failureAddress));
  const newer = await addressesOf(harbour);
  await ordinary(local(mine.failureAddress));
  await harbour.operator('DELETE', `/clients/${harbour.id}/system-token`);
  await ordinary(local(newer.failureAddress));
  expect((await gateway.received()).length).toBe(4);
});

it('the object cannot be asked: the message stays with its sender, and his retry says it', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const { failureAddress } = await addressesOf(harbour);
  const content = write();
  const lost = {
    idFromName: (name: string) => testEnv.CLIENTS.idFromName(name),
    get: () => ({
      view: () => harbour.port.view(),
      declareByMessage: async () => {
        throw new Error('the object is away');
      },
    }),
  } as unknown as DurableObjectNamespace;
  expect(await harbour.ingest({ to: failureAddress, content }, { CLIENTS: lost })).toMatchObject({ status: 503 });
  await harbour.ingest({ to: failureAddress, content });
  expect(await stateOf(harbour)).toBe('down');
});

it('the token is shown once, and kept nowhere but as a hash', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const { failureAddress, repairAddress } = await addressesOf(harbour);
  const token = /-([a-z0-9]{26})@/.exec(failureAddress)?.[1] ?? '';
  expect(token).toHaveLength(26);
  expect(repairAddress).toBe(`breakwater-repair-${token}@${harbour.domain}`);
  const kept = [
    await harbour.operator('GET', `/clients/${harbour.id}`),
    (await testEnv.DB.prepare('SELECT * FROM clients WHERE id = ?').bind(harbour.id).all()).results,
    (await testEnv.DB.prepare('SELECT * FROM audit WHERE client_id = ?').bind(harbour.id).all()).results,
    await harbour.port.view(),
  ];
  expect(JSON.stringify(kept)).not.toContain(token);
  expect(JSON.stringify(kept)).toContain('system-token-made');
});

it('a drill is begun on a good day only, says that it is one, and is ended by a person', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  const begin = () =>
    harbour.operator('POST', `/clients/${harbour.id}/declare-failure`, { reason: 'spring drill', drill: true });
  await begin();
  await harbour.settle();
  expect((await harbour.status()).health).toMatchObject({ state: 'down', cause: { kind: 'drill' } });
  expect(await harbour.ingest({ to: 'anna', content: write() })).toMatchObject({ disposition: 'spooled' });
  await expect(begin()).rejects.toThrow(/409.*a drill is for a day on which nothing is wrong/s);
  await harbour.pass(3_600_000);
  expect(await stateOf(harbour)).toBe('down');
  await harbour.declareRepair();
  await harbour.pass(60_000);
  expect(await stateOf(harbour)).toBe('up');
  expect((await gateway.received()).length).toBe(1);
  expect((await harbour.outage()).kind).toBe('drill');
});

it('new addresses are shown though the part that handles mail cannot be told: there is no other time', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const away = () => Promise.reject(new Error('the object is away'));
  const response = await createApp({ ...compose(testEnv).http, push: away }).request(
    `/api/v1/clients/${harbour.id}/system-token`,
    { method: 'POST', headers: { authorization: `Bearer ${testEnv.OPERATOR_TOKEN}` } },
  );
  expect(response.status).toBe(503);
  const shown = await response.json<Addresses & { readonly title: string }>();
  expect(shown.title).toContain('not yet in effect');
  // Whatever change comes next brings it into effect.
  await harbour.operator('PATCH', `/clients/${harbour.id}`, { name: 'Harbour' });
  await harbour.ingest({ to: shown.failureAddress, content: write() });
  expect(await stateOf(harbour)).toBe('down');
});

it('from the webmail nobody writes to a system address, and its token is kept nowhere', async () => {
  const gateway = await startPeer();
  const people = [{ address: 'anna', password: 'long enough to count' }];
  const harbour = await enrol({ gateways: [gateway], people });
  const { repairAddress, failureAddress } = await addressesOf(harbour);
  await harbour.declareFailure();
  const anna = await harbour.logIn('anna', 'long enough to count');
  const draft = { to: [harbour.at('anna')], subject: 'is it repaired?', text: 'x' };
  const wrongToken = harbour.at(`Breakwater-Repair-${'a'.repeat(26)}`);
  for (const named of [{ to: [repairAddress] }, { cc: [failureAddress.toUpperCase()] }, { bcc: [wrongToken] }]) {
    const answer = await anna.ask('POST', '/send', { ...draft, ...named });
    expect(answer.status).toBe(422);
    const { detail } = await answer.json<{ detail: string }>();
    expect(detail).toMatch(`${Object.keys(named)[0]}: `);
    expect(detail).toContain('write to this address from outside, or use the console');
  }
  await harbour.settle();
  expect(await stateOf(harbour)).toBe('down');
  const token = /-([a-z0-9]{26})@/.exec(repairAddress)?.[1] ?? '';
  const { results } = await testEnv.DB.prepare('SELECT * FROM messages WHERE client_id = ?').bind(harbour.id).all();
  const rows = await runInDurableObject(harbour.stub, (_, { storage }) =>
    storage.sql.exec('SELECT recipient FROM spool').toArray(),
  );
  expect([results, rows]).toEqual([[], []]);
  const unclaimed = await harbour.operator('GET', `/clients/${harbour.id}/unclaimed`);
  expect(JSON.stringify([unclaimed, await harbour.port.timeline(100)])).not.toContain(token);
});

describe('what nobody wrote there to say so is taken, and declares nothing', () => {
  const cases: readonly { readonly what: string; readonly from?: string; readonly fields?: readonly string[] }[] = [
    { what: 'an answer', fields: ['In-Reply-To: <1@elsewhere.example>'] },
    { what: 'an answer that only refers', fields: ['References: what you wrote'] },
    { what: 'an absence note', fields: ['Auto-Submitted: auto-replied'] },
    { what: 'a machine', fields: ['Auto-Submitted: auto-generated (cron)'] },
    { what: 'a bounce', from: '' },
    { what: 'mail that the client’s own server passed on', fields: ['X-Breakwater-Trace: CLIENT/018f-1'] },
    { what: 'a notice of ours', fields: ['Message-ID: <018f-1@edge.breakwater.test>'] },
  ];
  it.each(cases)('$what', async ({ from, fields = [] }) => {
    const harbour = await enrol({ gateways: [await startPeer()] });
    const { failureAddress: to } = await addressesOf(harbour);
    const head = fields.map((field) => `${field.replace('CLIENT', harbour.id)}\r\n`).join('');
    const said = await harbour.ingest({ to, content: head + write(), ...(from === undefined ? {} : { from }) });
    expect([said, await stateOf(harbour)]).toEqual([expect.objectContaining({ disposition: 'discarded' }), 'up']);
    // The same words from a person are obeyed: the case is about nothing else.
    await harbour.ingest({ to, content: `Auto-Submitted: No; x=y\r\n${write()}` });
    expect(await stateOf(harbour)).toBe('down');
  });
});

it('without a Message-ID the same words are a retry for six hours, and after that a new word', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const { failureAddress: to } = await addressesOf(harbour);
  const content = 'Subject: the server is down\r\n\r\nsays the script\r\n';
  await harbour.ingest({ to, content });
  await harbour.declareRepair();
  await harbour.pass(5 * 3_600_000);
  await harbour.ingest({ to, content });
  expect(await stateOf(harbour)).toBe('up');
  await harbour.pass(3_600_000);
  await harbour.ingest({ to, content });
  expect(await stateOf(harbour)).toBe('down');
});

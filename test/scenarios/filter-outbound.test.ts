/** What people write in the webmail passes their company's filter as well (R5), and they are told what became of it. */
import { expect, it } from 'vitest';
import type { Action, Condition, Rule } from '../../src/core/rules/rule.ts';
import type { QuarantinePort } from '../../src/pipeline/quarantine-port.ts';
import { enrol, type TestClient } from '../support/client.ts';
import { textOf } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';

const PASSWORD = 'a long password';

function rule(then: Action, value: string, of: 'sender' | 'recipient' = 'recipient'): Rule {
  const when: Condition = { kind: 'address', of, matches: [value] };
  return { id: value, name: `about ${value}`, isOn: true, when, then };
}

async function atWork(rules: (at: (local: string) => string) => readonly Rule[]) {
  const [gateway, relay] = [await startPeer(), await startPeer()];
  const people = ['anna', 'ben'].map((address) => ({ address, password: PASSWORD }));
  const harbour = await enrol({ gateways: [gateway], relay, people });
  await harbour.setFilter({ rules: rules((local) => harbour.at(local)) });
  await harbour.declareFailure();
  const anna = await harbour.logIn('anna', PASSWORD);
  const write = async (...to: string[]) => {
    const answer = await anna.ask('POST', '/send', { to, subject: 'the tide', text: 'It is at nine.' });
    await harbour.settle();
    return { status: answer.status, body: await answer.json<{ id: string; withheld: string[]; detail: string }>() };
  };
  const sent = async () => (await anna.list('sent')).map(({ id }) => id);
  const deliveries = async (id: string) => {
    const message = await (await anna.ask('GET', `/messages/${id}`)).json<{ deliveries: { state: string }[] }>();
    return message.deliveries;
  };
  return { harbour, gateway, relay, anna, write, sent, deliveries };
}

/** By an administrator, whatever it was kept as. */
async function letGo(harbour: TestClient, kind: 'hold' | 'quarantine'): Promise<void> {
  const quarantine = harbour.stub as unknown as QuarantinePort;
  const admin = { kind: 'admin', by: 'ops' } as const;
  const [held] = await harbour.port.held();
  const [quarantined] = (await quarantine.quarantine(admin, { limit: 10 })).messages;
  if (kind === 'hold') await harbour.operator('POST', `/clients/${harbour.id}/held/${held?.id}/retry`);
  else if (quarantined !== undefined) await quarantine.release(admin, [quarantined.id]);
}

it("what a rule refuses is not sent to anybody, and its writer reads the rule's own words", async () => {
  const { write, sent, relay, harbour } = await atWork(() => [
    rule({ kind: 'reject', text: 'Nothing goes to rivals.' }, '@rival.example'),
  ]);
  const { status, body } = await write('partner@world.example', 'ceo@rival.example');
  expect(status).toBe(422);
  expect(body.detail).toContain('Nothing goes to rivals.');
  expect(body.detail).toContain('ceo@rival.example');
  expect(await sent()).toEqual([]);
  expect(await relay.received()).toEqual([]);
  expect((await harbour.status()).spool).toMatchObject({ waiting: 0, held: 0, quarantined: 0 });
  // The same draft, without the one who is not to have it, goes.
  expect((await write('partner@world.example')).status).toBe(201);
});

it('a try that is repeated after a lost answer is what it was, though a rule has come in between', async () => {
  const { harbour, anna, relay } = await atWork(() => []);
  const draft = { to: ['ceo@rival.example'], subject: 'the tide', text: 'It is at nine.' };
  const send = () => anna.ask('POST', '/send', draft, { 'idempotency-key': 'one-draft' });
  const first = await (await send()).json<{ id: string }>();
  await harbour.setFilter({ rules: [rule({ kind: 'reject', text: 'Nothing goes to rivals.' }, '@rival.example')] });
  const second = await send();
  await harbour.settle();
  expect([second.status, (await second.json<{ id: string }>()).id]).toEqual([201, first.id]);
  expect(await relay.received()).toHaveLength(1);
});

it.each(['hold', 'quarantine'] as const)(
  'what a rule keeps (%s) waits for an administrator, its writer is told so, and it goes when it is let go',
  async (kind) => {
    const { write, relay, harbour, deliveries } = await atWork(() => [rule({ kind }, '@careful.example')]);
    const { status, body } = await write('partner@world.example', 'someone@careful.example');
    expect([status, body.withheld]).toEqual([201, ['someone@careful.example']]);
    expect((await relay.received()).flatMap(({ recipients }) => recipients)).toEqual(['partner@world.example']);
    expect(await deliveries(body.id)).toMatchObject([
      { recipient: 'partner@world.example', state: 'delivered' },
      { recipient: 'someone@careful.example', state: 'held', detail: expect.stringContaining('administrator') },
    ]);
    await letGo(harbour, kind);
    await harbour.settle();
    expect((await relay.received()).flatMap(({ recipients }) => recipients)).toContain('someone@careful.example');
    expect((await deliveries(body.id)).map(({ state }) => state)).toEqual(['delivered', 'delivered']);
  },
);

it('what is kept from a colleague is not called delivered, and does not lie in the mailbox', async () => {
  const { write, harbour, deliveries } = await atWork((at) => [rule({ kind: 'hold' }, at('ben'))]);
  const { body } = await write(harbour.at('ben'));
  expect(await deliveries(body.id)).toMatchObject([{ state: 'held' }]);
  expect(await (await harbour.logIn('ben', PASSWORD)).list()).toEqual([]);
  await harbour.declareRepair();
  await harbour.pass(120_000);
  expect((await harbour.outage()).report).toMatchObject({ held: 1, sentCopies: 1, waiting: 0, addsUp: true });
});

it('marks leave with the message, above it and in its subject, and the copy of its writer bears none', async () => {
  const { write, relay, harbour, gateway } = await atWork((at) => [
    rule(
      { kind: 'tag', header: { name: 'X-Class', value: 'public' }, subjectPrefix: '[public]' },
      at('anna'),
      'sender',
    ),
  ]);
  await write('partner@world.example', harbour.at('ben'));
  const [out] = await relay.received();
  expect(textOf(out?.content ?? new Uint8Array())).toMatch(
    /^X-Class: public\r\n(?:.*\r\n)*?Subject: \[public\] the tide\r\n/,
  );
  const ben = await harbour.logIn('ben', PASSWORD);
  expect((await ben.list()).map(({ subject }) => subject)).toEqual(['[public] the tide']);
  await harbour.declareRepair();
  await harbour.pass(120_000);
  const copies = (await gateway.received()).map(({ content }) => textOf(content));
  const copy = copies.find((text) => text.includes('X-Breakwater-Sent'));
  expect(copy).toMatch(/^Subject: the tide\r\n/m);
  expect(copy).not.toContain('X-Class');
  expect(copies.filter((text) => text.includes('X-Class: public'))).toHaveLength(1);
});

it('a redirect gives what was meant for the world to a colleague, and a discard leaves the copy only', async () => {
  const { write, relay, harbour, deliveries } = await atWork((at) => [
    rule({ kind: 'redirect', to: at('ben') }, '@world.example'),
    rule({ kind: 'discard' }, at('noreply')),
  ]);
  const { body } = await write('partner@world.example', harbour.at('noreply'));
  expect(await relay.received()).toEqual([]);
  expect(await (await harbour.logIn('ben', PASSWORD)).list()).toHaveLength(1);
  expect(await deliveries(body.id)).toHaveLength(1);
});

it('a lost answer is no second message, whatever the rules have said', async () => {
  const { anna, harbour } = await atWork(() => [rule({ kind: 'hold' }, '@world.example')]);
  const send = () =>
    anna.ask('POST', '/send', { to: ['a@world.example'], subject: 'x', text: 'x' }, { 'idempotency-key': 'one-wish' });
  const [first, second] = [await send(), await send()];
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(await second.json()).toEqual(await first.json());
  expect((await harbour.status()).spool.held).toBe(1);
});

it('the sets of a client are tried on what leaves: numbers that must not go are held', async () => {
  const { harbour, write, relay, anna } = await atWork(() => []);
  await harbour.setFilter({ sets: ['numbers-leaving'] });
  const answer = await anna.ask('POST', '/send', {
    to: ['shop@world.example'],
    subject: 'my card',
    text: 'It is 4111 1111 1111 1111, valid until 12/30.',
  });
  expect(await answer.json()).toMatchObject({ withheld: ['shop@world.example'] });
  await write('shop@world.example');
  expect(await relay.received()).toHaveLength(1);
});

it('with a stolen password no spam leaves: it is held for an administrator, and honest mail goes on its way', async () => {
  const { harbour, relay, anna, write } = await atWork(() => []);
  await harbour.setFilter({ sets: ['spam'] });
  const lure = {
    subject: 'Final notice: your account will be suspended',
    text: [
      'Dear customer, your account will be suspended within 24 hours.',
      'Verify your password now to avoid suspension: https://secure-login.account-verify.top/login.php?id=83',
      'Congratulations, you have been selected to claim your prize of $ 5,000,000. Act now, click here!',
      'Buy cheap viagra and cialis without prescription: http://pills.xyz/',
    ].join('\r\n'),
  };
  const answer = await anna.ask('POST', '/send', { to: ['victim@world.example'], ...lure });
  expect(await answer.json()).toMatchObject({ withheld: ['victim@world.example'] });
  await harbour.settle();
  expect(await relay.received()).toEqual([]);
  expect(await harbour.port.held()).toMatchObject([{ recipient: { key: 'victim@world.example' } }]);
  expect((await write('partner@world.example')).body.withheld).toEqual([]);
  const [gone] = await relay.received();
  expect(gone?.recipients).toEqual(['partner@world.example']);
  expect(gone === undefined ? '' : textOf(gone.content)).not.toContain('X-Breakwater-Spam');
});

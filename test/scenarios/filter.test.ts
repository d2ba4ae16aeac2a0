/** What a client's rules make of its mail, end to end: before the gateway on a good day, before the mailbox in the storm. */

import { runInDurableObject } from 'cloudflare:test';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compose } from '../../src/compose.ts';
import { parseAddress, reversePathOf } from '../../src/core/address.ts';
import { DEFAULT_FILTER_PLAN } from '../../src/core/filter-plan.ts';
import { NOT_AUTHENTICATED } from '../../src/core/message-facts.ts';
import type { Action, Condition, Rule } from '../../src/core/rules/rule.ts';
import { EMPTY_MODEL } from '../../src/core/spam/model.ts';
import type { ClientObject } from '../../src/index.ts';
import type { ReceiveNeeds } from '../../src/pipeline/arrival.ts';
import { type FilterNeeds, filter } from '../../src/pipeline/filter.ts';
import { receive } from '../../src/pipeline/receive.ts';
import { replyAt } from '../support/behaviour.ts';
import { enrol, type TestClient } from '../support/client.ts';
import { textOf, write } from '../support/mail.ts';
import { type Peer, startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

const ALWAYS: Condition = { kind: 'always' };

function rule(then: Action, when: Condition = ALWAYS, id = 'r1'): Rule {
  return { id, name: `rule ${id}`, isOn: true, when, then };
}

async function harbourWith(rules: readonly Rule[]): Promise<{ harbour: TestClient; gateway: Peer }> {
  const gateway = await startPeer();
  const people = ['anna', 'ben'].map((address) => ({ address, password: 'correct horse' }));
  const harbour = await enrol({ gateways: [gateway], people });
  await harbour.setFilter({ rules });
  return { harbour, gateway };
}

const VERDICTS: readonly (readonly [Action, string])[] = [
  [{ kind: 'accept' }, 'taken'],
  [{ kind: 'quarantine' }, 'quarantined'],
  [{ kind: 'hold' }, 'spooled'],
  [{ kind: 'discard' }, 'discarded'],
  [{ kind: 'reject', text: 'Not wanted here' }, '550 5.7.1 Not wanted here'],
];

describe.each(['calm', 'storm'] as const)('in the %s', (weather) => {
  it.each(VERDICTS)('the verdict is the same: %o', async (then, expected) => {
    const { harbour, gateway } = await harbourWith([rule(then)]);
    if (weather === 'storm') await harbour.declareFailure();
    const answer = await harbour.ingest({ to: 'anna', content: write() });
    const taken = weather === 'calm' ? 'delivered' : 'spooled';
    expect(answer.disposition ?? answer.reply).toBe(expected === 'taken' ? taken : expected);
    expect(await gateway.received()).toHaveLength(then.kind === 'accept' && weather === 'calm' ? 1 : 0);
    const { spool } = await harbour.status();
    expect(spool).toMatchObject({
      held: then.kind === 'hold' ? 1 : 0,
      quarantined: then.kind === 'quarantine' ? 1 : 0,
    });
  });
});

it('a rejection that one answer for several recipients cannot carry is kept in quarantine: nobody would hear of it', async () => {
  const { harbour, gateway } = await harbourWith([rule({ kind: 'reject', text: 'Not wanted here' })]);
  const answer = await harbour.ingest({ to: 'anna', content: write(), recipients: 2 });
  expect(answer).toMatchObject({ disposition: 'quarantined' });
  const { messages } = await harbour.operator<{ messages: { reason: string; ruleId: string }[] }>(
    'GET',
    `/clients/${harbour.id}/quarantine`,
  );
  expect(messages).toMatchObject([
    { ruleId: 'r1', reason: expect.stringContaining('rejects it with "Not wanted here"') },
  ]);
  expect(await gateway.received()).toEqual([]);
});

it('what is held or quarantined is shown to nobody until a person lets it go, and the report adds up', async () => {
  const { harbour, gateway } = await harbourWith([
    rule({ kind: 'hold' }, { kind: 'text', in: 'subject', test: { how: 'contains', value: 'held' } }, 'h'),
    rule({ kind: 'quarantine' }, { kind: 'text', in: 'subject', test: { how: 'contains', value: 'odd' } }, 'q'),
    rule({ kind: 'reject', text: 'no' }, { kind: 'text', in: 'subject', test: { how: 'contains', value: 'bad' } }, 'x'),
  ]);
  await harbour.declareFailure();
  for (const subject of ['held', 'odd', 'bad', 'plain'])
    await harbour.ingest({ to: 'anna', content: write({ subject }) });
  await harbour.settle();
  const anna = await harbour.logIn('anna', 'correct horse');
  expect((await anna.list()).map(({ subject }) => subject)).toEqual(['plain']);
  const inStorm = {
    received: 4,
    waiting: 1,
    held: 1,
    quarantined: 1,
    rejectedByRule: expect.any(Number),
    addsUp: true,
  };
  await harbour.port.report({ delivered: 0, lastDeliveredAt: 0, rejectedByRule: 1, recipients: [] });
  expect((await harbour.outage()).report).toMatchObject(inStorm);
  const held = await harbour.port.held();
  const waiting = held.find(({ state }) => state === 'held');
  expect(waiting).toMatchObject({ detail: expect.stringContaining('rule h') });
  await harbour.operator('POST', `/clients/${harbour.id}/held/${waiting?.id}/retry`);
  await harbour.settle();
  expect((await anna.list()).map(({ subject }) => subject).toSorted()).toEqual(['held', 'plain']);
  await harbour.declareRepair();
  await harbour.pass(120_000);
  expect(await gateway.received()).toHaveLength(2);
  expect((await harbour.outage()).report).toMatchObject({ received: 4, replayed: 2, quarantined: 1, addsUp: true });
});

const TAGS = [rule({ kind: 'tag', header: { name: 'X-Class', value: 'from the wörld' }, subjectPrefix: '[outside]' })];

/** The message as it stands below our trace. */
function below(text: string): string {
  const [head = '', ...rest] = text.split(/(?<=^X-Breakwater-Trace: .*\r\n)/m);
  return rest.length === 0 ? head : rest.join('');
}

function seen(content: Uint8Array) {
  const text = textOf(content);
  const header = text.slice(0, text.indexOf('\r\n\r\n'));
  return { marks: header.match(/^X-Class: .*$/gm), subject: /^Subject: (.*)$/m.exec(header)?.[1], text };
}

it('marks stand above the message as it is delivered, and nothing else of it changes (P3)', async () => {
  const { harbour, gateway } = await harbourWith(TAGS);
  const content = write({ subject: 'the tide' });
  expect(await harbour.ingest({ to: 'anna', content })).toMatchObject({ disposition: 'delivered' });
  const [received] = await gateway.received();
  const { marks, subject, text } = seen(received?.content ?? new Uint8Array());
  expect(marks).toEqual(['X-Class: =?utf-8?B?ZnJvbSB0aGUgd8O2cmxk?=']);
  expect(subject).toBe('[outside] the tide');
  expect(below(text).replace('Subject: [outside] the tide', 'Subject: the tide')).toBe(content);
});

it('what was kept carries its marks when it is given back, shows them in the mailbox, and is stored as it was received', async () => {
  const { harbour, gateway } = await harbourWith(TAGS);
  await harbour.declareFailure();
  const content = write({ subject: 'the tide' });
  await harbour.ingest({ to: 'anna', content });
  await harbour.settle();
  const anna = await harbour.logIn('anna', 'correct horse');
  const [listed] = await anna.list();
  expect(listed?.subject).toBe('[outside] the tide');
  const original = await anna.ask('GET', `/messages/${listed?.id}/original`);
  expect(textOf(new Uint8Array(await original.arrayBuffer()))).toBe(content);
  // The rules of today are not asked again for what was judged yesterday.
  await harbour.setFilter({ rules: [] });
  const sha256 = await runInDurableObject(harbour.stub, (_: ClientObject, { storage }) =>
    storage.sql.exec<{ sha256: string }>('SELECT sha256 FROM spool').one(),
  );
  expect(sha256).toEqual({ sha256: createHash('sha256').update(content).digest('hex') });
  await harbour.declareRepair();
  await harbour.pass(120_000);
  const [received] = await gateway.received();
  const { marks, subject } = seen(received?.content ?? new Uint8Array());
  expect(marks).toHaveLength(1);
  expect(subject).toBe('[outside] the tide');
});

it('an mbox bears the marks above each message, for the server that it is read into; a zip has what was received', async () => {
  const { harbour } = await harbourWith(TAGS);
  await harbour.declareFailure();
  const content = write({ subject: 'the tide' });
  await harbour.ingest({ to: 'anna', content });
  await harbour.settle();
  const { id: outage } = await harbour.outage();
  const read = async (path: string) => {
    const headers = { authorization: `Bearer ${testEnv.OPERATOR_TOKEN}` };
    const answer = await harbour.request('GET', `/api/v1/clients/${harbour.id}${path}`, undefined, headers);
    return textOf(new Uint8Array(await answer.arrayBuffer()));
  };
  const marked = `X-Class: =?utf-8?B?ZnJvbSB0aGUgd8O2cmxk?=\r\n${content}`;
  expect(await read(`/outages/${outage}/export?format=mbox`)).toContain(marked);
  expect(await read(`/mailboxes/${harbour.at('anna')}/export?format=mbox`)).toContain(marked);
  const zip = await read(`/outages/${outage}/export?format=zip`);
  expect(zip).toContain(content);
  expect(zip).not.toContain('X-Class');
});

it('a message of more than a mebibyte is marked as it streams by, from the store', async () => {
  const { harbour, gateway } = await harbourWith(TAGS);
  const content = write({ subject: 'large', body: 'tide and time\r\n'.repeat(100_000) });
  expect(await harbour.ingest({ to: 'anna', content })).toMatchObject({ disposition: 'delivered' });
  const [received] = await gateway.received();
  const { text, subject } = seen(received?.content ?? new Uint8Array());
  expect(subject).toBe('[outside] large');
  // Not by toBe: a difference of a mebibyte is nothing to read.
  expect(below(text).replace('[outside] ', '') === content).toBe(true);
});

it('a large message that a rule refuses or discards leaves nothing in the store', async () => {
  const { harbour } = await harbourWith([rule({ kind: 'reject', text: 'too much' })]);
  const content = write({ body: 'tide and time\r\n'.repeat(100_000) });
  const before = (await testEnv.CONTENT.list({ prefix: `raw/${harbour.id}/` })).objects.length;
  await harbour.ingest({ to: 'anna', content });
  await harbour.setFilter({ rules: [rule({ kind: 'discard' })] });
  await harbour.ingest({ to: 'anna', content });
  expect((await testEnv.CONTENT.list({ prefix: `raw/${harbour.id}/` })).objects).toHaveLength(before);
});

it('a rule may ask for the country of the sending address, where the front says it', async () => {
  const { harbour } = await harbourWith([rule({ kind: 'hold' }, { kind: 'country', in: ['XK'] })]);
  for (const [country, disposition] of [
    ['xk', 'spooled'],
    ['de', 'delivered'],
    ['<b>', 'delivered'],
  ] as const)
    expect(await harbour.ingest({ to: 'anna', content: write(), country })).toMatchObject({ disposition });
  expect(await harbour.ingest({ to: 'anna', content: write() })).toMatchObject({ disposition: 'delivered' });
});

describe('a redirect', () => {
  it('goes to the other account, and a report about it names the first', async () => {
    const { harbour, gateway } = await harbourWith([]);
    await gateway.set({ extensions: ['DSN'] });
    await harbour.setFilter({ rules: [rule({ kind: 'redirect', to: harbour.at('ben') })] });
    expect(await harbour.ingest({ to: 'anna', content: write() })).toMatchObject({ disposition: 'delivered' });
    const rcpt = (await gateway.dialogue()).map(({ line }) => line).find((line) => line.startsWith('RCPT'));
    expect(rcpt).toBe(`RCPT TO:<${harbour.at('ben')}> ORCPT=rfc822;${harbour.at('anna')}`);
  });

  it('in the storm lies in the mailbox of the other, who can read it', async () => {
    const { harbour, gateway } = await harbourWith([]);
    await harbour.setFilter({ rules: [rule({ kind: 'redirect', to: harbour.at('ben') })] });
    await harbour.declareFailure();
    await harbour.ingest({ to: 'anna', content: write({ subject: 'for ben' }) });
    await harbour.settle();
    expect(await (await harbour.logIn('anna', 'correct horse')).list()).toHaveLength(0);
    expect(await (await harbour.logIn('ben', 'correct horse')).list()).toHaveLength(1);
    await harbour.declareRepair();
    await harbour.pass(120_000);
    expect(await gateway.received()).toHaveLength(1);
  });

  it('that the gateway refuses is held for whoever can mend the rule: its sender knows nothing of it', async () => {
    const { harbour, gateway } = await harbourWith([]);
    await harbour.setFilter({ rules: [rule({ kind: 'redirect', to: harbour.at('nobody') })] });
    await gateway.set(replyAt('rcpt', '550 5.1.1 No such person here'));
    const content = write({ from: 'Bob <bob@world.example>', subject: 'for whom?' });
    expect(await harbour.ingest({ to: 'anna', content })).toMatchObject({ disposition: 'spooled' });
    // Whoever decides about it is told what it is, and need not download it to know.
    expect(await harbour.operator('GET', `/clients/${harbour.id}/held`)).toMatchObject({
      held: [
        {
          detail: expect.stringContaining('redirects'),
          fromName: 'Bob',
          fromAddress: 'bob@world.example',
          subject: 'for whom?',
        },
      ],
    });
  });

  it("of the sender's own retry is known by whom it was written to", async () => {
    const { harbour } = await harbourWith([]);
    await harbour.setFilter({ rules: [rule({ kind: 'redirect', to: harbour.at('ben') })] });
    await harbour.declareFailure();
    const content = write();
    await harbour.ingest({ to: 'anna', content });
    await harbour.ingest({ to: 'anna', content });
    expect((await harbour.status()).spool.waiting).toBe(1);
  });
});

describe('trouble of the filter loses nothing and bounces nothing', () => {
  const hanging: FilterNeeds = {
    authenticate: () => new Promise(() => undefined),
    scannersOf: () => [
      { name: 'clamd', whenFailed: 'pass-marked', scan: () => new Promise(() => undefined) },
      {
        name: 'rspamd',
        whenFailed: 'pass-marked',
        scan: () => {
          throw new Error('it broke');
        },
      },
    ],
    badHashes: () => new Promise(() => undefined),
    startTimer: () => ({ expired: Promise.resolve(), cancel: () => undefined }),
    log: () => undefined,
  };

  async function arrive(harbour: TestClient, broken: Partial<ReceiveNeeds>) {
    const bytes = new TextEncoder().encode(write());
    const recipient = parseAddress(harbour.at('anna'));
    const sender = parseAddress('sender@world.example');
    const raw = new Response(bytes).body;
    if (recipient === undefined || sender === undefined || raw === null) throw new Error('bad test');
    const origin = { helo: 'mx.world.example', remoteIp: '192.0.2.7' };
    const envelope = { recipient, reversePath: reversePathOf(sender), origin, recipients: 1 };
    const { receive: needs } = compose({ ...testEnv });
    return receive({ ...envelope, raw, sizeBytes: bytes.byteLength }, { ...needs, ...broken });
  }

  it.each(['calm', 'storm'] as const)('scanners and resolvers that hang or throw, in the %s', async (weather) => {
    const { harbour, gateway } = await harbourWith([]);
    if (weather === 'storm') await harbour.declareFailure();
    const receipt = await arrive(harbour, {
      filter: (subject) =>
        filter(subject, { plan: DEFAULT_FILTER_PLAN, ownDomains: [harbour.domain], model: EMPTY_MODEL }, hanging),
    });
    expect(receipt.kind).toBe(weather === 'calm' ? 'delivered' : 'spooled');
    if (weather === 'storm') {
      await harbour.declareRepair();
      await harbour.pass(120_000);
    }
    const [received] = await gateway.received();
    expect(textOf(received?.content ?? new Uint8Array())).toMatch(/^X-Breakwater-Filter: not looked at by built-in/m);
  });

  it('a plan that nobody can say leaves the message with its sender', async () => {
    const { harbour } = await harbourWith([]);
    const away = async () => {
      throw new Error('the client object is away');
    };
    await expect(arrive(harbour, { filter: away })).rejects.toThrow('away');
    expect((await harbour.status()).spool).toMatchObject({ waiting: 0, held: 0 });
  });

  it('a scanner that has no answer, where the client wants mail held: held, shown, and delivered when a person says so', async () => {
    const { harbour, gateway } = await harbourWith([]);
    const strict: FilterNeeds = {
      ...hanging,
      authenticate: async () => NOT_AUTHENTICATED,
      badHashes: async () => new Set(),
      scannersOf: () => [{ name: 'clamd', whenFailed: 'hold', scan: () => Promise.reject(new Error('refused')) }],
    };
    const receipt = await arrive(harbour, {
      filter: (subject) => filter(subject, { plan: DEFAULT_FILTER_PLAN, ownDomains: [], model: EMPTY_MODEL }, strict),
    });
    expect(receipt.kind).toBe('spooled');
    const [held] = await harbour.port.held();
    expect(held).toMatchObject({ state: 'held', detail: expect.stringContaining('clamd') });
    await harbour.operator('POST', `/clients/${harbour.id}/held/${held?.id}/retry`);
    await harbour.settle();
    expect(await gateway.received()).toHaveLength(1);
  });
});

it('on the healthy path no row is written for a message, whatever the rules have to say of it', async () => {
  const { harbour } = await harbourWith([...TAGS, rule({ kind: 'notify', whom: 'admins' }, ALWAYS, 'n')]);
  await harbour.ingest({ to: 'anna', content: write() });
  const rows = () =>
    runInDurableObject(harbour.stub, (_: ClientObject, { storage }) => {
      const tables = storage.sql
        .exec<{ name: string }>(
          "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'",
        )
        .toArray();
      return tables.map(({ name }) => [
        name,
        storage.sql.exec<{ count: number }>(`SELECT count(*) AS count FROM "${name}"`).one().count,
      ]);
    });
  const before = await rows();
  for (let n = 0; n < 5; n += 1)
    expect(await harbour.ingest({ to: 'anna', content: write() })).toMatchObject({ disposition: 'delivered' });
  expect(await rows()).toEqual(before);
});

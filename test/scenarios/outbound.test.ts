/** Mail to the world: by whose relay it leaves, how it is signed, how much of it, and what becomes of it. */
import { dkimVerify } from 'mailauth/lib/dkim/verify';
import { expect, it } from 'vitest';
import { composeClientObject } from '../../src/compose.ts';
import { mailauth } from '../../src/mime/mailauth.ts';
import { replyAt } from '../support/behaviour.ts';
import { enrol, type Options, type TestClient } from '../support/client.ts';
import { textOf, write } from '../support/mail.ts';
import { type Peer, startPeer } from '../support/peer.ts';
import { startResolver } from '../support/resolver.ts';
import { testEnv } from '../support/test-env.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PASSWORD = 'a long password';
const IT = 'it@elsewhere.example';

type Listed = { readonly id: string; readonly to: string; readonly state: string; readonly detail: string };

/** In an outage, with Anna logged in. */
async function atWork(options: Omit<Options, 'gateways' | 'people'>) {
  const gateway = await startPeer();
  const harbour = await enrol({ ...options, gateways: [gateway], people: [{ address: 'anna', password: PASSWORD }] });
  await harbour.declareFailure();
  const anna = await harbour.logIn('anna', PASSWORD);
  const write = (...to: string[]) => anna.ask('POST', '/send', { to, subject: 'the tide', text: 'It is at nine.' });
  return { harbour, gateway, anna, write };
}

const setRelay = (client: TestClient, { host, port }: Peer) =>
  client.operator('PUT', `/clients/${client.id}/relay`, { host, port, tls: 'none' });
const queue = async (client: TestClient, query = '') =>
  (await client.operator<{ messages: Listed[] }>('GET', `/clients/${client.id}/outbound${query}`)).messages;
const recipientsAt = async (peer: Peer) => (await peer.received()).flatMap(({ recipients }) => recipients);
const relayLines = async (client: TestClient) =>
  (await client.port.timeline(100)).map(({ kind }) => kind).filter((kind) => kind.startsWith('relay-'));

it("what people write leaves by their client's own relay, notices by the deployment's", async () => {
  const [own, deployments] = [await startPeer(), await startPeer()];
  const { harbour, write } = await atWork({ relay: deployments, settings: { noticeAddresses: [IT] } });
  await setRelay(harbour, own);
  expect((await write('partner@world.example')).status).toBe(201);
  await harbour.pass(MINUTE);
  expect(await recipientsAt(own)).toEqual(['partner@world.example']);
  expect([...new Set(await recipientsAt(deployments))]).toEqual([IT]);
  expect(await harbour.operator('GET', `/clients/${harbour.id}/relay`)).toMatchObject({
    own: { host: 'localhost', port: own.port, username: null },
    inUse: 'own',
    trouble: null,
  });
});

it("without a relay of the deployment's a client with one of its own writes to the world, and is told of its outage by it", async () => {
  const own = await startPeer();
  const { harbour, write } = await atWork({ settings: { noticeAddresses: [IT] } });
  expect((await write('partner@world.example')).status).toBe(422);
  await setRelay(harbour, own);
  expect((await write('partner@world.example')).status).toBe(201);
  await harbour.declareRepair();
  await harbour.pass(10 * MINUTE);
  expect(new Set(await recipientsAt(own))).toEqual(new Set(['partner@world.example', IT]));
});

it('a relay that is this service itself is refused, and so is one that cannot be reached from the edge', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const put = (host: string, port: number, bindings = {}) =>
    harbour.request(
      'PUT',
      `/api/v1/clients/${harbour.id}/relay`,
      { host, port, tls: 'starttls' },
      { authorization: `Bearer ${testEnv.OPERATOR_TOKEN}` },
      bindings,
    );
  const loop = await put('Edge.Breakwater.Test', 587);
  expect(loop.status).toBe(422);
  expect(await loop.json()).toMatchObject({ title: 'This relay is this service itself' });
  expect((await put('10.0.0.1', 587, { ALLOW_PRIVATE_PEERS: 'no' })).status).toBe(422);
  expect((await put('smtp.relay.example', 25, { ALLOW_PRIVATE_PEERS: 'no' })).status).toBe(422);
  expect(await harbour.operator('GET', `/clients/${harbour.id}/relay`)).toMatchObject({ own: null, inUse: 'none' });
});

it("a relay's password is shown nowhere, and neither is a private key", async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const login = { username: 'harbour', password: 'pa55-of-the-relay' };
  await harbour.operator('PUT', `/clients/${harbour.id}/relay`, {
    host: 'localhost',
    port: 2525,
    tls: 'none',
    ...login,
  });
  await harbour.operator('POST', `/clients/${harbour.id}/dkim`, { domain: harbour.domain });
  for (const path of ['', '/relay', '/dkim', '/audit']) {
    const shown = JSON.stringify(await harbour.operator('GET', `/clients/${harbour.id}${path}`));
    expect(shown).not.toMatch(/pa55|sealed|PRIVATE/i);
  }
});

it('two clients never share a connection to a relay', async () => {
  const relay = await startPeer();
  const [one, other] = [await atWork({ relay }), await atWork({ relay })];
  await Promise.all([one.write('a@world.example', 'b@world.example'), other.write('c@world.example')]);
  await Promise.all([one.harbour.settle(), other.harbour.settle()]);
  const connections = new Map((await relay.received()).map(({ sender, connection }) => [connection, sender]));
  const senders = (await relay.received()).map(({ sender, connection }) => connections.get(connection) === sender);
  expect(senders).toEqual([true, true, true]);
  expect(connections.size).toBe(2);
});

it('a relay that is down ages nothing and says so in the status at once, in the timeline once', async () => {
  const relay = await startPeer();
  const { harbour, write } = await atWork({ relay });
  await relay.stop();
  await write('partner@world.example');
  await harbour.settle();
  expect((await harbour.status()).relayTrouble?.words).toMatch(/connect/);
  expect(await relayLines(harbour)).toEqual([]);
  await harbour.pass(HOUR);
  expect(await relayLines(harbour)).toEqual(['relay-failed']);
  expect((await harbour.status()).health).toMatchObject({ state: 'down', cause: { kind: 'declared' } });
  const [waiting] = await harbour
    .operator<{ messages: object[] }>('GET', `/clients/${harbour.id}/outbound`)
    .then(({ messages }) => messages);
  expect(waiting).toMatchObject({ state: 'waiting', attempts: 0, from: harbour.at('anna') });
  await relay.start();
  await harbour.pass(2 * MINUTE);
  expect(await recipientsAt(relay)).toEqual(['partner@world.example']);
  expect(await relayLines(harbour)).toEqual(['relay-works', 'relay-failed']);
  expect((await harbour.status()).relayTrouble).toBeNull();
});

it('a relay that fails is no evidence about the gateway', async () => {
  const relay = await startPeer(replyAt('mail', '451 4.3.0 not today'));
  const { harbour, gateway, write } = await atWork({ relay });
  await write('partner@world.example');
  await harbour.declareRepair();
  await harbour.pass(HOUR);
  expect((await harbour.status()).health.state).toBe('up');
  expect((await harbour.status()).relayTrouble?.words).toContain('not today');
  expect(await recipientsAt(gateway)).toEqual([harbour.at('anna')]);
});

it("what the relay refuses for one recipient is the writer's to see, and goes once more when somebody says so", async () => {
  const relay = await startPeer({
    rules: [
      { stage: 'rcpt', recipient: 'gone@world.example', action: { kind: 'reply', text: '550 5.1.1 no such user' } },
    ],
  });
  const { harbour, anna, write } = await atWork({ relay });
  const { id } = await (await write('gone@world.example', 'here@world.example')).json<{ id: string }>();
  await harbour.settle();
  const { deliveries } = await (await anna.ask('GET', `/messages/${id}`)).json<{ deliveries: object[] }>();
  expect(deliveries).toEqual([
    { recipient: 'gone@world.example', state: 'refused', detail: expect.stringContaining('5.1.1 no such user') },
    { recipient: 'here@world.example', state: 'delivered', detail: expect.stringContaining('250') },
  ]);
  const [refused] = await queue(harbour, '?state=refused');
  expect(refused).toMatchObject({ to: 'gone@world.example', state: 'refused' });
  await relay.set({});
  await harbour.operator('POST', `/clients/${harbour.id}/outbound/${refused?.id}/retry`);
  await harbour.settle();
  expect(await recipientsAt(relay)).toEqual(['here@world.example', 'gone@world.example']);
  expect(await queue(harbour, '?state=refused')).toEqual([]);
});

it('what the relay puts off for one recipient follows the schedule, and ends with its words when its time is up', async () => {
  const relay = await startPeer(replyAt('rcpt', '452 4.2.2 mailbox full'));
  const expiry = { afterHours: 6, delayNoticeAfterHours: null };
  const { harbour, anna, write } = await atWork({ relay, settings: { expiry } });
  const { id } = await (await write('full@world.example')).json<{ id: string }>();
  await harbour.pass(HOUR);
  const attempts = (await relay.dialogue()).filter(({ line }) => line.startsWith('RCPT')).length;
  expect(attempts).toBe(6);
  expect(await queue(harbour)).toMatchObject([{ state: 'waiting', detail: expect.stringContaining('mailbox full') }]);
  await harbour.pass(6 * HOUR);
  expect(await queue(harbour)).toMatchObject([{ state: 'refused', detail: expect.stringContaining('mailbox full') }]);
  const { deliveries } = await (await anna.ask('GET', `/messages/${id}`)).json<{ deliveries: object[] }>();
  expect(deliveries).toMatchObject([{ state: 'refused', detail: expect.stringContaining('mailbox full') }]);
});

it('a message that waits can be stopped, and is held with the name of who did it', async () => {
  const relay = await startPeer();
  const { harbour, write } = await atWork({ relay });
  await relay.stop();
  await write('partner@world.example');
  await harbour.settle();
  const [waiting] = await queue(harbour, '?state=waiting');
  const stop = () => harbour.operator('POST', `/clients/${harbour.id}/outbound/${waiting?.id}/stop`);
  await stop();
  await expect(stop()).rejects.toThrow('409');
  await relay.start();
  await harbour.pass(HOUR);
  expect(await relay.received()).toEqual([]);
  expect(await queue(harbour)).toMatchObject([{ state: 'refused', detail: 'stopped by operator' }]);
});

it("what a sender is told of in normal times leaves by the client's relay, signed for its domain, and counts against nobody", async () => {
  const own = await startPeer();
  const gateway = await startPeer(replyAt('rcpt', '452 4.2.2 mailbox full'));
  const expiry = { afterHours: 1, delayNoticeAfterHours: null };
  const harbour = await enrol({ gateways: [gateway], relay: await startPeer(), settings: { expiry } });
  await setRelay(harbour, own);
  await harbour.operator('POST', `/clients/${harbour.id}/dkim`, { domain: harbour.domain });
  await harbour.operator('PUT', `/clients/${harbour.id}/outbound-limits`, { perUserPerHour: 1, perClientPerHour: 1 });
  for (const from of ['a@world.example', 'b@world.example'])
    await harbour.ingest({ from, to: 'anna', content: write() });
  await harbour.pass(3 * HOUR);
  const bounces = await own.received();
  expect(bounces.map(({ sender, recipients }) => [sender, ...recipients].join(' to ')).toSorted()).toEqual([
    ' to a@world.example',
    ' to b@world.example',
  ]);
  for (const { content } of bounces)
    expect(textOf(content)).toMatch(new RegExp(`^DKIM-Signature:[^]*\\sd=${harbour.domain};`));
});

it('a person past the limit of an hour is told when it is possible again, and then it is', async () => {
  const relay = await startPeer();
  const { harbour, write } = await atWork({ relay, settings: { noticeAddresses: [IT] } });
  const limits = { perUserPerHour: 3, perClientPerHour: 10 };
  await harbour.operator('PUT', `/clients/${harbour.id}/outbound-limits`, limits);
  expect((await write('a@world.example', 'b@world.example')).status).toBe(201);
  await harbour.pass(20 * MINUTE);
  // Colleagues are not the world.
  expect((await write(harbour.at('bo'), harbour.at('cy'), 'c@world.example')).status).toBe(201);
  const refused = await write('d@world.example');
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('2400');
  expect(await refused.json()).toMatchObject({
    detail: expect.stringContaining('3 recipients'),
    fix: expect.stringMatching(/again in 40 minutes \(after \d\d:\d\d UTC\).*stays on your screen/),
  });
  expect((await write('d@world.example', 'e@world.example', 'f@world.example', 'g@world.example')).status).toBe(429);
  expect(await queue(harbour)).toHaveLength(3);
  await harbour.pass(40 * MINUTE + 1);
  expect((await write('d@world.example', 'e@world.example')).status).toBe(201);
  expect((await write('f@world.example')).status).toBe(429);
});

it('the limit of a client counts all its people together', async () => {
  const relay = await startPeer();
  const harbour = await enrol({
    gateways: [await startPeer()],
    relay,
    people: ['anna', 'bo'].map((address) => ({ address, password: PASSWORD })),
  });
  await harbour.operator('PUT', `/clients/${harbour.id}/outbound-limits`, { perUserPerHour: 5, perClientPerHour: 6 });
  await harbour.declareFailure();
  const send = async (local: string, count: number) => {
    const to = Array.from({ length: count }, (_, index) => `${local}-${index}@world.example`);
    return (await (await harbour.logIn(local, PASSWORD)).ask('POST', '/send', { to, subject: 'x', text: 'x' })).status;
  };
  expect([await send('anna', 4), await send('bo', 3), await send('bo', 2)]).toEqual([201, 429, 201]);
});

it('mail is signed with a key from the moment its record is published, and its bytes stay as they were composed', async () => {
  const relay = await startPeer();
  const { harbour, write } = await atWork({ relay });
  const resolver = await startResolver({});
  const asked: object = { DNS_RESOLVERS: resolver.url };
  await harbour.break({ signOutbound: composeClientObject({ ...testEnv, ...asked }).signOutbound });
  const keys = async () => {
    const headers = { authorization: `Bearer ${testEnv.OPERATOR_TOKEN}` };
    const answer = await harbour.request('GET', `/api/v1/clients/${harbour.id}/dkim`, undefined, headers, asked);
    return (await answer.json<{ keys: readonly ListedKey[] }>()).keys;
  };
  const send = async (to: string) => {
    expect((await write(to)).status).toBe(201);
    await harbour.pass(6 * MINUTE);
    const message = (await relay.received()).find(({ recipients }) => recipients.includes(to));
    return Buffer.from(message?.content ?? '');
  };
  const make = (selector: string) =>
    harbour.operator<ListedKey>('POST', `/clients/${harbour.id}/dkim`, { domain: harbour.domain, selector });
  const publish = (...published: readonly ListedKey[]) =>
    resolver.set(
      Object.fromEntries(
        published.map(({ record }) => [
          record.name,
          { kind: 'records', txt: [record.strings.map((text) => `"${text}"`).join(' ')] },
        ]),
      ),
    );

  const first = await make('first');
  expect(await keys()).toMatchObject([{ selector: 'first', check: { kind: 'not-found' }, signs: false }]);
  expect(textOf(await send('a@world.example'))).not.toMatch(/^DKIM-Signature:/m);

  await publish(first);
  expect(await keys()).toMatchObject([{ check: { kind: 'published' }, signs: true }]);
  const signed = await send('b@world.example');
  expect(textOf(signed)).toMatch(/^DKIM-Signature:/);
  expect(await verdictOf(signed, [first])).toEqual({ result: 'pass', domain: harbour.domain, selector: 'first' });
  const rest = textOf(signed).replace(/^DKIM-Signature:[^\r]*\r\n(?:[ \t][^\r]*\r\n)*/, '');
  expect(await storedBytes(harbour)).toContain(rest);

  const second = await make('second');
  expect(await keys()).toMatchObject([
    { selector: 'second', signs: false },
    { selector: 'first', signs: true },
  ]);
  expect(await verdictOf(await send('c@world.example'), [first, second])).toMatchObject({ selector: 'first' });
  await publish(first, second);
  expect(await verdictOf(await send('d@world.example'), [first, second])).toMatchObject({
    result: 'pass',
    selector: 'second',
  });
  await harbour.operator('DELETE', `/clients/${harbour.id}/dkim/${harbour.domain}/first`);
  expect(await keys()).toMatchObject([{ selector: 'second', signs: true }]);
});

type ListedKey = {
  readonly selector: string;
  readonly record: { readonly name: string; readonly value: string; readonly strings: readonly string[] };
};

async function verdictOf(message: Buffer, published: readonly ListedKey[]) {
  // Its loading teaches workerd the names of digests that the library uses.
  await mailauth();
  const { results } = await dkimVerify(message, {
    resolver: async (name: string) => {
      const record = published.find((key) => key.record.name === name)?.record;
      if (record === undefined) throw Object.assign(new Error('none'), { code: 'ENOTFOUND' });
      return [[...record.strings]];
    },
  });
  const [first] = results;
  return { result: first?.status.result, domain: first?.signingDomain, selector: first?.selector };
}

/** What R2 holds of what was written here. */
async function storedBytes({ id }: TestClient): Promise<readonly string[]> {
  const { objects } = await testEnv.CONTENT.list();
  const bytes = await Promise.all(
    objects.filter(({ key }) => key.includes(id)).map(async ({ key }) => (await testEnv.CONTENT.get(key))?.bytes()),
  );
  return bytes.map((content) => textOf(content ?? new Uint8Array()));
}

it('says of each domain whether its SPF record lets the relay send for it, and what to add', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const listed = `listed-${harbour.domain}`;
  await harbour.operator('PUT', `/clients/${harbour.id}/domains/${listed}`);
  const resolver = await startResolver({
    'smtp.relay.example': { kind: 'addresses', a: ['192.0.2.1'] },
    [harbour.domain]: { kind: 'records', txt: ['"v=spf1 ip4:198.51.100.0/24 -all"'] },
    [listed]: { kind: 'records', txt: ['"v=spf1 include:_spf.relay.example -all"'] },
    '_spf.relay.example': { kind: 'records', txt: ['"v=spf1 ip4:192.0.2.0/24 -all"'] },
  });
  await harbour.operator('PUT', `/clients/${harbour.id}/relay`, {
    host: 'smtp.relay.example',
    port: 587,
    tls: 'starttls',
  });
  const answer = await harbour.request(
    'GET',
    `/api/v1/clients/${harbour.id}/relay/spf`,
    undefined,
    { authorization: `Bearer ${testEnv.OPERATOR_TOKEN}` },
    { DNS_RESOLVERS: resolver.url } as object,
  );
  const { domains } = await answer.json<{ domains: readonly object[] }>();
  expect(domains).toHaveLength(2);
  expect(domains).toContainEqual({
    domain: harbour.domain,
    record: 'v=spf1 ip4:198.51.100.0/24 -all',
    verdict: 'not-listed',
    words: expect.stringContaining('192.0.2.1'),
    fix: expect.stringContaining('ip4:192.0.2.1'),
  });
  expect(domains).toContainEqual(expect.objectContaining({ domain: listed, verdict: 'pass', fix: null }));
});

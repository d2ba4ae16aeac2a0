/** Preflights: a marked message goes the way of a replay before the day comes, and people hear what the gateway would do. */
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import type { PreflightVerdict } from '../../src/core/preflight-findings.ts';
import type { PreflightsView, TimelineEntry } from '../../src/pipeline/client-port.ts';
import { LONGEST_PREFLIGHT_MS } from '../../src/pipeline/preflight.ts';
import { type Behaviour, BLACK_HOLE, replyAt } from '../support/behaviour.ts';
import { enrol, type TestClient } from '../support/client.ts';
import { textOf } from '../support/mail.ts';
import { type Peer, startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const LOGIN = { username: 'breakwater', password: 'p\u00e4ss word' };
const SENDER = 'preflight@edge.breakwater.test';
const NOT_OWNED = '553 5.7.1 Sender address rejected: not owned by user breakwater';

type Gateway = { readonly peer: Peer; readonly tls?: 'none' | 'starttls'; readonly password?: string };
type Shown = {
  readonly recipient: string | null;
  readonly nextAtMs: number | null;
  readonly runs: readonly {
    readonly number: number;
    readonly atMs: number;
    readonly by: string;
    readonly state: string;
    readonly verdict: PreflightVerdict | null;
    readonly gateways: readonly {
      readonly verdict: PreflightVerdict;
      readonly words: string;
      readonly findings: readonly { readonly kind: string; readonly advice: string }[];
      readonly replies: readonly { readonly line: string }[];
    }[];
  }[];
};

async function harbourWith(gateways: readonly Gateway[], settings: object = {}): Promise<TestClient> {
  const harbour = await enrol({ gateways: gateways.map(({ peer }) => peer), settings });
  await harbour.operator('PUT', `/clients/${harbour.id}/gateways`, {
    gateways: gateways.map(({ peer: { host, port }, tls = 'none', password }) => ({
      host,
      port,
      tls,
      ...(password === undefined ? {} : { username: LOGIN.username, password }),
    })),
  });
  return harbour;
}

const shown = (client: TestClient) => client.operator<Shown>('GET', `/clients/${client.id}/preflight`);

/** Somebody asks, and looks when it is done. */
async function ask(client: TestClient): Promise<Shown['runs'][number]> {
  await client.operator('POST', `/clients/${client.id}/preflight`);
  await client.settle();
  const [newest] = (await shown(client)).runs;
  if (newest === undefined) throw new Error('there is no run');
  return newest;
}

const kindsOf = (run: Shown['runs'][number], at = 0) => run.gateways[at]?.findings.map(({ kind }) => kind);

async function lines(client: TestClient): Promise<readonly TimelineEntry[]> {
  return (await client.port.timeline(50)).filter(({ kind }) => kind.startsWith('preflight')).toReversed();
}

it('a good gateway takes the message of a stranger, marked, with the headers of a replay', async () => {
  const peer = await startPeer({ tls: 'starttls', login: LOGIN, maxSizeBytes: 60_000_000 });
  const harbour = await harbourWith([{ peer, tls: 'starttls', password: LOGIN.password }]);
  const run = await ask(harbour);
  expect(run).toMatchObject({ number: 1, by: 'operator', state: 'done', verdict: 'accepted' });
  expect(run.gateways).toMatchObject([
    {
      gateway: `localhost:${peer.port}`,
      words: 'takes what a replay brings',
      findings: [],
      tls: { configured: 'starttls', used: 'starttls' },
      login: { configured: true, offered: ['PLAIN', 'LOGIN'], accepted: true },
      sizeLimitBytes: 60_000_000,
      connections: { asked: 4, opened: 4 },
    },
  ]);
  expect(run.gateways[0]?.replies.map(({ line }) => line)).toContain('250 2.0.0 Taken');
  const [message] = await peer.received();
  expect(message).toMatchObject({ sender: SENDER, recipients: [harbour.at('postmaster')], username: LOGIN.username });
  const text = textOf(message?.content ?? new Uint8Array());
  expect(text).toMatch(/^Authentication-Results: edge.breakwater.test/m);
  expect(text).toMatch(/^X-Breakwater-Trace: /m);
  expect(text).toMatch(/^X-Breakwater-Preflight: yes\r$/m);
  expect(text).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  expect([await lines(harbour), (await harbour.status()).health.state]).toEqual([[], 'up']);
});

type Row = readonly [name: string, behaviour: Behaviour, verdict: PreflightVerdict, kind: string];

it.each<Row>([
  ['refuses a stranger at MAIL', { rules: [refuse('mail', NOT_OWNED)] }, 'refused', 'sender-refused'],
  ['refuses a stranger at RCPT', { rules: [refuse('rcpt', NOT_OWNED)] }, 'refused', 'sender-refused'],
  [
    'refuses a stranger without a reason',
    { rules: [refuse('rcpt', '550 5.7.1 Go away')] },
    'refused',
    'sender-refused',
  ],
  ['does not know the recipient', replyAt('rcpt', '550 5.1.1 No such user'), 'refused', 'recipient-refused'],
  ['greylists', { rules: [refuse('rcpt', '451 4.7.1 Greylisted')] }, 'throttled', 'greylisted'],
  [
    'refuses the empty sender',
    { rules: [{ ...refuse('mail', '550 5.7.1 No'), sender: '' }] },
    'refused',
    'empty-sender-refused',
  ],
  ['does not know the password', { login: { ...LOGIN, password: 'another' } }, 'login', 'login'],
  ['is full already', { maxConnections: 0 }, 'throttled', 'put-off'],
])('a gateway that %s is told so, with what to do', async (_name, behaviour, verdict, kind) => {
  const peer = await startPeer(behaviour);
  const password = behaviour.login === undefined ? {} : { password: LOGIN.password };
  const harbour = await harbourWith([{ peer, ...password }]);
  const run = await ask(harbour);
  expect(run.verdict).toBe(verdict);
  expect(kindsOf(run)).toContain(kind);
  expect(run.gateways[0]?.findings[0]?.advice).toMatch(/\w{3}/);
  // What a preflight meets is no evidence: nothing fails over for it.
  expect((await harbour.status()).health).toMatchObject({ state: 'up', history: { deferrals: [] } });
});

function refuse(stage: 'mail' | 'rcpt', text: string) {
  return { stage, sender: SENDER, action: { kind: 'reply', text } } as const;
}

it('a gateway without STARTTLS where it is required is never spoken to in plain text', async () => {
  const peer = await startPeer();
  const run = await ask(await harbourWith([{ peer, tls: 'starttls' }]));
  expect([run.verdict, kindsOf(run)]).toEqual(['tls', ['tls']]);
  expect(run.gateways[0]?.words).toContain('STARTTLS');
  expect(await peer.received()).toEqual([]);
});

it('the limit of connections is found, and leaves no connection open', async () => {
  const peer = await startPeer({ maxConnections: 2 });
  const harbour = await harbourWith([{ peer }]);
  const run = await ask(harbour);
  expect(run.verdict).toBe('accepted');
  expect(run.gateways[0]).toMatchObject({ connections: { asked: 4, opened: 2 } });
  expect(run.gateways[0]?.findings[0]).toMatchObject({
    kind: 'connections',
    words: expect.stringContaining('gives 2 of the 4 connections'),
    advice: expect.stringContaining('"connections" of the replay to 2'),
  });
  harbour.skip(MINUTE);
  expect((await ask(harbour)).gateways[0]).toMatchObject({ connections: { opened: 2 } });
});

it('a black hole costs a bounded time, and another gateway is asked all the same', async () => {
  const hole = await startPeer(BLACK_HOLE);
  const good = await startPeer();
  const harbour = await harbourWith([{ peer: hole }, { peer: good }]);
  let boxes = 0;
  await harbour.break({
    startTimer: (ms) => {
      const isFirst = ms === LONGEST_PREFLIGHT_MS && boxes++ === 0;
      return { expired: isFirst ? Promise.resolve() : new Promise<never>(() => undefined), cancel: () => undefined };
    },
  });
  const run = await ask(harbour);
  expect(run.verdict).toBe('unreachable');
  expect(run.gateways.map(({ verdict }) => verdict)).toEqual(['unreachable', 'accepted']);
  expect(run.gateways[0]?.words).toBe('gives no session in time');
  await hole.stop();
});

it('a preflight comes by itself once a week, and not in an outage', async () => {
  const peer = await startPeer();
  const harbour = await harbourWith([{ peer }]);
  await harbour.pass(7 * DAY - MINUTE);
  expect((await shown(harbour)).runs).toEqual([]);
  await harbour.pass(2 * MINUTE);
  expect((await shown(harbour)).runs).toMatchObject([{ by: 'schedule', state: 'done', verdict: 'accepted' }]);
  await harbour.pass(7 * DAY - 3 * MINUTE);
  await harbour.declareFailure();
  await harbour.pass(5 * MINUTE);
  expect(await shown(harbour)).toMatchObject({ nextAtMs: null, runs: [{ number: 1 }] });
  await harbour.declareRepair();
  await harbour.pass(MINUTE);
  const { runs, nextAtMs } = await shown(harbour);
  expect(runs.map(({ number }) => number)).toEqual([2, 1]);
  expect(nextAtMs).toBe((runs[0]?.atMs ?? 0) + 7 * DAY);
});

it('the days between preflights are set by the client, and 0 leaves them to people', async () => {
  const harbour = await harbourWith([{ peer: await startPeer() }]);
  const put = (body: object) => harbour.operator('PUT', `/clients/${harbour.id}/preflight`, body);
  await put({ address: harbour.at('it'), everyDays: 0 });
  expect(await shown(harbour)).toMatchObject({ recipient: harbour.at('it'), nextAtMs: null });
  await harbour.pass(30 * DAY);
  expect((await shown(harbour)).runs).toEqual([]);
  await put({ address: null, everyDays: 1 });
  await harbour.pass(MINUTE);
  expect((await shown(harbour)).runs).toMatchObject([{ recipient: harbour.at('postmaster') }]);
  await expect(put({ address: 'anna@stranger.example', everyDays: 7 })).rejects.toThrow(/not a domain of this client/);
});

it('a change for the worse is told once, and its end once', async () => {
  const peer = await startPeer();
  const harbour = await harbourWith([{ peer }], { noticeAddresses: ['it@elsewhere.example'] });
  const next = async (behaviour: Behaviour) => {
    await peer.set(behaviour);
    harbour.skip(MINUTE);
    return ask(harbour);
  };
  await next({});
  expect(await lines(harbour)).toEqual([]);
  await next({ rules: [refuse('mail', NOT_OWNED)] });
  await next({ rules: [refuse('mail', NOT_OWNED)] });
  expect(await lines(harbour)).toMatchObject([
    {
      kind: 'preflight-failed',
      words: `preflight: localhost:${peer.port} refuses mail that others have sent: ${NOT_OWNED} (at MAIL)`,
    },
  ]);
  await next({});
  await next({});
  expect((await lines(harbour)).map(({ kind }) => kind)).toEqual(['preflight-failed', 'preflight-passed']);
});

it('what is found in an outage is told to the one who asked, and to nobody else', async () => {
  const peer = await startPeer();
  const harbour = await harbourWith([{ peer }]);
  await harbour.declareFailure();
  await peer.set({ rules: [refuse('mail', NOT_OWNED)] });
  expect((await ask(harbour)).verdict).toBe('refused');
  expect(await lines(harbour)).toEqual([]);
});

it('one is asked for at a time, and once a minute', async () => {
  const harbour = await harbourWith([{ peer: await startPeer() }]);
  const press = () =>
    harbour.request('POST', `/api/v1/clients/${harbour.id}/preflight`, undefined, {
      authorization: `Bearer ${testEnv.OPERATOR_TOKEN}`,
    });
  const [first, second] = [await press(), await press()];
  expect([first.status, await first.json()]).toEqual([202, { number: 1, state: 'running', begun: true }]);
  expect([second.status, await second.json()]).toEqual([202, { number: 1, state: 'running', begun: false }]);
  await harbour.settle();
  const third = await press();
  expect([third.status, third.headers.get('retry-after')]).toEqual([429, '60']);
  harbour.skip(MINUTE);
  expect((await press()).status).toBe(202);
});

it('a run that our store fails is shown as interrupted, and the next comes in an hour', async () => {
  const peer = await startPeer();
  const harbour = await harbourWith([{ peer }]);
  let failures = 1;
  const put = async () => {
    if (failures-- > 0) throw new Error('R2 is not there');
  };
  await harbour.break({ contents: { put, get: async () => undefined, delete: async () => undefined } });
  expect(await ask(harbour)).toMatchObject({ state: 'interrupted', verdict: null });
  expect((await shown(harbour)).nextAtMs).toBe(harbour.now + 60 * MINUTE);
  expect(await peer.received()).toEqual([]);
});

it('a run that the object did not live through is shown as interrupted, and is not made again at once', async () => {
  const peer = await startPeer();
  const harbour = await harbourWith([{ peer }]);
  await harbour.port.preflight('operator');
  await runInDurableObject(harbour.stub, (_, { storage }) => {
    storage.sql.exec(`UPDATE preflights SET result = '{"state":"running"}'`);
  });
  await harbour.evict();
  await harbour.settle();
  expect((await shown(harbour)).runs).toMatchObject([{ number: 1, state: 'interrupted' }]);
  expect(await peer.received()).toEqual([]);
  await harbour.pass(61 * MINUTE);
  expect((await shown(harbour)).runs).toMatchObject([{ by: 'schedule', verdict: 'accepted' }, { number: 1 }]);
});

it('nobody of another client can see or ask for one', async () => {
  const password = 'a long pass phrase of hers';
  const harbour = await enrol({
    gateways: [await startPeer()],
    people: [{ address: 'anna', password, role: 'admin' }],
  });
  const quay = await harbourWith([{ peer: await startPeer() }]);
  await ask(quay);
  const { cookie } = await harbour.logIn('anna', password);
  const asAnna = async (method: string, id: string) =>
    (await harbour.request(method, `/api/v1/clients/${id}/preflight`, method === 'POST' ? {} : undefined, { cookie }))
      .status;
  expect([await asAnna('GET', quay.id), await asAnna('POST', quay.id)]).toEqual([404, 404]);
  expect([await asAnna('GET', harbour.id), await asAnna('POST', harbour.id)]).toEqual([200, 202]);
  expect((await quay.port.preflights(20)).runs).toHaveLength(1);
  const mine: PreflightsView = await harbour.port.preflights(20);
  expect(mine.runs.map(({ by }) => by)).toEqual([harbour.at('anna')]);
  await harbour.settle();
});

/** Many clients failing in the same minute: the fault may be ours. The operator is called once, and each client's evidence says so. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { relayOpener } from '../../src/adapters/dialer.ts';
import { createWatchPort } from '../../src/adapters/object-ports.ts';
import type { WatchObject } from '../../src/index.ts';
import { PATIENT_TIMEOUTS } from '../../src/smtp/timeouts.ts';
import { enrol, type TestClient } from '../support/client.ts';
import { textOf, write } from '../support/mail.ts';
import { type Peer, type ReceivedMessage, startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

type Watched = {
  readonly clients: readonly TestClient[];
  readonly gateways: readonly Peer[];
  readonly ring: () => Promise<void>;
};

/** Some clients under a watch of their own, whose alarms reach the operator by `relay`. */
async function watched(count: number, relay: Peer): Promise<Watched> {
  const name = `watch-${crypto.randomUUID()}`;
  const stub = testEnv.WATCH.get(testEnv.WATCH.idFromName(name)) as unknown as DurableObjectStub<WatchObject>;
  await runInDurableObject(stub, (instance: WatchObject) => {
    instance.needs = {
      ...instance.needs,
      // No alarm rings by itself.
      now: () => Date.UTC(2030, 0, 1),
      operatorAddresses: ['operator@elsewhere.example'],
      openRelay: relayOpener({ host: relay.host, port: relay.port, tls: 'none' }, DIAL),
    };
  });
  const gateways = await Promise.all(Array.from({ length: count }, () => startPeer()));
  const clients: TestClient[] = [];
  for (const gateway of gateways) {
    const client = await enrol({ gateways: [gateway] });
    await client.break(createWatchPort(testEnv.WATCH, name));
    await createWatchPort(testEnv.WATCH, name).introduce(client.id);
    clients.push(client);
  }
  return { clients, gateways, ring: async () => void (await runDurableObjectAlarm(stub)) };
}

const DIAL = { heloName: 'edge.breakwater.test', timeouts: PATIENT_TIMEOUTS };
const WORDS = (failing: number, known: number) =>
  `${failing} of ${known} clients began to fail within the same minute: the fault may be ours`;

function bodyOf(message: ReceivedMessage | undefined): string {
  const [, base64 = ''] = textOf(message?.content ?? new Uint8Array()).split('\r\n\r\n');
  return Buffer.from(base64, 'base64').toString();
}

/** Its server is away, and a message finds out. */
async function fail({ clients, gateways }: Watched, n: number): Promise<void> {
  await gateways[n]?.stop();
  await clients[n]?.ingest({ to: 'anna', content: write() });
  await clients[n]?.settle();
}

async function doubts(client: TestClient | undefined): Promise<readonly string[]> {
  const lines = (await client?.port.timeline(100)) ?? [];
  return lines.filter(({ kind }) => kind === 'self-doubt').map(({ words }) => words);
}

it('four fail together: the operator is called once, and the evidence of each says so', async () => {
  const relay = await startPeer();
  const deployment = await watched(5, relay);
  for (let n = 0; n < 4; n += 1) await fail(deployment, n);
  await deployment.ring();
  await deployment.ring();
  const told = await relay.received();
  expect(told.map(({ sender, recipients }) => [sender, ...recipients])).toEqual([['', 'operator@elsewhere.example']]);
  expect(bodyOf(told[0])).toContain(WORDS(3, 5));
  // The first two could not know yet; a minute later they do.
  for (const client of deployment.clients) await client.pass(61_000);
  const evidence = await Promise.all(deployment.clients.map(doubts));
  expect(evidence).toEqual([[WORDS(4, 5)], [WORDS(4, 5)], [WORDS(3, 5)], [WORDS(4, 5)], []]);
  await deployment.ring();
  expect(await relay.received()).toHaveLength(1);
});

it('one alone is its own trouble', async () => {
  const relay = await startPeer();
  const deployment = await watched(4, relay);
  await fail(deployment, 0);
  await deployment.clients[0]?.pass(61_000);
  await deployment.ring();
  expect(await doubts(deployment.clients[0])).toEqual([]);
  expect(await relay.connections()).toBe(0);
});

it('failures that people declare are no sign of ours', async () => {
  const relay = await startPeer();
  const deployment = await watched(3, relay);
  for (const client of deployment.clients) await client.declareFailure();
  for (const client of deployment.clients) await client.pass(61_000);
  await deployment.ring();
  expect(await Promise.all(deployment.clients.map(doubts))).toEqual([[], [], []]);
  expect(await relay.connections()).toBe(0);
});

it('the alarm waits for the relay when that is away as well', async () => {
  const relay = await startPeer();
  const deployment = await watched(3, relay);
  await relay.stop();
  for (let n = 0; n < 3; n += 1) await fail(deployment, n);
  await deployment.ring();
  await relay.start();
  await deployment.ring();
  expect(await relay.received()).toHaveLength(1);
});

it('a watch that is away delays nothing: the outage is found, mailboxes open, the mail is given back', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  const away = async () => {
    throw new Error('the watch object does not answer');
  };
  await harbour.break({ reportTrouble: away, introduce: away });
  await gateway.stop();
  for (let n = 0; n < 4; n += 1) await harbour.ingest({ from: `s${n}@world.example`, to: 'anna', content: write() });
  await harbour.pass(180_000);
  expect((await harbour.status()).health.state).toBe('down');
  expect((await harbour.outage()).mailboxesReadyAt).not.toBeNull();
  await gateway.start();
  await harbour.pass(900_000);
  expect((await harbour.status()).health.state).toBe('up');
  expect(await gateway.received()).toHaveLength(4);
  // Nothing is asked for ever: the object comes to rest.
  expect((await harbour.outage()).closedAt).not.toBeNull();
});

it('a client that lives on says so every week, though nobody changes its settings', async () => {
  const harbour = await enrol({ gateways: [await startPeer()], settings: { probe: LOOKED_AT } });
  const said: number[] = [];
  const began = harbour.now;
  await harbour.break({ introduce: async () => void said.push(harbour.now) });
  await harbour.pass(15 * DAY_MS);
  expect(said.map((at) => Math.floor((at - began) / DAY_MS))).toEqual([7, 14]);
});

const DAY_MS = 86_400_000;
const LOOKED_AT = { firstSeconds: 5, capSeconds: 60, idleSeconds: 43_200 };

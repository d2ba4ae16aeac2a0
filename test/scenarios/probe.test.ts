/** What probes learn: whom the gateway takes mail for, what a connection that failed really was, and the test message. */
import { expect, it } from 'vitest';
import { createResolvers } from '../../src/adapters/resolver.ts';
import type { LogEvent } from '../../src/core/event.ts';
import { type PeerRule, replyAt, type Zone } from '../support/behaviour.ts';
import { enrol, type TestClient } from '../support/client.ts';
import { textOf, write } from '../support/mail.ts';
import { type Peer, startPeer } from '../support/peer.ts';
import { startResolver } from '../support/resolver.ts';

const HOST = 'mx.harbour.example';
const SETTINGS = { probe: { firstSeconds: 5, capSeconds: 60, idleSeconds: 0 } };

/** Probe results in words, as they are logged from now on; and resolvers that know `zones`, two of them at least. */
async function listen(client: TestClient, zones: readonly Zone[] = [{}, {}]): Promise<readonly string[]> {
  const heard: string[] = [];
  const urls = await Promise.all(zones.map(async (zone) => (await startResolver(zone)).url));
  await client.break({
    askResolvers: createResolvers(urls),
    log: (event: LogEvent) => {
      if (event.kind === 'probe') heard.push(event.result);
    },
  });
  return heard;
}

/** The gateway has taken mail for these people. */
async function teach(client: TestClient, people: readonly string[]): Promise<void> {
  const recipients = people.map((local) => client.at(local));
  await client.port.report({
    delivered: people.length,
    lastDeliveredAt: client.now,
    rejectedByRule: 0,
    recipients,
  });
}

async function setGateway(client: TestClient, host: string, port: number, tls: 'none' | 'implicit' = 'none') {
  await client.operator('PUT', `/clients/${client.id}/gateways`, { gateways: [{ host, port, tls }] });
}

async function fail(client: TestClient, gateway: Peer): Promise<void> {
  await gateway.stop();
  for (let n = 0; n < 4; n += 1) await client.ingest({ to: 'anna', from: `s${n}@world.example`, content: write() });
  await client.pass(180_000);
  expect((await client.status()).health.state).toBe('down');
}

async function recipientsAskedFor(gateway: Peer): Promise<readonly string[]> {
  const lines = (await gateway.dialogue()).filter(({ from }) => from === 'us').map(({ line }) => line);
  return lines.filter((line) => line.startsWith('RCPT')).map((line) => line.replace(/^RCPT TO:<(.*)>$/, '$1'));
}

it('a probe asks for three people whom the gateway has taken mail for, and then for postmaster', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], settings: SETTINGS });
  const people = ['ann', 'bo', 'cy', 'di'];
  await teach(harbour, people);
  await fail(harbour, gateway);
  await gateway.set(replyAt('rcpt', '550 5.1.1 No such user'));
  await gateway.start();
  await harbour.pass(70_000);
  const [first, second, third, last] = await recipientsAskedFor(gateway);
  expect(new Set([first, second, third]).size).toBe(3);
  expect(people.map((local) => harbour.at(local))).toEqual(expect.arrayContaining([first, second, third]));
  expect(last).toBe(harbour.at('postmaster'));
});

it.each([
  ['refuses postmaster, too', []],
  ['takes postmaster', [{ stage: 'rcpt', action: { kind: 'reply', text: '250 2.1.5 Ok' } }] as const],
])('a server that is back without its people is not repaired, though it answers: it %s', async (_name, postmaster) => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], settings: SETTINGS });
  await teach(harbour, ['anna', 'bo']);
  await fail(harbour, gateway);
  const refuse = (recipient?: string): PeerRule => ({
    stage: 'rcpt',
    action: { kind: 'reply', text: '550 5.1.1 User unknown' },
    ...(recipient === undefined ? {} : { recipient }),
  });
  await gateway.set({ rules: [refuse(harbour.at('anna')), refuse(harbour.at('bo')), ...postmaster, refuse()] });
  await gateway.start();
  const heard = await listen(harbour);
  await harbour.pass(600_000);
  expect(heard.at(-1)).toBe('refuses 2 people it has taken mail for before: 550 5.1.1 User unknown');
  expect((await harbour.status()).health.state).toBe('down');
  await gateway.set({});
  await harbour.pass(300_000);
  expect((await harbour.status()).health.state).toBe('up');
  expect(await gateway.received()).toHaveLength(4);
});

it('the client’s own probe address is asked for, and nobody else', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], settings: SETTINGS });
  await teach(harbour, ['anna', 'bo']);
  const address = harbour.at('probe');
  await harbour.operator('PATCH', `/clients/${harbour.id}`, { probe: { ...SETTINGS.probe, address } });
  await fail(harbour, gateway);
  await gateway.start();
  await harbour.pass(60_000);
  const probed = (await recipientsAskedFor(gateway)).filter((recipient) => recipient !== harbour.at('anna'));
  expect(new Set(probed)).toEqual(new Set([address]));
  expect(textOf((await gateway.received())[0]?.content ?? new Uint8Array())).not.toMatch(/X-Breakwater-Probe/);
});

it('a certificate that is not accepted is told from a closed port', async () => {
  const broken = await startPeer({ tls: 'implicit', certificate: 'stranger' });
  const closed = await startPeer({ tls: 'implicit' });
  await closed.stop();
  const seen: string[] = [];
  for (const { port } of [broken, closed]) {
    const harbour = await enrol({ gateways: [await startPeer()], settings: SETTINGS });
    await setGateway(harbour, 'localhost', port, 'implicit');
    const heard = await listen(harbour);
    await harbour.ingest({ to: 'anna', content: write() });
    await harbour.pass(10_000);
    seen.push(heard[0] ?? 'nothing');
  }
  expect(seen).toEqual([
    'TLS failed: the port is open, but the certificate or the TLS handshake was not accepted (at TLS)',
    'no connection: it is refused, or there is no way to the host (at connect)',
  ]);
});

it.each<readonly [name: string, zones: readonly Zone[], expected: string]>([
  ['is known to nobody', [{}, {}], 'no such host in DNS (at connect)'],
  [
    'can be found out by nobody',
    [{ [HOST]: { kind: 'rcode', status: 2 } }, { [HOST]: { kind: 'rcode', status: 2 } }],
    'the host name cannot be resolved, by other resolvers neither (at connect)',
  ],
  [
    'leads to a host that is away',
    [{}, { [HOST]: { kind: 'addresses', a: ['127.0.0.2'] } }],
    'no connection: it is refused, or there is no way to the host (at connect)',
  ],
])('a host name that %s is told from a closed port', async (_name, zones, expected) => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [await startPeer()], settings: SETTINGS });
  await setGateway(harbour, HOST, gateway.port);
  const heard = await listen(harbour, zones);
  await harbour.ingest({ to: 'anna', content: write() });
  await harbour.pass(10_000);
  expect(heard[0]).toBe(expected);
});

it('a name that only our own resolver does not find is never an outage: mail is kept, and the reason is told', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [await startPeer()], settings: SETTINGS });
  await setGateway(harbour, HOST, gateway.port);
  const zone: Zone = { [HOST]: { kind: 'addresses', a: ['127.0.0.1'] } };
  const heard = await listen(harbour, [zone, zone]);
  for (let n = 0; n < 2; n += 1) await harbour.ingest({ to: 'anna', from: `s${n}@world.example`, content: write() });
  await harbour.pass(180_000);
  expect(new Set(heard)).toEqual(new Set(['our own resolver did not find the host name (at connect)']));
  const { health, spool } = await harbour.status();
  expect(health.state).not.toBe('down');
  expect(spool.waiting).toBe(2);
  await setGateway(harbour, 'localhost', gateway.port);
  await harbour.pass(600_000);
  expect((await harbour.status()).health.state).toBe('up');
  expect(await gateway.received()).toHaveLength(2);
});

it('a test message is handed over once for a repair, marked, with the null sender (R20)', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], settings: SETTINGS });
  const address = harbour.at('probe');
  await harbour.operator('PATCH', `/clients/${harbour.id}`, {
    probe: { ...SETTINGS.probe, address, testMessage: true },
  });
  await fail(harbour, gateway);
  await gateway.set(replyAt('dot', '554 5.6.0 Scanner has no licence'));
  await gateway.start();
  const heard = await listen(harbour);
  await harbour.pass(300_000);
  expect(heard.at(-1)).toBe('the test message: 554 5.6.0 Scanner has no licence (at the final dot)');
  expect((await harbour.status()).health.state).toBe('down');
  await gateway.set({});
  await harbour.pass(300_000);
  expect((await harbour.status()).health.state).toBe('up');
  const [test, ...rest] = (await gateway.received()).filter(({ recipients }) => recipients[0] === address);
  expect(rest).toEqual([]);
  expect(test?.sender).toBe('');
  const text = textOf(test?.content ?? new Uint8Array());
  for (const field of [
    /^X-Breakwater-Probe: yes\r$/m,
    /^X-Breakwater-Trace: \S+/m,
    /^Auto-Submitted: auto-generated\r$/m,
    /^Subject: Breakwater test message\r$/m,
    /^From: "?Breakwater"? <notices@edge\.breakwater\.test>\r$/m,
    /^Message-ID: <[\w-]+@edge\.breakwater\.test>\r$/im,
  ])
    expect(text).toMatch(field);
});

it.each([
  [{ testMessage: true }, /probe\.testMessage: .*probe\.address/],
  [{ address: 'anna@elsewhere.example' }, /probe\.address: .*elsewhere\.example/],
  [{ address: 'nobody' }, /probe\.address/],
])('a probe plan that cannot work is refused with the reason: %j', async (part, expected) => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await expect(
    harbour.operator('PATCH', `/clients/${harbour.id}`, { probe: { ...SETTINGS.probe, ...part } }),
  ).rejects.toThrow(expected);
});

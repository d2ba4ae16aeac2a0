/** A client with two mail servers: one in trouble is passed over, and the client is down only when both are. */
import { describe, expect, it } from 'vitest';
import { compose } from '../../src/compose.ts';
import { NULL_REVERSE_PATH, parseAddress } from '../../src/core/address.ts';
import type { Incoming, Receipt } from '../../src/pipeline/arrival.ts';
import { receive } from '../../src/pipeline/receive.ts';
import { replyAt } from '../support/behaviour.ts';
import { enrol, type TestClient } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { type Peer, startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

const IN_TROUBLE = replyAt('mail', '451 4.3.2 System not accepting network messages');

async function twoGateways(): Promise<{ first: Peer; second: Peer; harbour: TestClient }> {
  const [first, second] = [await startPeer(), await startPeer()];
  return { first, second, harbour: await enrol({ gateways: [first, second] }) };
}

/** One isolate at the edge, which remembers what it has seen from one message to the next. */
function isolateOf(harbour: TestClient): () => Promise<Receipt> {
  const { receive: needs } = compose(testEnv);
  return () => receive(incomingTo(harbour.at('anna')), needs);
}

function incomingTo(address: string): Incoming {
  const content = new TextEncoder().encode(write());
  const recipient = parseAddress(address);
  const raw = new Response(content).body;
  if (recipient === undefined || raw === null) throw new Error('bad test');
  const origin = { helo: '', remoteIp: '' };
  return { recipient, reversePath: NULL_REVERSE_PATH, raw, sizeBytes: content.byteLength, origin, recipients: 1 };
}

async function taken(peer: Peer): Promise<number> {
  return (await peer.received()).length;
}

describe('new mail', () => {
  it('the first answers 451 4.3.2 at MAIL: the second gets the mail, and nobody is suspect', async () => {
    const { first, second, harbour } = await twoGateways();
    await first.set(IN_TROUBLE);
    expect(await harbour.ingest({ to: 'anna', content: write() })).toMatchObject({ disposition: 'delivered' });
    expect([await taken(first), await taken(second)]).toEqual([0, 1]);
    const { health } = await harbour.status();
    expect(health.state).toBe('up');
    expect(health.history.deferrals).toEqual([]);
  });

  it('the healthy one is preferred next time', async () => {
    const { first, second, harbour } = await twoGateways();
    await first.set(IN_TROUBLE);
    const arrive = isolateOf(harbour);
    for (let n = 0; n < 3; n += 1) expect(await arrive()).toMatchObject({ kind: 'delivered' });
    expect(await first.connections()).toBe(1);
    expect(await taken(second)).toBe(3);
  });

  it.each([
    ['a full mailbox', replyAt('rcpt', '452 4.2.2 Mailbox full')],
    ['greylisting', replyAt('rcpt', '451 4.7.1 Greylisted, come back later')],
    ['a refusal of the content', replyAt('dot', '451 4.3.0 Content cannot be checked now')],
    ['a connection lost after the dot', { rules: [{ stage: 'dot', action: { kind: 'drop' } }] } as const],
  ])('%s at the first is no reason to ask the second: no message goes to two', async (_, behaviour) => {
    const { first, second, harbour } = await twoGateways();
    await first.set(behaviour);
    expect(await harbour.ingest({ to: 'anna', content: write() })).toMatchObject({ disposition: 'spooled' });
    expect(await second.connections()).toBe(0);
  });

  it('what the first refuses for good is refused, not asked again at the second', async () => {
    const { first, second, harbour } = await twoGateways();
    await first.set(replyAt('rcpt', '550 5.1.1 No such person here'));
    expect(await harbour.email({ to: 'ghost', content: write() })).toBe('550 5.1.1 No such person here');
    expect(await second.connections()).toBe(0);
  });

  it('a large message, too, reaches the second whole', async () => {
    const { first, second, harbour } = await twoGateways();
    await first.set(IN_TROUBLE);
    const body = 'The tide is at nine.\r\n'.repeat(60_000);
    const answer = await harbour.ingest({ to: 'anna', content: write({ body }) });
    expect(answer).toMatchObject({ disposition: 'delivered' });
    expect((await second.digests())[0]?.sizeBytes).toBeGreaterThan(1_320_000);
  });
});

describe('health', () => {
  it('one dead and one well: never down, and never even suspect', async () => {
    const { first, second, harbour } = await twoGateways();
    await first.stop();
    for (let n = 0; n < 20; n += 1) {
      expect(await harbour.ingest({ to: `p${n}`, content: write() })).toMatchObject({ disposition: 'delivered' });
      await harbour.pass(180_000);
      expect((await harbour.status()).health.state).toBe('up');
    }
    expect(await taken(second)).toBe(20);
    expect(await harbour.port.timeline(10)).toEqual([]);
  });

  it('both fail: suspect, then down; one of them back: repaired', async () => {
    const { first, second, harbour } = await twoGateways();
    await first.set(IN_TROUBLE);
    await second.stop();
    expect(await harbour.ingest({ to: 'anna', content: write() })).toMatchObject({ disposition: 'spooled' });
    expect((await harbour.status()).health.state).toBe('suspect');
    for (let n = 0; n < 6; n += 1) await harbour.ingest({ from: `s${n}@world.example`, to: `p${n}`, content: write() });
    await harbour.pass(180_000);
    expect((await harbour.status()).health.state).toBe('down');
    await second.start();
    await harbour.pass(600_000);
    expect((await harbour.status()).health.state).toBe('up');
    expect([await taken(first), await taken(second)]).toEqual([0, 7]);
  });
});

describe('the replay', () => {
  it('goes on at the second when the first falls into trouble in the middle of it', async () => {
    const { first, second, harbour } = await twoGateways();
    await harbour.declareFailure();
    for (let n = 0; n < 12; n += 1) await harbour.ingest({ to: `p${n}`, content: write() });
    await first.set({
      rules: [{ stage: 'mail', action: { kind: 'reply', text: '250 ok' }, times: 5 }, ...(IN_TROUBLE.rules ?? [])],
    });
    await harbour.declareRepair();
    await harbour.pass(120_000);
    expect((await harbour.status()).health.state).toBe('up');
    expect((await taken(first)) + (await taken(second))).toBe(12);
    expect(await taken(second)).toBeGreaterThan(6);
    expect((await harbour.outage()).report).toMatchObject({ replayed: 12, waiting: 0, held: 0 });
  });

  it('leaves a gateway whose capacity for the minute is used up for one with room', async () => {
    const [small, large] = [await startPeer(), await startPeer()];
    const harbour = await enrol({ gateways: [large] });
    await harbour.operator('PUT', `/clients/${harbour.id}/gateways`, {
      gateways: [
        { host: small.host, port: small.port, tls: 'none', capacityPerMinute: 3 },
        { host: large.host, port: large.port, tls: 'none' },
      ],
    });
    await harbour.declareFailure();
    for (let n = 0; n < 9; n += 1) await harbour.ingest({ to: `p${n}`, content: write() });
    await harbour.declareRepair();
    await harbour.pass(10_000);
    expect([await taken(small), await taken(large)]).toEqual([3, 6]);
  });
});

describe('the operator', () => {
  type Shown = {
    locationHint: string | null;
    weights: Record<string, number>;
    gateways: { port: number; turn: string; score: number; failuresInARow: number; reasons: string[] }[];
  };
  const shownBy = (harbour: TestClient) => harbour.operator<Shown>('GET', `/clients/${harbour.id}/gateways`);

  it('sees each with its standing, its score and the reasons in words, and never a password', async () => {
    const { first, second, harbour } = await twoGateways();
    const place = { latitude: 53.6, longitude: 10 };
    await harbour.operator('PUT', `/clients/${harbour.id}/gateways`, {
      gateways: [
        {
          host: first.host,
          port: first.port,
          tls: 'none',
          username: 'relay',
          password: 'a secret',
          capacityPerMinute: 600,
          ...place,
        },
        { host: second.host, port: second.port, tls: 'none' },
      ],
    });
    await first.stop();
    await harbour.declareFailure();
    await harbour.ingest({ to: 'anna', content: write() });
    await harbour.declareRepair();
    await harbour.settle();
    const shown = await shownBy(harbour);
    expect(shown.gateways).toMatchObject([
      { port: second.port, turn: 'open', failuresInARow: 0, capacityPerMinute: null, messagesThisMinute: 1 },
      { port: first.port, turn: 'failing', username: 'relay', failuresInARow: 1, capacityPerMinute: 600, ...place },
    ]);
    expect(shown.gateways[1]?.reasons).toEqual([
      'behind the others: it failed a short while ago',
      'failed 0 s ago',
      '0 of 600 messages this minute',
      'the round trip has not been measured',
      'where we stand is not known',
    ]);
    expect(JSON.stringify(shown)).not.toMatch(/secret|sealed/i);
  });

  it('sets the weights, and they count at once', async () => {
    const { first, second, harbour } = await twoGateways();
    const choice = { health: 0, capacity: 0, roundTrip: 0, distance: 1 };
    await harbour.operator('PATCH', `/clients/${harbour.id}`, { choice });
    expect((await shownBy(harbour)).weights).toEqual(choice);
    await first.stop();
    await harbour.declareFailure();
    await harbour.declareRepair();
    await harbour.settle();
    // What has failed has no weight any more: the order stays as it was configured.
    expect((await shownBy(harbour)).gateways.map(({ port }) => port)).toEqual([first.port, second.port]);
  });

  it('is told what is wrong with a gateway', async () => {
    const { harbour } = await twoGateways();
    const gateway = { host: 'mail.harbour.example', port: 25, tls: 'starttls' };
    const rows: readonly (readonly [object, RegExp])[] = [
      [{ ...gateway, latitude: 53 }, /latitude and longitude together/],
      [{ ...gateway, latitude: 91, longitude: 0 }, /latitude/],
      [{ ...gateway, capacityPerMinute: 0 }, /capacityPerMinute/],
    ];
    const authorization = `Bearer ${testEnv.OPERATOR_TOKEN}`;
    for (const [wrong, detail] of rows) {
      const path = `/api/v1/clients/${harbour.id}/gateways`;
      const response = await harbour.request('PUT', path, { gateways: [wrong] }, { authorization });
      expect(response.status).toBe(422);
      expect((await response.json<{ detail: string }>()).detail).toMatch(detail);
    }
  });

  it('enrols a client with its gateways, and its object is asked to live near them, for good', async () => {
    const { harbour } = await twoGateways();
    const gateway = (latitude: number, longitude: number) => ({
      host: 'mail.harbour.example',
      port: 25,
      tls: 'starttls',
      latitude,
      longitude,
    });
    const enrolled = async (more: object) => {
      const id = `near-${crypto.randomUUID().slice(0, 8)}`;
      await harbour.operator('POST', '/clients', { id, name: 'Near', ...more });
      return id;
    };
    const hintOf = async (id: string) =>
      (await harbour.operator<{ locationHint: string | null }>('GET', `/clients/${id}`)).locationHint;
    const auckland = await enrolled({ gateways: [gateway(-36.8, 174.8)] });
    expect(await hintOf(auckland)).toBe('oc');
    await harbour.operator('PUT', `/clients/${auckland}/gateways`, { gateways: [gateway(41.9, -87.6)] });
    expect(await hintOf(auckland)).toBe('oc');
    expect(await hintOf(await enrolled({ gateways: [gateway(-36.8, 174.8)], locationHint: 'weur' }))).toBe('weur');
    expect(await hintOf(await enrolled({}))).toBeNull();
    const { gateways } = await harbour.operator<Shown>('GET', `/clients/${auckland}/gateways`);
    // From Sydney, where the object is thought to be.
    expect(gateways[0]?.reasons).toContainEqual(expect.stringMatching(/^about 14\d{3} km away$/));
  });
});

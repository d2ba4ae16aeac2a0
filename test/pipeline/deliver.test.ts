/** One message, two servers, and not always time for both. */
import { expect, it } from 'vitest';
import { type ClientSnapshot, DEFAULT_CHOICE, type Peer as Gateway } from '../../src/core/client.ts';
import type { ClientId } from '../../src/core/ids.ts';
import { type Delivery, type Dialling, deliver } from '../../src/pipeline/deliver.ts';
import { createStandings, type Gateways } from '../../src/pipeline/standings.ts';
import { brief, EMPTY, ENVELOPE, MESSAGE, open } from '../smtp/session-fixture.ts';
import { type Behaviour, replyAt } from '../support/behaviour.ts';
import { type Peer, startPeer } from '../support/peer.ts';

const IN_TROUBLE = replyAt('mail', '451 4.3.2 System not accepting messages');
const ALWAYS: Dialling['mayTry'] = () => true;
const NEVER: Dialling['mayTry'] = () => false;

type Stage = {
  readonly peers: readonly Peer[];
  readonly gateways: Gateways;
  readonly give: (mayTry?: Dialling['mayTry']) => Promise<Delivery>;
};

async function stage(...behaviours: readonly Behaviour[]): Promise<Stage> {
  const peers = await Promise.all(behaviours.map((behaviour) => startPeer(behaviour)));
  const gateways = gatewaysOf(peers.map(({ host, port }) => ({ host, port, tls: 'none' })));
  const dial: Dialling['dial'] = async (gateway) => {
    const peer = peers.find(({ port }) => port === gateway.port);
    if (peer === undefined) throw new Error('bad test');
    return open(peer);
  };
  const parcel = { envelope: ENVELOPE, content: async () => ({ head: EMPTY, body: MESSAGE }) };
  return { peers, gateways, give: (mayTry = ALWAYS) => deliver(parcel, gateways, { dial, mayTry }) };
}

function gatewaysOf(gateways: readonly Gateway[]): Gateways {
  const snapshot: Pick<ClientSnapshot, 'clientId' | 'gateways' | 'choice'> = {
    clientId: 'harbour' as ClientId,
    gateways,
    choice: DEFAULT_CHOICE,
  };
  return createStandings().gateways(snapshot, { now: () => Date.UTC(2030, 0, 1), place: undefined });
}

it('all have failed: what the last one said is the outcome', async () => {
  const { give, gateways } = await stage(
    replyAt('banner', '421 4.3.2 Closing'),
    replyAt('rcpt', '451 4.3.0 No directory'),
  );
  const { outcome, asked } = await give();
  expect([brief(outcome), asked]).toEqual(['deferred rcpt 451', 'enough']);
  expect(gateways.isNextFailing()).toBe(true);
});

it('the time is up before the second was asked: that is said, for it is no evidence about the client', async () => {
  const { give, gateways, peers } = await stage(IN_TROUBLE, {});
  const { outcome, asked } = await give(NEVER);
  expect([brief(outcome), asked]).toEqual(['deferred mail 451', 'some']);
  expect(await peers[1]?.connections()).toBe(0);
  expect(gateways.isNextFailing()).toBe(false);
});

it('a client with one gateway has asked them all', async () => {
  const { give } = await stage(IN_TROUBLE);
  const { outcome, asked } = await give(NEVER);
  expect([brief(outcome), asked]).toEqual(['deferred mail 451', 'enough']);
});

it('one that answered is remembered with its round trip, and one that failed goes behind it', async () => {
  const { give, gateways, peers } = await stage(IN_TROUBLE, {});
  expect(brief((await give()).outcome)).toBe('delivered 250');
  const [best, last] = gateways.choices();
  expect(best).toMatchObject({ peer: { port: peers[1]?.port }, standing: { failures: 0 } });
  expect(best?.standing.roundTripMs).toBeGreaterThanOrEqual(0);
  expect(last).toMatchObject({ peer: { port: peers[0]?.port }, turn: 'failing', standing: { failures: 1 } });
});

it('a server that is slow to answer EHLO has a longer round trip than one that is not', async () => {
  const { give, gateways } = await stage({ rules: [{ stage: 'ehlo', action: { kind: 'delay', ms: 150 } }] });
  await give();
  expect(gateways.choices()[0]?.standing.roundTripMs).toBeGreaterThanOrEqual(140);
});

it('a client without a gateway gets its mail deferred, not lost', async () => {
  const { give } = await stage();
  expect(await give()).toMatchObject({ outcome: { kind: 'deferred' }, peer: 'none', asked: 'enough' });
});

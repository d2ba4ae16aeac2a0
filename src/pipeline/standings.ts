/**
 * What is remembered of gateways where mail is handed over: at the edge in each isolate, and in each client object. In memory is enough:
 * it decides only who is asked first, and whoever has forgotten it learns it again from the next message or probe.
 */
import type { ClientSnapshot, Peer } from '../core/client.ts';
import { type Choice, choose, isFailing, type Vantage } from '../core/gateway-choice.ts';
import type { ClientId } from '../core/ids.ts';
import type { Place } from '../core/place.ts';
import { after, type Dealing, type Standing, UNKNOWN_STANDING } from '../core/standing.ts';

/** One client's gateways, as a delivery goes through them. */
export type Gateways = {
  /** to be tried in this order, now */
  choices(): readonly Choice[];
  dealt(peer: Peer, dealing: Dealing): void;
  /** the one that would be tried next has failed lately as well: then it is the client's trouble, and not one server's */
  isNextFailing(): boolean;
  /** a connection to it is better ended: it is full, or failing, and another has room */
  isBetterLeft(peer: Peer): boolean;
  vantage(): Vantage;
};

/** Of a client's configuration what the choice goes by. */
type Chosen = Pick<ClientSnapshot, 'clientId' | 'gateways' | 'choice'>;

export type Standings = {
  gateways(client: Chosen, where: { readonly now: () => number; readonly place: Place | undefined }): Gateways;
};

// An isolate serves every client; what is forgotten costs one attempt in the configured order.
const MAX_STANDINGS = 5_000;

export function createStandings(): Standings {
  const known = new Map<string, Standing>();
  const of = (clientId: ClientId, peer: Peer) => known.get(keyOf(clientId, peer)) ?? UNKNOWN_STANDING;
  return {
    gateways({ clientId, gateways, choice }, { now, place }) {
      const vantage = () => ({ at: now(), place });
      const choices = () => {
        const candidates = gateways.map((peer) => ({ peer, standing: of(clientId, peer) }));
        return choose(candidates, choice, vantage());
      };
      return {
        choices,
        dealt(peer, dealing) {
          const standing = after(of(clientId, peer), dealing, now());
          known.delete(keyOf(clientId, peer));
          known.set(keyOf(clientId, peer), standing);
          if (known.size > MAX_STANDINGS) known.delete(known.keys().next().value ?? '');
        },
        isNextFailing() {
          const [next] = choices();
          return next === undefined || isFailing(next.standing, now());
        },
        isBetterLeft(peer) {
          const ordered = choices();
          return ordered[0]?.turn === 'open' && ordered.find((one) => one.peer === peer)?.turn !== 'open';
        },
        vantage,
      };
    },
  };
}

/** Per client, though two may share a server: one must not learn from the other's order what the other's mail does (P8). */
function keyOf(clientId: ClientId, { host, port }: Peer): string {
  return `${clientId} ${host}:${port}`;
}

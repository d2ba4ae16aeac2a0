/** Has this message been through here before? Then the gateway sends back to us what we give it, and would for ever. */
import type { ClientId } from '../core/ids.ts';
import type { HeaderFacts } from './facts.ts';

// Postfix's hopcount_limit. A loop that strips or renames our trace (two services forwarding to each other) is found by its length;
// honest mail has below 20 (RFC 5321 §6.3 asks for a limit of at least 100 where nothing else is looked at; we also look at traces).
const MAX_RECEIVED = 50;
// Mail may honestly pass a client's gateway more than once: a forward to a list outside on which a colleague stands. A loop does not stop.
const MAX_PASSES = 3;

/**
 * A forged trace can only hold up the forger's own message: what loops is kept and shown, not destroyed. Our trace for another
 * client is no loop: mail between two clients passes us twice.
 */
export function isLoop(headers: Pick<HeaderFacts, 'traces' | 'receivedCount'>, clientId: ClientId): boolean {
  const passes = headers.traces.filter((trace) => trace.startsWith(`${clientId}/`)).length;
  return headers.receivedCount > MAX_RECEIVED || passes > MAX_PASSES;
}

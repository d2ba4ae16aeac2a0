/** What other resolvers say of a host name, and what follows from several of them. Pure. */
import { peerProblem } from './peer-host.ts';

/** `failed`: it answered that it could not, or not in time. `silent`: it could not be asked, so it has said nothing. */
export type Resolution =
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  | { readonly kind: 'no-such-host' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'silent' };

/**
 * One that finds the host is right, whatever the others say. Not to be found needs every one of them that spoke, or it is a failure;
 * and when none spoke, nothing was learned: most likely it is we who reach nobody.
 */
export function agreed(resolutions: readonly Resolution[]): Resolution {
  const found = resolutions.find(({ kind }) => kind === 'addresses');
  if (found !== undefined) return found;
  const spoken = resolutions.filter(({ kind }) => kind !== 'silent');
  if (spoken.length === 0) return { kind: 'silent' };
  return spoken.every(({ kind }) => kind === 'no-such-host') ? { kind: 'no-such-host' } : { kind: 'failed' };
}

/** Addresses need no resolver, and of private names public resolvers know nothing: "no such host" would be a wrong answer. */
export function isPublicName(host: string): boolean {
  const isAddress = host.includes(':') || /^[\d.]+$/.test(host);
  return !isAddress && peerProblem(host, 0, { allowPrivate: false }) === undefined;
}

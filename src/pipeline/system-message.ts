/** Is a message one by which the client itself says what has happened (R11)? Only the hash of the token is known here. Pure. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Address, ReversePath } from '../core/address.ts';
import type { ClientSnapshot } from '../core/client.ts';
import type { ClientId } from '../core/ids.ts';
import { readSystemAddress, type SystemMeaning } from '../core/system-address.ts';
import type { ContentFacts, HeaderFacts } from '../mime/facts.ts';

export function systemTokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Undefined for ordinary mail, and that is what a wrong token is: the gateway says that it knows no such person. */
export function systemMeaning(
  recipient: Address,
  snapshot: Pick<ClientSnapshot, 'systemTokenHash'>,
): SystemMeaning | undefined {
  const named = readSystemAddress(recipient);
  if (named === undefined || snapshot.systemTokenHash === undefined) return undefined;
  return isSame(systemTokenHash(named.token), snapshot.systemTokenHash) ? named.kind : undefined;
}

/**
 * Why a message to a system address declares nothing, though its token is right: nobody wrote it there to say so. The address gets
 * about with a reply to all, a forward rule, or a notice sent to where it should not go; a machine that answers knows of no failure.
 */
export function whyNoDeclaration(
  headers: Pick<HeaderFacts, 'messageId' | 'isReply' | 'isAutomatic' | 'traces'>,
  { reversePath, clientId, serviceHost }: Came,
): string | undefined {
  if (headers.messageId?.toLowerCase().endsWith(`@${serviceHost.toLowerCase()}>`)) return 'a notice of ours';
  if (headers.traces.some((trace) => trace.startsWith(`${clientId}/`))) return 'mail that has been through here';
  if (reversePath === '') return 'mail with the null reverse path';
  if (headers.isAutomatic) return 'automatic mail';
  return headers.isReply ? 'an answer to other mail' : undefined;
}

type Came = { readonly reversePath: ReversePath; readonly clientId: ClientId; readonly serviceHost: string };

// The longest a sender's queue keeps a message (RFC 5321 §4.5.4.1): after that its own retry cannot come any more.
const RETRY_MS = 5 * 86_400_000;
// Without a Message-ID a script's next word is the same bytes as its last one: it is taken for a retry only while most retries come.
const NAMELESS_RETRY_MS = 6 * 3_600_000;

/** Equal for a sender's own retry, for so long. */
export function retryOf({ headers, retryHash }: Pick<ContentFacts, 'headers' | 'retryHash'>, recipient: Address) {
  const knownForMs = headers.messageId === undefined ? NAMELESS_RETRY_MS : RETRY_MS;
  return { retryKey: `${retryHash} ${recipient.key}`, knownForMs };
}

/** In constant time: how long a comparison takes must not tell how much of the token was right. */
function isSame(given: string, kept: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(kept)];
  return one.byteLength === other.byteLength && timingSafeEqual(one, other);
}

/**
 * Tokens of one-click links prove themselves: behind the random part stands a MAC over it and the client. Without it anybody could
 * start the object of any name with a made-up address, and pay for none of it. What a token may do is decided in the object.
 */
import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ClientId } from '../core/ids.ts';

export type LinkTokens = {
  readonly newLinkToken: (clientId: ClientId) => string;
  /** made here for that client, however long ago */
  readonly isLinkToken: (clientId: ClientId, token: string) => boolean;
};

// The random part is the key and cannot be guessed; the MAC only keeps strangers from the door. Together they fill 48 letters.
const RANDOM_BYTES = 24;
const MAC_BYTES = 12;
const TOKEN = /^[\w-]{48}$/;

export function createLinkTokens(secret: string): LinkTokens {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'breakwater link tokens', 32));
  const mac = (clientId: ClientId, random: Uint8Array) =>
    createHmac('sha256', key).update(`${clientId}/`).update(random).digest().subarray(0, MAC_BYTES);
  return {
    newLinkToken(clientId) {
      const random = randomBytes(RANDOM_BYTES);
      return Buffer.concat([random, mac(clientId, random)]).toString('base64url');
    },
    isLinkToken(clientId, token) {
      if (!TOKEN.test(token)) return false;
      const bytes = Buffer.from(token, 'base64url');
      return timingSafeEqual(bytes.subarray(RANDOM_BYTES), mac(clientId, bytes.subarray(0, RANDOM_BYTES)));
    },
  };
}

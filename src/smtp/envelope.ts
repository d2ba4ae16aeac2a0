/**
 * The parameters of MAIL and RCPT: SIZE, BODY, NOTIFY, ORCPT, each only for peers that offer it. nodemailer looks too, but takes the
 * greeting of `mail-dsn.example` for an offer, and a parameter that was not offered is refused (RFC 5321 §4.1.1.11). Pure.
 */
import type { Reply } from '../core/reply.ts';
import type { Envelope, Outgoing } from './session-types.ts';

/** As nodemailer reads it. */
export type SmtpEnvelope = {
  readonly from: string;
  readonly to: string[];
  readonly use8BitMime: boolean;
  readonly size?: number;
  readonly dsn?: { readonly notify?: 'NEVER'; readonly orcpt?: string };
};

/** What the peer said to EHLO. */
export type PeerOffers = {
  readonly sizeLimitBytes: number | undefined;
  offers(extension: string): boolean;
};

type ContentSize = { readonly headBytes: number; readonly bodyBytes: number };

/** Undefined for a stream of which nobody knows. */
function sizeOf({ bodyBytes }: Envelope, { head, body }: Outgoing): ContentSize | undefined {
  const known = body instanceof Uint8Array ? body.byteLength : bodyBytes;
  return known === undefined ? undefined : { headBytes: head.byteLength, bodyBytes: known };
}

/**
 * What the server would say after 25 MiB, said before them (RFC 1870 §7: a client may compare and stop), with its own figure. The headers that
 * we prepend are no reason: what they alone make too large is for the server to judge.
 */
export function tooLargeFor(limitBytes: number | undefined, envelope: Envelope, outgoing: Outgoing): Reply | undefined {
  const size = sizeOf(envelope, outgoing);
  if (limitBytes === undefined || size === undefined || size.bodyBytes <= limitBytes) return undefined;
  const text = `Message of ${size.bodyBytes} bytes is too large: the server offers SIZE ${limitBytes}, so it was not sent`;
  return { code: 552, enhanced: '5.3.4', text };
}

export function smtpEnvelopeOf(envelope: Envelope, outgoing: Outgoing, peer: PeerOffers): SmtpEnvelope {
  const size = sizeOf(envelope, outgoing);
  const total = size === undefined ? undefined : size.headBytes + size.bodyBytes;
  // nodemailer would refuse in its own words what is larger than the limit.
  const isDeclared = peer.offers('SIZE') && (peer.sizeLimitBytes === undefined || (total ?? 0) <= peer.sizeLimitBytes);
  const dsn = peer.offers('DSN') ? dsnOf(envelope) : undefined;
  return {
    from: envelope.reversePath,
    to: [envelope.recipient.text],
    use8BitMime: peer.offers('8BITMIME') && isEightBit(outgoing),
    ...(total === undefined || !isDeclared ? {} : { size: total }),
    ...(dsn === undefined ? {} : { dsn }),
  };
}

/** RFC 6152. Of a stream nobody knows, so it is told. */
function isEightBit({ head, body }: Outgoing): boolean {
  return !(body instanceof Uint8Array) || [head, body].some((bytes) => bytes.some((byte) => byte > 0x7f));
}

function dsnOf({ notification }: Envelope): SmtpEnvelope['dsn'] {
  switch (notification?.kind) {
    case undefined:
      return undefined;
    case 'never':
      return { notify: 'NEVER' };
    case 'original-recipient':
      // RFC 3461 §4.2 knows ASCII addresses only; RFC 6533 has another type for the others, which few servers take.
      return /\P{ASCII}/u.test(notification.address) ? undefined : { orcpt: `rfc822;${notification.address}` };
  }
}

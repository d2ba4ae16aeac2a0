/** The parameters of MAIL and RCPT, each only for peers that offer it (nodemailer looks): SIZE, BODY, NOTIFY, ORCPT. Pure. */
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

export type ContentSize = { readonly headBytes: number; readonly bodyBytes: number };

/** Undefined for a stream of which nobody knows. */
export function sizeOf({ bodyBytes }: Envelope, { head, body }: Outgoing): ContentSize | undefined {
  const known = body instanceof Uint8Array ? body.byteLength : bodyBytes;
  return known === undefined ? undefined : { headBytes: head.byteLength, bodyBytes: known };
}

/**
 * What the server would say after 25 MiB, said before them (RFC 1870 §7: a client may compare and stop), with its own figure. The headers that
 * we prepend are no reason: what they alone make too large is for the server to judge.
 */
export function tooLargeFor(limitBytes: number | undefined, size: ContentSize | undefined): Reply | undefined {
  if (limitBytes === undefined || size === undefined || size.bodyBytes <= limitBytes) return undefined;
  const text = `Message of ${size.bodyBytes} bytes is too large: the server offers SIZE ${limitBytes}, so it was not sent`;
  return { code: 552, enhanced: '5.3.4', text };
}

export function smtpEnvelopeOf(
  envelope: Envelope,
  { head, body }: Outgoing,
  { size, limit }: { readonly size: ContentSize | undefined; readonly limit: number | undefined },
): SmtpEnvelope {
  const total = size === undefined ? undefined : size.headBytes + size.bodyBytes;
  const dsn = dsnOf(envelope);
  return {
    from: envelope.reversePath,
    to: [envelope.recipient.text],
    use8BitMime: isEightBit(head) || !(body instanceof Uint8Array) || isEightBit(body),
    // nodemailer would refuse in its own words what is larger than the limit.
    ...(total === undefined || (limit !== undefined && total > limit) ? {} : { size: total }),
    ...(dsn === undefined ? {} : { dsn }),
  };
}

/** RFC 6152: of a stream nobody knows, so it is told. */
function isEightBit(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte > 0x7f);
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

/** Content-Transfer-Encoding (RFC 2045 §6), as the bytes stream by. Lenient: what is not of the encoding is passed over, never an error. */

export type TransferDecoder = {
  /** what could be decoded so far; valid until the next call */
  write(encoded: Uint8Array): Uint8Array;
  /** what was waiting for more */
  end(): Uint8Array;
};

/** `name` as in the header; anything but base64 and quoted-printable is the identity (7bit, 8bit, binary, and what nobody knows). */
export function transferDecoder(name: string): TransferDecoder {
  switch (name) {
    case 'base64':
      return new Base64Decoder();
    case 'quoted-printable':
      return new QuotedPrintableDecoder();
    default:
      return IDENTITY;
  }
}

/** RFC 2045 §6: whether the bytes of the part stand in the message as they are. */
export function isIdentity(name: string): boolean {
  return name !== 'base64' && name !== 'quoted-printable';
}

/** All of it at once. */
export function decodeTransfer(bytes: Uint8Array, name: string): Uint8Array {
  const decoder = transferDecoder(name);
  return Buffer.concat([decoder.write(bytes), decoder.end()]);
}

const NOTHING = new Uint8Array();
const IDENTITY: TransferDecoder = { write: (encoded) => encoded, end: () => NOTHING };

const EQUALS = 0x3d;
const LF = 0x0a;
const CR = 0x0d;

// Both alphabets of RFC 4648; 64: passed over.
const SEXTETS = new Uint8Array(256).fill(64);
const ALPHABET = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 'latin1');
for (const [sextet, character] of ALPHABET.entries()) SEXTETS[character] = sextet;
SEXTETS[0x2d] = 62;
SEXTETS[0x5f] = 63;

/** Padding ends a run and the next begins: some programs pad every line. */
class Base64Decoder implements TransferDecoder {
  #out = NOTHING;
  #bits = 0;
  #sextets = 0;

  write(encoded: Uint8Array): Uint8Array {
    const room = Math.ceil(encoded.length / 4) * 3 + 3;
    if (this.#out.length < room) this.#out = new Uint8Array(room);
    const out = this.#out;
    let bits = this.#bits;
    let sextets = this.#sextets;
    let length = 0;
    for (let at = 0; at < encoded.length; at += 1) {
      const byte = encoded[at] ?? 0;
      const sextet = SEXTETS[byte] ?? 64;
      if (sextet === 64) {
        if (byte !== EQUALS) continue;
        length = flush(out, length, bits, sextets);
        sextets = 0;
        continue;
      }
      bits = (bits << 6) | sextet;
      sextets += 1;
      if (sextets < 4) continue;
      out[length] = (bits >> 16) & 0xff;
      out[length + 1] = (bits >> 8) & 0xff;
      out[length + 2] = bits & 0xff;
      length += 3;
      sextets = 0;
    }
    this.#bits = bits;
    this.#sextets = sextets;
    return out.subarray(0, length);
  }

  end(): Uint8Array {
    const out = new Uint8Array(2);
    return out.subarray(0, flush(out, 0, this.#bits, this.#sextets));
  }
}

/** Two sextets make one byte, three make two, one is nothing. */
function flush(out: Uint8Array, length: number, bits: number, sextets: number): number {
  if (sextets < 2) return length;
  out[length] = sextets === 2 ? (bits >> 4) & 0xff : (bits >> 10) & 0xff;
  if (sextets === 2) return length + 1;
  out[length + 1] = (bits >> 2) & 0xff;
  return length + 2;
}

// `=` and the blanks a server may have put before the end of its line (RFC 2045 §6.7 (3)).
const MAX_WAITING = 78;

class QuotedPrintableDecoder implements TransferDecoder {
  #waiting = NOTHING;

  write(encoded: Uint8Array): Uint8Array {
    const bytes = this.#waiting.length === 0 ? encoded : Buffer.concat([this.#waiting, encoded]);
    const { decoded, read } = decodeQuotedPrintable(bytes, 'more-may-come');
    this.#waiting = bytes.slice(read);
    return decoded;
  }

  end(): Uint8Array {
    return decodeQuotedPrintable(this.#waiting, 'complete').decoded;
  }
}

type Decoded = { readonly decoded: Uint8Array; readonly read: number };

function decodeQuotedPrintable(bytes: Uint8Array, whole: 'complete' | 'more-may-come'): Decoded {
  const decoded = new Uint8Array(bytes.length);
  let length = 0;
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    at += 1;
    if (byte !== EQUALS) {
      decoded[length++] = byte;
      continue;
    }
    const softBreak = softBreakEnd(bytes, at);
    if (softBreak === undefined && whole === 'more-may-come')
      return { decoded: decoded.subarray(0, length), read: at - 1 };
    if (softBreak !== undefined && softBreak > at) {
      at = softBreak;
      continue;
    }
    const value = hexPair(bytes, at);
    decoded[length++] = value ?? EQUALS;
    if (value !== undefined) at += 2;
  }
  return { decoded: decoded.subarray(0, length), read: bytes.length };
}

/** Where the next line begins; `at` when this is no soft break; undefined when the bytes end before that is known. */
function softBreakEnd(bytes: Uint8Array, at: number): number | undefined {
  const limit = Math.min(bytes.length, at + MAX_WAITING);
  let end = at;
  while (end < limit && (bytes[end] === 0x20 || bytes[end] === 0x09)) end += 1;
  if (bytes[end] === LF) return end + 1;
  if (bytes[end] === CR && bytes[end + 1] === LF) return end + 2;
  const isKnown =
    end < bytes.length && (bytes[end] !== CR || end + 1 < bytes.length) && (end > at || at + 1 < bytes.length);
  return isKnown || end - at >= MAX_WAITING ? at : undefined;
}

function hexPair(bytes: Uint8Array, at: number): number | undefined {
  const high = hexDigit(bytes[at]);
  const low = hexDigit(bytes[at + 1]);
  return high === undefined || low === undefined ? undefined : high * 16 + low;
}

function hexDigit(byte = 0): number | undefined {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined;
}

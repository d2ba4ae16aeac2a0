/** Content-Transfer-Encoding (RFC 2045 §6) of the start of a part. Lenient: what is not of the encoding is passed over, never an error. */

/** `name` as in the header; anything but base64 and quoted-printable is the identity (7bit, 8bit, binary, and what nobody knows). */
export function decodeTransfer(bytes: Uint8Array, name: string): Uint8Array {
  switch (name) {
    case 'base64':
      return decodeBase64(bytes);
    case 'quoted-printable':
      return decodeQuotedPrintable(bytes);
    default:
      return bytes;
  }
}

/** RFC 2045 §6: whether the bytes of the part stand in the message as they are. */
export function isIdentity(name: string): boolean {
  return name !== 'base64' && name !== 'quoted-printable';
}

/** Node's own decoder skips what is not of the alphabet, but stops at the first padding: some programs pad every line. */
function decodeBase64(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return Buffer.concat(text.split(/=+/).map((run: string) => Buffer.from(run, 'base64')));
}

const EQUALS = 0x3d;
const LF = 0x0a;
const CR = 0x0d;

function decodeQuotedPrintable(bytes: Uint8Array): Uint8Array {
  const decoded = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte !== EQUALS) {
      decoded[length++] = byte;
      continue;
    }
    const softBreak = softBreakLength(bytes, at + 1);
    if (softBreak > 0) {
      at += softBreak;
      continue;
    }
    const value = hexPair(bytes, at + 1);
    decoded[length++] = value ?? EQUALS;
    if (value !== undefined) at += 2;
  }
  return decoded.subarray(0, length);
}

function softBreakLength(bytes: Uint8Array, at: number): number {
  if (bytes[at] === LF) return 1;
  return bytes[at] === CR && bytes[at + 1] === LF ? 2 : 0;
}

function hexPair(bytes: Uint8Array, at: number): number | undefined {
  const text = String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0);
  return /^[0-9A-Fa-f]{2}$/.test(text) ? Number.parseInt(text, 16) : undefined;
}

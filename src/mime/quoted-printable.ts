/** Bytes of any kind as lines that any server carries (RFC 2045 §6.7), and whether they need that. */

// RFC 2045 §6.7 (5): an encoded line has 76 characters with the `=` of its soft break.
const MAX_LINE = 75;
// RFC 5322 §2.1.1
const MAX_PLAIN_LINE = 998;

/** Printable ASCII and tabs in lines of no great length: nothing to encode. */
export function isPlain(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString('latin1');
  return (
    /^[\t\n\r\x20-\x7e]*$/.test(text) &&
    linesOf(text).every((line) => line.length <= MAX_PLAIN_LINE && !/\r/.test(line))
  );
}

export function withCrlf(bytes: Uint8Array): string {
  return linesOf(Buffer.from(bytes).toString('latin1')).join('\r\n');
}

/** Line ends stay line ends, as CRLF; a bare CR is encoded. The result is ASCII. */
export function quotedPrintable(bytes: Uint8Array): string {
  return linesOf(Buffer.from(bytes).toString('latin1')).map(encodedLine).join('\r\n');
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/);
}

function encodedLine(line: string): string {
  const out: string[] = [];
  let current = '';
  for (let at = 0; at < line.length; at += 1) {
    const piece = encodedByte(line.charCodeAt(at), at === line.length - 1);
    if (current.length + piece.length > MAX_LINE) {
      out.push(`${current}=`);
      current = '';
    }
    current += piece;
  }
  return [...out, current].join('\r\n');
}

/** White space at the end of a line does not survive every server. */
function encodedByte(byte: number, isLast: boolean): string {
  const isWhite = byte === 0x20 || byte === 0x09;
  const isPrintable = byte > 0x20 && byte < 0x7f && byte !== 0x3d;
  if (isPrintable || (isWhite && !isLast)) return String.fromCharCode(byte);
  return `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Text for a header of ours: as it is when ASCII, else as encoded words (RFC 2047 §2), folded, no character cut in two. */

// An encoded word is at most 75 characters: 12 of frame leave 63, which is 45 bytes in base64.
const MAX_WORD_BYTES = 45;

export function encodeHeaderText(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text) && !text.includes('=?') && text.length <= MAX_WORD_BYTES) return text;
  return chunks(text)
    .map((chunk) => `=?utf-8?B?${Buffer.from(chunk, 'utf8').toString('base64')}?=`)
    .join('\r\n ');
}

function chunks(text: string): readonly string[] {
  const found: string[] = [];
  let chunk = '';
  for (const character of text) {
    if (chunk !== '' && Buffer.byteLength(chunk + character) > MAX_WORD_BYTES) {
      found.push(chunk);
      chunk = '';
    }
    chunk += character;
  }
  return [...found, chunk];
}

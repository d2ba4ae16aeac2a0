/** The header fields of a message as they stand there, found at once in text that holds them (one character per byte). */

// CRLF, a bare CR and a bare LF each end a line, as for whoever verifies or signs (smtp-lines.ts).
const EMPTY_LINE = /(?:^|\r\n|\r(?!\n)|\n)(?:\r\n|\r(?!\n)|\n)/;

/** undefined when the header goes on behind it */
export function headerOf(text: string): string | undefined {
  const end = EMPTY_LINE.exec(text)?.index;
  return end === undefined ? undefined : text.slice(0, end);
}

/** From the top, folds and all, without the last line end. */
export function rawFields(header: string): readonly string[] {
  return header
    .replaceAll(/\r\n?/g, '\n')
    .replace(/\n+$/, '')
    .split(/\n(?![ \t])/)
    .filter((field) => field !== '')
    .map((field) => field.replaceAll('\n', '\r\n'));
}

/** Messages of a given size; each with a number, because one that comes again is taken for a retry. */
const LINE = `${'Quay 7 asks for the figures of last week. '.repeat(2).slice(0, 74)}\r\n`;

export function contentOf(number: number, sizeBytes: number): string {
  const head = [
    'From: Bench <bench@world.example>',
    'To: <anna@harbour.example>',
    `Subject: Message ${number}`,
    `Message-ID: <bench-${process.pid}-${number}@world.example>`,
    'Date: Mon, 02 Nov 2026 09:00:00 +0000',
    '',
    '',
  ].join('\r\n');
  const body = Math.max(2, sizeBytes - head.length);
  return `${head}${LINE.repeat(Math.ceil(body / LINE.length)).slice(0, body - 2)}\r\n`;
}

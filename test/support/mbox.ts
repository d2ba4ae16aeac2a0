/** An mbox as a reader of its own: every byte of every message, as src/mime/mbox.ts promises. */
export type ReadMessage = { readonly from: string; readonly content: Uint8Array };

export function readMbox(file: Uint8Array): readonly ReadMessage[] {
  const text = Buffer.from(file).toString('latin1');
  return text.split(/(?<=^|\n)(?=From )/).flatMap((part: string) => {
    if (part === '') return [];
    const lineEnd = part.indexOf('\n');
    const rest = part.slice(lineEnd + 1);
    const content = rest.endsWith('\n\r\n') ? rest.slice(0, -3) : rest.slice(0, -1);
    return [
      {
        from: Buffer.from(part.slice('From '.length, lineEnd), 'latin1').toString('utf8'),
        content: Buffer.from(content.replace(/(?<=^|\n)>(?=>*From )/g, ''), 'latin1'),
      },
    ];
  });
}

/** Messages for stories: small, CRLF, each with its own Message-ID. */

let written = 0;

export type Written = {
  readonly subject?: string;
  readonly from?: string;
  readonly to?: string;
  readonly body?: string;
  readonly messageId?: string;
};

export function write(mail: Written = {}): string {
  written += 1;
  return [
    `Message-ID: ${mail.messageId ?? `<${written}.${crypto.randomUUID()}@world.example>`}`,
    'Date: Mon, 23 Nov 2026 10:00:00 +0000',
    `From: ${mail.from ?? 'Sender <sender@world.example>'}`,
    `To: ${mail.to ?? 'anna@harbour.example'}`,
    `Subject: ${mail.subject ?? `message ${written}`}`,
    '',
    mail.body ?? 'Good morning.\r\nThe tide is at nine.',
    '',
  ].join('\r\n');
}

// Ours end with our trace; of the others only these stand before it.
const OURS = /^(?:ARC-[\w-]+|Authentication-Results|Received|X-Breakwater-[\w-]+):[^\r]*\r\n(?:[ \t][^\r]*\r\n)*/;

/** What a gateway got, behind the headers we prepend: up to our trace, which stands next to the message. */
export function withoutTrace(content: Uint8Array): Uint8Array {
  const text = Buffer.from(content).toString('latin1');
  let rest = text;
  for (let field = OURS.exec(rest)?.[0]; field !== undefined; field = OURS.exec(rest)?.[0]) {
    rest = rest.slice(field.length);
    if (field.startsWith('X-Breakwater-Trace:')) return Buffer.from(rest, 'latin1');
  }
  return content;
}

export function textOf(content: Uint8Array): string {
  return Buffer.from(content).toString('latin1');
}

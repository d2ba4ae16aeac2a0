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

/** What a gateway got, behind the headers we prepend: our Received with its continuation lines, and our X- fields. */
export function withoutTrace(content: Uint8Array): Uint8Array {
  const text = Buffer.from(content).toString('latin1');
  const head = /^(?:Received: [^\r]*\r\n(?:[ \t][^\r]*\r\n)*|X-Breakwater-[\w-]+:[^\r]*\r\n(?:[ \t][^\r]*\r\n)*)/;
  let rest = text;
  // Our block is one Received and then X- fields: a second Received is the sender's own.
  for (let match = head.exec(rest), fields = 0; match !== null; match = head.exec(rest), fields += 1) {
    if (fields > 0 && match[0].startsWith('Received:')) break;
    rest = rest.slice(match[0].length);
  }
  return Buffer.from(rest, 'latin1');
}

export function textOf(content: Uint8Array): string {
  return Buffer.from(content).toString('latin1');
}

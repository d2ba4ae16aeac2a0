/** The mail of the drill: ordinary and awkward, each one known by its Message-ID and the hash of its bytes. */
import { createHash } from 'node:crypto';

export type DrillMessage = {
  readonly messageId: string;
  readonly mailFrom: string;
  readonly recipient: string;
  readonly subject: string;
  readonly content: Buffer;
  /** hex SHA-256 of `content` */
  readonly sha256: string;
};

const CRLF = '\r\n';
// Above the megabyte up to which the Worker holds a message in memory: it goes by way of R2.
const LARGE_BYTES = 1_500_000;

/** Every kind in turn; only the first round has the large one, so that many messages are not many megabytes. */
export function drillMessages(count: number, recipients: readonly string[]): readonly DrillMessage[] {
  return Array.from({ length: count }, (_, index) => {
    const kind = KINDS[index % KINDS.length] ?? plain;
    const recipient = recipients[index % recipients.length] ?? '';
    return message(index, recipient, kind === large && index >= KINDS.length ? plain : kind);
  });
}

type Kind = (index: number) => {
  readonly headers?: readonly string[];
  readonly body: Buffer;
  readonly mailFrom?: string;
};

const plain: Kind = (index) => ({ body: text(`This is message ${index + 1}.`) });

const dots: Kind = () => ({ body: text(['.', '..', '.hidden', 'end.', '', '.'].join(CRLF)) });

/** Bytes that are no UTF-8 and that no header announces. */
const latin1: Kind = () => ({ body: Buffer.from(`Grüße aus dem Büro, 100 £${CRLF}`, 'latin1') });

const bounce: Kind = (index) => ({
  mailFrom: '',
  headers: ['Auto-Submitted: auto-replied'],
  body: text(`Your message ${index + 1} could not be delivered to somebody else.`),
});

const longLines: Kind = () => ({ body: text(`${'x'.repeat(998)}${CRLF}${'y'.repeat(998)}`) });

const attachment: Kind = (index) => {
  const boundary = `edge-${index}`;
  const file = Buffer.alloc(60_000, `row ${index};`).toString('base64').replace(/.{76}/g, `$&${CRLF}`);
  const parts = [
    `--${boundary}`,
    'Content-Type: text/html; charset=utf-8',
    '',
    '<p>The <b>figures</b> are attached.</p>',
    `--${boundary}`,
    'Content-Type: application/octet-stream',
    'Content-Transfer-Encoding: base64',
    'Content-Disposition: attachment; filename="figures.bin"',
    '',
    file,
    `--${boundary}--`,
  ];
  return {
    headers: ['MIME-Version: 1.0', `Content-Type: multipart/mixed; boundary="${boundary}"`],
    body: text(parts.join(CRLF)),
  };
};

const utf8: Kind = () => ({
  headers: ['MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit'],
  body: text('Καλημέρα, 你好, здравствуйте 👋'),
});

const noBody: Kind = () => ({ body: Buffer.alloc(0) });

const large: Kind = () => ({ body: Buffer.alloc(LARGE_BYTES, `${'0123456789'.repeat(7)}${CRLF}`) });

const KINDS: readonly Kind[] = [plain, attachment, dots, latin1, bounce, longLines, utf8, noBody, large];

function message(index: number, recipient: string, kind: Kind): DrillMessage {
  const { headers = [], body, mailFrom = `sender${index % 7}@world.example` } = kind(index);
  const messageId = `drill-${index + 1}@world.example`;
  const subject = `Drill message ${index + 1}`;
  const head = [
    `From: Sender <${mailFrom === '' ? 'mailer-daemon@world.example' : mailFrom}>`,
    `To: <${recipient}>`,
    `Subject: ${subject}`,
    `Message-ID: <${messageId}>`,
    'Date: Mon, 02 Nov 2026 09:00:00 +0000',
    ...headers,
  ];
  const content = ending(Buffer.concat([text(head.join(CRLF)), Buffer.from(CRLF), body]));
  return {
    messageId,
    mailFrom,
    recipient,
    subject,
    content,
    sha256: createHash('sha256').update(content).digest('hex'),
  };
}

function text(lines: string): Buffer {
  return Buffer.from(`${lines}${CRLF}`);
}

/** SMTP content ends with a line end (RFC 5321 §4.1.1.4): one that does not would come back with one more. */
function ending(content: Buffer): Buffer {
  return content.subarray(-2).toString('latin1') === CRLF ? content : Buffer.concat([content, Buffer.from(CRLF)]);
}

/**
 * Messages as one file, written while it is read: a mailbox in mbox, or a zip of .eml with an index. One message is on its way at a
 * time and the next one is opened meanwhile. What cannot be found is said in its place; a store that fails ends the stream with an
 * error, so that nobody takes half of it for the whole.
 */
import { createHash } from 'node:crypto';
import { csvLine } from '../core/csv.ts';
import type { Marks } from '../core/marks.ts';
import { markFields } from '../mime/mark-fields.ts';
import { fromLine, MboxQuoter } from '../mime/mbox.ts';
import { ZipWriter } from '../mime/zip.ts';
import type { ContentStore } from './contents.ts';

export type ExportFormat = 'mbox' | 'zip';
export type ExportFolder = 'inbox' | 'sent' | 'quarantined';

/** `sender`: `''` for bounces. `state`, `sha256` (hex, as received): where the ledger was asked. */
export type ExportedMessage = {
  readonly id: string;
  readonly folder: ExportFolder;
  readonly receivedAt: number;
  readonly sender: string;
  readonly recipient: string;
  readonly sizeBytes: number;
  readonly contentKey: string;
  readonly state?: string;
  readonly sha256?: string;
  /** what the client's filter has put on it */
  readonly marks?: Marks;
};

export type ExportSource = {
  readonly messages: AsyncIterable<ExportedMessage>;
  readonly contents: Pick<ContentStore, 'get'>;
  /** epoch ms: the date of the index */
  readonly madeAt: number;
};

export function exportBytes(format: ExportFormat, source: ExportSource): AsyncGenerator<Uint8Array> {
  switch (format) {
    case 'mbox':
      return gathered(mboxOf(source));
    case 'zip':
      return gathered(zipOf(source));
  }
}

async function* mboxOf({ messages, contents }: ExportSource): AsyncGenerator<Uint8Array> {
  for await (const { message, body } of opened(messages, contents)) {
    yield fromLine(message);
    const quoter = new MboxQuoter();
    if (body === undefined) yield* quoter.write(inItsPlace(message));
    else {
      // An mbox is read into another server, whose rules go by the marks. Below them is every byte as it was received.
      yield* quoter.write(markFields(message.marks?.headers ?? []));
      for await (const chunk of body) yield* quoter.write(chunk);
    }
    yield* quoter.end();
  }
}

async function* zipOf({ messages, contents, madeAt }: ExportSource): AsyncGenerator<Uint8Array> {
  const zip = new ZipWriter();
  const index = [csvLine(INDEX_COLUMNS)];
  for await (const { message, body } of opened(messages, contents)) {
    if (body === undefined) {
      index.push(indexLine(message, { file: '', sha256: '', problem: NOT_FOUND }));
      continue;
    }
    const file = fileName(message);
    const hash = createHash('sha256');
    zip.begin(file, message.receivedAt);
    for await (const chunk of body) {
      hash.update(chunk);
      yield* zip.write(chunk);
    }
    yield* zip.endFile();
    const sha256 = hash.digest('hex');
    const problem = message.sha256 === undefined || message.sha256 === sha256 ? '' : NOT_AS_RECEIVED;
    index.push(indexLine(message, { file, sha256, problem }));
  }
  zip.begin('index.csv', madeAt);
  yield* zip.write(new TextEncoder().encode(index.join('')));
  yield* zip.endFile();
  yield* zip.end();
}

const NOT_FOUND = 'the content is not in the store';
const NOT_AS_RECEIVED = 'the content is not what was received';

const INDEX_COLUMNS = [
  'file',
  'id',
  'folder',
  'state',
  'receivedAt',
  'sender',
  'recipient',
  'sizeBytes',
  'sha256',
  'problem',
];

type Written = { readonly file: string; readonly sha256: string; readonly problem: string };

function indexLine(message: ExportedMessage, { file, sha256, problem }: Written): string {
  const { id, folder, state = '', sender, recipient, sizeBytes } = message;
  const receivedAt = new Date(message.receivedAt).toISOString();
  return csvLine([file, id, folder, state, receivedAt, sender, recipient, String(sizeBytes), sha256, problem]);
}

/** Made of a time and our own id only: whatever a stranger may choose (a subject, an address) could climb out of a folder. */
function fileName({ folder, receivedAt, id }: ExportedMessage): string {
  const time = new Date(receivedAt).toISOString();
  const stamp = time.slice(0, 19).replace(/[-:]/g, '');
  return `${folder}/${time.slice(0, 4)}/${time.slice(5, 7)}/${stamp}Z-${id.replace(/[^\w-]/g, '_')}.eml`;
}

/** An mbox has no index: the gap is a message. */
function inItsPlace({ id, receivedAt, recipient, sizeBytes, sha256 }: ExportedMessage): Uint8Array {
  const lines = [
    'From: Breakwater <MAILER-DAEMON>',
    `Date: ${new Date(receivedAt).toUTCString().replace('GMT', '+0000')}`,
    'Subject: A message that could not be exported',
    `X-Breakwater-Not-Found: ${id}`,
    '',
    `The message ${id}, received ${new Date(receivedAt).toISOString()} for ${recipient}, stands here without its content:`,
    `${NOT_FOUND}. It had ${sizeBytes} bytes${sha256 === undefined ? '' : ` with the SHA-256 ${sha256}`}.`,
    '',
  ];
  return new TextEncoder().encode(lines.join('\r\n'));
}

type Opened = { readonly message: ExportedMessage; readonly body: ReadableStream<Uint8Array> | undefined };
type Ahead = { readonly kind: 'opened'; readonly opened: Opened | undefined } | { kind: 'failed'; cause: unknown };

/** The next message is opened while this one is read: a store takes its time to answer, and nobody waits for it twice. */
async function* opened(
  messages: AsyncIterable<ExportedMessage>,
  contents: ExportSource['contents'],
): AsyncGenerator<Opened> {
  const rows = messages[Symbol.asyncIterator]();
  const open = async (): Promise<Opened | undefined> => {
    const { done, value: message } = await rows.next();
    return done === true ? undefined : { message, body: await contents.get(message.contentKey) };
  };
  // As a value: a failure that nobody waits for yet is no unhandled one.
  const openAhead = (): Promise<Ahead> =>
    open().then(
      (next) => ({ kind: 'opened', opened: next }),
      (cause: unknown) => ({ kind: 'failed', cause }),
    );
  let ahead = openAhead();
  try {
    for (;;) {
      const next = await ahead;
      if (next.kind === 'failed') throw next.cause;
      if (next.opened === undefined) return;
      ahead = openAhead();
      yield next.opened;
    }
  } finally {
    const left = await ahead;
    if (left.kind === 'opened') await left.opened?.body?.cancel();
    await rows.return?.();
  }
}

const GATHERED_BYTES = 65_536;

/** Many small pieces cost more than their bytes on the way out. */
async function* gathered(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let buffer = new Uint8Array(GATHERED_BYTES);
  let filled = 0;
  for await (const piece of pieces) {
    if (filled > 0 && filled + piece.byteLength > GATHERED_BYTES) {
      yield buffer.subarray(0, filled);
      buffer = new Uint8Array(GATHERED_BYTES);
      filled = 0;
    }
    if (piece.byteLength > GATHERED_BYTES) yield piece;
    else {
      buffer.set(piece, filled);
      filled += piece.byteLength;
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}

/** What a real server has delivered, read back from its Maildirs (RFC 5322 bytes again: Maildir stores bare LF). */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fieldEnd, stripTrace } from '../trace.ts';

export type Delivered = {
  readonly mailbox: string;
  /** '' is the inbox; Maildir++ names: `Sent` */
  readonly folder: string;
  readonly isSeen: boolean;
  /** Postfix's name for it; with long ids these sort by the time of receipt */
  readonly queueId: string;
  /** of our own trace header: one for each row of the spool */
  readonly traceId: string;
  /** the fields Breakwater prepended */
  readonly trace: readonly string[];
  /** hex SHA-256 of what is behind them */
  readonly sha256: string;
  readonly raw: Buffer;
};

/** Every message in every Maildir below `root`, in the order of their receipt. */
export async function readMaildirs(root: string): Promise<readonly Delivered[]> {
  const all = await Promise.all((await messagesBelow(root)).map((path) => readOne(root, path)));
  return all.toSorted((one, other) => (one.queueId < other.queueId ? -1 : 1));
}

export async function countMaildirs(root: string): Promise<number> {
  return (await messagesBelow(root)).length;
}

async function messagesBelow(root: string): Promise<readonly string[]> {
  const folders = (await readdir(root, { recursive: true }).catch(() => [])).filter((path) =>
    /\/(?:new|cur)$/.test(path),
  );
  const files = await Promise.all(
    folders.map(async (folder) => (await readdir(join(root, folder))).map((name) => join(root, folder, name))),
  );
  return files.flat();
}

async function readOne(root: string, path: string): Promise<Delivered> {
  const raw = withCrlf(await readFile(path));
  const [mailbox = '', ...rest] = path.slice(root.length + 1).split('/');
  const { delivery, content: behind } = splitDelivery(raw);
  const { fields, content } = stripTrace(behind);
  return {
    mailbox,
    folder: rest[0]?.startsWith('.') === true ? rest[0].slice(1) : '',
    isSeen: /:2,[A-Z]*S/.test(path),
    queueId: /\bid ([0-9A-Za-z]+)/.exec(/\(Postfix\)[^;]*/.exec(delivery)?.[0] ?? '')?.[1] ?? '',
    traceId: /^X-Breakwater-Trace:\s*(\S+)/im.exec(fields.join(''))?.[1] ?? '',
    trace: fields,
    sha256: createHash('sha256').update(content).digest('hex'),
    raw,
  };
}

/** The server's own fields come first: Return-Path, Delivered-To, X-Original-To, its Received lines. Ours begin where they end. */
function splitDelivery(raw: Buffer): { readonly delivery: string; readonly content: Buffer } {
  let at = 0;
  for (let end = fieldEnd(raw, at); end > at; end = fieldEnd(raw, at)) {
    const field = raw.toString('latin1', at, end);
    const isTheirs =
      /^(?:return-path|delivered-to|x-original-to|received):/i.test(field) && !field.includes('(Breakwater)');
    if (!isTheirs) break;
    at = end;
  }
  return { delivery: raw.toString('latin1', 0, at), content: raw.subarray(at) };
}

function withCrlf(stored: Buffer): Buffer {
  return stored.includes('\r\n') ? stored : Buffer.from(stored.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
}

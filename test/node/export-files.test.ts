/** What others make of our files: mbox by Python's mailbox module, zip by unzip (where they are), and reports by our own tool. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { fromLine, MboxQuoter } from '../../src/mime/mbox.ts';
import { type ExportedMessage, type ExportFormat, exportBytes } from '../../src/pipeline/export.ts';
import type { ExportRow, OutageExport } from '../../src/pipeline/export-port.ts';
import { outageReportBytes } from '../../src/pipeline/outage-report.ts';
import { readMbox } from '../support/mbox.ts';

const folder = mkdtempSync(join(tmpdir(), 'export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function has(program: string, ...args: readonly string[]): boolean {
  const found = spawnSync(program, args).status === 0;
  if (!found) process.stdout.write(`export: not read back by ${program}, which is not here\n`);
  return found;
}

const hasPython = has('python3', '-c', 'import mailbox');
const hasUnzip = has('unzip', '-v');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

// Bytes that mbox makes something of, and any others.
const line = fc.oneof(
  fc.constantFrom('From ', '>From ', '>>From a', 'Fro', 'F', '>', '', 'From', ' From ', 'FFrom ', '>F', '>>'),
  fc.string({ unit: 'binary-ascii', maxLength: 12 }),
);
const lineEnd = fc.constantFrom('\r\n', '\n', '\r', '\r\n');
const content = fc
  .tuple(fc.array(fc.tuple(line, lineEnd), { maxLength: 12 }), line)
  .map(([lines, last]) => Buffer.from(lines.flat().join('') + last, 'latin1'));

function mboxOf(messages: readonly Uint8Array[], chunkBytes: number): Buffer {
  const pieces = messages.flatMap((message) => {
    const quoter = new MboxQuoter();
    const quoted = [];
    for (let at = 0; at < message.byteLength; at += chunkBytes)
      quoted.push(...quoter.write(message.subarray(at, at + chunkBytes)));
    return [fromLine({ sender: '', receivedAt: 0 }), ...quoted, ...quoter.end()];
  });
  return Buffer.concat(pieces);
}

it('mbox gives back every byte of every message, however it came in chunks', () => {
  fc.assert(
    fc.property(fc.array(content, { maxLength: 4 }), fc.integer({ min: 1, max: 9 }), (messages, chunkBytes) => {
      const read = readMbox(mboxOf(messages, chunkBytes)).map((message) => Buffer.from(message.content));
      expect(read).toEqual(messages);
    }),
    { numRuns: 1_000 },
  );
});

it.each([
  ['anna@harbour.example', Date.UTC(2026, 10, 3, 9, 5), 'From anna@harbour.example Tue Nov  3 09:05:00 2026\n'],
  ['', Date.UTC(2026, 0, 31, 23, 59, 59), 'From MAILER-DAEMON Sat Jan 31 23:59:59 2026\n'],
  ['a b@c\nFrom x', 0, 'From ab@cFromx Thu Jan  1 00:00:00 1970\n'],
])('the From line of %j is one line that readers can split', (sender, receivedAt, expected) => {
  expect(new TextDecoder().decode(fromLine({ sender, receivedAt }))).toBe(expected);
});

const CONTENTS: readonly Uint8Array[] = [
  Buffer.from('Subject: one\r\n\r\nFrom here\r\n>From there\r\n\r\n'),
  Buffer.from('Subject: two\r\n\r\nM\xfc\xdfe\x00\x80\r\nbare\nline\r\n', 'latin1'),
  Buffer.from('Subject: three\r\n\r\n\r\n\r\nends in empty lines\r\n\r\n\r\n'),
  Buffer.concat([Buffer.from('Subject: large\r\n\r\n'), Buffer.alloc(3_000_000, `${'y'.repeat(98)}\r\n`)]),
];

async function* all(): AsyncGenerator<ExportedMessage> {
  for (const [n, bytes] of CONTENTS.entries())
    yield {
      id: `id-${n}`,
      folder: n === 0 ? 'sent' : 'inbox',
      receivedAt: Date.UTC(2026, 10, 3, 9, n),
      sender: 'anna@harbour.example',
      recipient: '=cmd@harbour.example',
      sizeBytes: bytes.byteLength,
      sha256: sha256(bytes),
      contentKey: String(n),
    };
}

async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

async function exported(format: ExportFormat): Promise<string> {
  const contents = { get: async (key: string) => new Blob([CONTENTS[Number(key)]?.slice() ?? '']).stream() };
  const file = join(folder, `all.${format}`);
  const pieces = await joined(exportBytes(format, { messages: all(), contents, madeAt: 0 }));
  writeFileSync(file, pieces);
  return file;
}

const READ_MBOX = `
import hashlib, mailbox, re, sys
box = mailbox.mbox(sys.argv[1])
for key in box.keys():
    content = re.sub(rb'^>(>*From )', rb'\\1', box.get_bytes(key), flags=re.M)
    print(hashlib.sha256(content).hexdigest(), box[key]['Subject'], box[key].get_from())
`;

it.skipIf(!hasPython)("Python's mailbox module reads the mbox, byte for byte once its quoting is undone", async () => {
  const { stdout, stderr } = spawnSync('python3', ['-c', READ_MBOX, await exported('mbox')], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout.trim().split('\n')).toEqual(
    ['one', 'two', 'three', 'large'].map(
      (subject, n) =>
        `${sha256(CONTENTS[n] ?? new Uint8Array())} ${subject} anna@harbour.example Tue Nov  3 09:0${n}:00 2026`,
    ),
  );
});

it.skipIf(!hasUnzip)('unzip finds the zip sound, and each file as it was', async () => {
  const file = await exported('zip');
  expect(spawnSync('unzip', ['-tq', file], { encoding: 'utf8' }).stdout).toContain('No errors detected');
  spawnSync('unzip', ['-q', file, '-d', join(folder, 'zip')]);
  const names = ['sent', 'inbox', 'inbox', 'inbox'].map((box, n) => `${box}/2026/11/20261103T090${n}00Z-id-${n}.eml`);
  for (const [n, name] of names.entries())
    expect(sha256(readFileSync(join(folder, 'zip', name)))).toBe(sha256(CONTENTS[n] ?? new Uint8Array()));
  expect(readFileSync(join(folder, 'zip/index.csv'), 'utf8')).toContain("'=cmd@harbour.example");
});

describe('npm run verify-report', () => {
  const outage: OutageExport = {
    outage: {
      id: 'outage-1' as OutageExport['outage']['id'],
      kind: 'declared',
      cause: 'the disks are gone',
      openedBy: ['declared by operator', '=1+1'],
      closedBy: [],
      firstDeferralAt: null,
      downAt: 1,
      mailboxesReadyAt: 2,
      mailboxes: 3,
      repairedAt: 4,
      closedAt: 5,
      report: {
        received: 3,
        replayed: 1,
        quarantined: 0,
        rejectedByRule: 1,
        held: 1,
        waiting: 0,
        sentCopies: 0,
        sentToWorld: 0,
        sentHeld: 0,
        sentWaiting: 0,
        uncertain: 1,
        missing: 0,
        unexplained: 0,
        addsUp: true,
      },
    },
    rejectedByRule: 1,
    shown: null,
    parts: [],
  };
  const row = (seq: number, state: ExportRow['state']): ExportRow => ({
    id: `id-${seq}` as ExportRow['id'],
    seq,
    kind: 'inbound',
    state,
    sender: '',
    recipient: 'anna@harbour.example',
    sizeBytes: 10,
    sha256: 'ab',
    contentKey: 'k',
    receivedAt: seq,
    attempts: 1,
    uncertainAttempts: seq - 1,
    detail: 'said "250 OK"\nto DATA',
    settledAt: null,
  });
  const rows = [row(1, 'delivered'), row(2, 'held')];

  async function written(format: 'json' | 'csv'): Promise<string> {
    const port = {
      outageExport: async () => outage,
      exportRows: async (_: string, range: { readonly from: number }) => rows.filter(({ seq }) => seq >= range.from),
      heldRow: async () => null,
    };
    const ask = { clientId: 'harbour', format, found: outage, port, now: () => 6, written: async () => undefined };
    return (await joined(outageReportBytes(ask))).toString('utf8');
  }

  function verify(text: string, ...flags: readonly string[]) {
    const file = join(folder, 'report');
    writeFileSync(file, text);
    const { status, stdout } = spawnSync(process.execPath, ['tools/verify-report.ts', file, ...flags], {
      encoding: 'utf8',
    });
    return { status, stdout };
  }

  it.each(['json', 'csv'] as const)('finds a report in %s as it was written, and one chain in both', async (format) => {
    const last = (JSON.parse(await written('json')) as { chain: { last: string } }).chain.last;
    const { status, stdout } = verify(await written(format), '--last', last);
    expect(stdout).toContain('2 messages, and the figures add up. The chain ends in');
    expect(status).toBe(0);
    expect(verify(await written(format), '--last', 'another').status).toBe(1);
  });

  it.each([
    ['json', 'message 2 (id-2)', (text: string) => text.replace('"state":"held"', '"state":"delivered"')],
    ['csv', 'message 2 (id-2)', (text: string) => text.replace('inbound,held', 'inbound,delivered')],
    ['json', 'the figures', (text: string) => text.replace('"held":1', '"held":0')],
    ['csv', 'the head', (text: string) => text.replace('the disks are gone', 'nothing to see')],
    ['csv', 'message 1 (id-2)', (text: string) => text.replace(/message,id-1,(?:"[^"]*(?:""[^"]*)*"|[^"\n])*\n/, '')],
    ['csv', 'the end', (text: string) => text.replace(/chain,.*\r\n/, '')],
  ] as const)('says of a changed report in %s where: %s', async (format, where, change) => {
    const text = await written(format);
    const changed = change(text);
    expect(changed).not.toBe(text);
    const { status, stdout } = verify(changed);
    expect(stdout).toContain(`not as it was written. ${where}: `);
    expect(status).toBe(1);
  });

  it('complains of what is no report', () => {
    expect(verify('hello').status).toBe(2);
    expect(verify('{"report":"breakwater-outage-1","outage":').status).toBe(2);
  });
});

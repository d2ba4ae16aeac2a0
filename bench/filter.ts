/**
 * `npm run bench:filter`: what the filter costs for a message, beside two parsers alone and a real rspamd on the same bytes in one run, and
 * what memory four large messages take at once. Measured, never asserted. `--quick` leaves 25 MiB out, `--json` is for programs.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { openServersFolder } from '../tools/stack/real/folder.ts';
import { whyNoScanner } from '../tools/stack/real/installed.ts';
import { cpuMsOfRun } from './filter/cpu.ts';
import { type BenchMessage, messages } from './filter/messages.ts';
import { filterWhole, inspect } from './filter/own.ts';
import { openRspamd, type RspamdBench } from './filter/rspamd.ts';

type Row = {
  readonly name: string;
  readonly sizeBytes: number;
  /** the one pass */
  readonly inspectMs: number;
  /** all of it, the sender verified on arrival */
  readonly filterMs: number;
  /** all of it, the sender verified by us */
  readonly verifiedMs: number;
  readonly postalMimeMs: number;
  readonly mailparserMs: number;
  readonly rspamdMs: number | null;
};

type Results = { readonly rows: readonly Row[]; readonly memory: Readonly<Record<string, number>> };

const MEMORY_KINDS = ['file', 'zip', 'page'];

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'boolean' } } });
  const noRspamd = whyNoScanner('rspamd');
  if (noRspamd !== undefined) say(`without rspamd: ${noRspamd}`);
  const servers = await openServersFolder();
  try {
    const rspamd = noRspamd === undefined ? await openRspamd(servers.path) : undefined;
    const rows: Row[] = [];
    for (const message of await messages(values.quick === true ? 'small' : 'all')) {
      const row = await measured(message, rspamd);
      rows.push(row);
      say(`${row.name}: ${row.filterMs.toFixed(2)} ms`);
    }
    const results = { rows, memory: Object.fromEntries(MEMORY_KINDS.map((kind) => [kind, grownBytes(kind)])) };
    process.stdout.write(values.json === true ? `${JSON.stringify(results)}\n` : `\n${table(results)}`);
  } finally {
    await servers.close();
  }
}

async function measured({ name, bytes }: BenchMessage, rspamd: RspamdBench | undefined): Promise<Row> {
  return {
    name,
    sizeBytes: bytes.length,
    inspectMs: await cpuMsOfRun(() => inspect(bytes)),
    filterMs: await cpuMsOfRun(() => filterWhole(bytes, 'platform')),
    verifiedMs: await cpuMsOfRun(() => filterWhole(bytes, 'own')),
    postalMimeMs: await cpuMsOfRun(() => PostalMime.parse(bytes)),
    mailparserMs: await cpuMsOfRun(() => simpleParser(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))),
    rspamdMs: rspamd === undefined ? null : await rspamd.cpuMs(bytes),
  };
}

function grownBytes(kind: string): number {
  const { stdout, status } = spawnSync(process.execPath, [join(import.meta.dirname, 'filter/memory.ts'), kind], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the process that measures memory ended with ${status}`);
  return Number(stdout);
}

const COLUMNS = ['inspect', 'filter', '+verified', 'postal-mime', 'mailparser', 'rspamd', '÷ mailpars.', '÷ rspamd'];

function table({ rows, memory }: Results): string {
  const lines = rows.map((row) => {
    const { inspectMs, filterMs, verifiedMs, postalMimeMs, mailparserMs, rspamdMs } = row;
    const ms = [inspectMs, filterMs, verifiedMs, postalMimeMs, mailparserMs].map((value) => value.toFixed(2));
    const ratios = [filterMs / mailparserMs, rspamdMs === null ? undefined : verifiedMs / rspamdMs];
    const cells = [...ms, rspamdMs?.toFixed(2) ?? '-', ...ratios.map((ratio) => ratio?.toFixed(2) ?? '-')];
    return `${row.name.padEnd(24)}${cells.map((cell) => cell.padStart(12)).join('')}\n`;
  });
  const head = `${'CPU ms for a message'.padEnd(24)}${COLUMNS.map((column) => column.padStart(12)).join('')}\n`;
  const grown = Object.entries(memory).map(([kind, bytes]) => `${kind} ${(bytes / 1_048_576).toFixed(1)} MiB`);
  return `${head}${lines.join('')}\nFour messages of 25 MiB at once, the process grew by: ${grown.join(', ')}\n`;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

await main();

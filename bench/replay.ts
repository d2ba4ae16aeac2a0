/**
 * `npm run bench:replay`: how fast a replay is, beside the same SMTP code without a spool and beside Postfix giving its own queue
 * away, all into one sink in one run; and how exactly it keeps a pace. Measured, never asserted. `--quick` for two minutes, `--json`.
 */
import { parseArgs } from 'node:util';
import { freePort } from '../tools/stack/ports.ts';
import { openServersFolder } from '../tools/stack/real/folder.ts';
import { whyNoPostfix } from '../tools/stack/real/installed.ts';
import { type FloorBench, openFloorBench } from './replay/floor.ts';
import type { Figure } from './replay/measure.ts';
import { type PaceFigure, paceOf } from './replay/pace.ts';
import { flushPostfix } from './replay/postfix-flush.ts';
import { openSink, type Sink } from './replay/sink.ts';
import { openSpoolBench, type SpoolBench, UNPACED } from './replay/spool.ts';
import { type Results, type Row, rowLine, table } from './replay/table.ts';

type Case = Pick<Row, 'sizeBytes' | 'messages' | 'connections' | 'answerMs'>;

const KIB = 1_024;
const MIB = 1_024 * KIB;

// A server that scans and stores what it is given takes its time to answer; a sink that answers at once shows the sender's work alone.
const AS_A_SERVER_MS = 50;

const QUICK: readonly Case[] = [
  { sizeBytes: 10 * KIB, messages: 300, connections: 1, answerMs: 0 },
  { sizeBytes: 10 * KIB, messages: 300, connections: 4, answerMs: 0 },
  { sizeBytes: 10 * KIB, messages: 150, connections: 1, answerMs: AS_A_SERVER_MS },
];

const FULL: readonly Case[] = [
  { sizeBytes: 10 * KIB, messages: 500, connections: 1, answerMs: 0 },
  { sizeBytes: 10 * KIB, messages: 500, connections: 4, answerMs: 0 },
  { sizeBytes: 10 * KIB, messages: 500, connections: 6, answerMs: 0 },
  { sizeBytes: 10 * KIB, messages: 250, connections: 1, answerMs: AS_A_SERVER_MS },
  { sizeBytes: 10 * KIB, messages: 500, connections: 4, answerMs: AS_A_SERVER_MS },
  { sizeBytes: 10 * KIB, messages: 500, connections: 6, answerMs: AS_A_SERVER_MS },
  { sizeBytes: KIB, messages: 500, connections: 4, answerMs: 0 },
  { sizeBytes: 100 * KIB, messages: 200, connections: 4, answerMs: 0 },
  { sizeBytes: MIB, messages: 60, connections: 4, answerMs: 0 },
  { sizeBytes: 10 * MIB, messages: 12, connections: 4, answerMs: 0 },
  // What the platform takes at most (docs/platform.md 4).
  { sizeBytes: 25 * MIB, messages: 8, connections: 4, answerMs: 0 },
];

const PACE_PER_MINUTE = 600;
const PACE_SECONDS = { quick: 20, full: 62 };

type Bench = {
  readonly sink: Sink;
  readonly floor: FloorBench;
  readonly spool: SpoolBench;
  readonly flush: (order: Case) => Promise<Figure> | null;
};

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'boolean' } } });
  const length = values.quick === true ? 'quick' : 'full';
  const noPostfix = whyNoPostfix();
  if (noPostfix !== undefined) say(`without Postfix: ${noPostfix}`);
  const servers = await openServersFolder();
  const opened: { close(): Promise<void> }[] = [servers];
  try {
    const sink = await openSink(await freePort());
    opened.unshift(sink);
    const floor = await openFloorBench(servers.path, sink);
    opened.unshift(floor);
    const spool = await openSpoolBench(servers.path, sink);
    opened.unshift(spool);
    const flush = (order: Case) => (noPostfix === undefined ? flushPostfix(servers.path, sink, order) : null);
    const results = await runAll({ sink, floor, spool, flush }, length);
    process.stdout.write(values.json === true ? `${JSON.stringify(results)}\n` : `\n${table(results)}`);
  } finally {
    for (const part of opened) await part.close();
  }
}

async function runAll(bench: Bench, length: 'quick' | 'full'): Promise<Results> {
  const rows: Row[] = [];
  for (const one of length === 'quick' ? QUICK : FULL) {
    bench.sink.answerAfter(one.answerMs);
    say(`${one.messages} messages of ${one.sizeBytes} bytes over ${one.connections}: the floor …`);
    const floor = await bench.floor.run(one, 'in-memory');
    const fetching = await bench.floor.run(one, 'in-r2');
    say('… the replay …');
    const replay = await bench.spool.run({ ...one, messagesPerMinute: UNPACED });
    say('… Postfix');
    const row = { ...one, floor, fetching, replay, postfix: await bench.flush(one) };
    rows.push(row);
    say(rowLine(row));
  }
  return { rows, pace: await runPaced(bench, PACE_SECONDS[length]) };
}

async function runPaced({ spool, sink }: Bench, seconds: number): Promise<PaceFigure> {
  sink.answerAfter(0);
  say(`${seconds} seconds at ${PACE_PER_MINUTE} a minute`);
  const messages = Math.ceil((PACE_PER_MINUTE * seconds) / 60);
  await spool.run({ messages, sizeBytes: 10 * KIB, connections: 4, messagesPerMinute: PACE_PER_MINUTE });
  return paceOf(sink.arrivals(), PACE_PER_MINUTE);
}

/** Apart from the figures, which may go into a file. */
function say(words: string): void {
  process.stderr.write(`${words}\n`);
}

await main();

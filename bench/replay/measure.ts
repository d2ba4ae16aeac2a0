/** One measurement: how fast messages reach the sink, and what processor time that costs whoever sends them. */
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { processesOf } from '../../tools/stack/real/processes.ts';
import type { Sink } from './sink.ts';

export type Figure = {
  readonly messagesPerSecond: number;
  /** of the sender's processes, kernel included */
  readonly cpuMsPerMessage: number;
};

// The first share of every run is left out for everybody: connections open, code is compiled, a replay opens slowly by design.
const WARM_UP = 0.3;
const STEP_MS = 10;
// The kernel counts processor time in these (USER_HZ).
const TICK_MS = 10;

/** Resolves when `messages` have arrived; rejects when nothing has arrived for `patienceMs`. */
export async function measure(sink: Sink, messages: number, cpuMs: () => number): Promise<Figure> {
  const start = await sample(sink, Math.floor(messages * WARM_UP), cpuMs);
  const end = await sample(sink, messages, cpuMs);
  const count = end.count - start.count;
  return {
    messagesPerSecond: (count * 1_000) / (end.at - start.at),
    cpuMsPerMessage: (end.cpuMs - start.cpuMs) / count,
  };
}

// The slowest message of all, 25 MiB on a busy machine, takes seconds.
const PATIENCE_MS = 60_000;

async function sample(sink: Sink, atLeast: number, cpuMs: () => number) {
  let last = { count: -1, at: Date.now() };
  for (let count = sink.arrivals().length; count < atLeast; count = sink.arrivals().length) {
    if (count !== last.count) last = { count, at: Date.now() };
    if (Date.now() - last.at > PATIENCE_MS)
      throw new Error(`${count} of ${atLeast} messages arrived, and then no more`);
    await wait(STEP_MS);
  }
  return { count: sink.arrivals().length, at: sink.arrivals().at(-1) ?? Date.now(), cpuMs: cpuMs() };
}

/** Processor time so far of the processes that belong to `folder` and bear one of the names. */
export function cpuMsOf(folder: string, names: readonly string[] | 'all'): number {
  return processesOf(folder).reduce((total, pid) => total + (isNamed(pid, names) ? ownCpuMs(pid) : 0), 0);
}

function isNamed(pid: number, names: readonly string[] | 'all'): boolean {
  return names === 'all' || names.includes(read(`/proc/${pid}/comm`).trim());
}

function ownCpuMs(pid: number): number {
  // The name in parentheses may hold anything; behind it utime and stime are the 12th and 13th field (proc(5)).
  const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_MS;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** Processor time of this process for one run of something, in milliseconds: the middle of several. */

// Long enough for a clock that counts in hundredths, short enough for a table of many rows.
const SAMPLE_MS = 300;
const SAMPLES = 5;

export async function cpuMsOfRun(work: () => unknown): Promise<number> {
  const once = await timed(work, 1);
  const runs = Math.max(1, Math.min(500, Math.round(SAMPLE_MS / Math.max(once, 0.2))));
  // Until the compiler has seen it often enough, as it has in an isolate that serves.
  await timed(work, runs);
  const samples: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) samples.push((await timed(work, runs)) / runs);
  return samples.toSorted((one, other) => one - other)[Math.floor(SAMPLES / 2)] ?? 0;
}

async function timed(work: () => unknown, runs: number): Promise<number> {
  const before = process.cpuUsage();
  for (let run = 0; run < runs; run += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

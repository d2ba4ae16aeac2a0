/**
 * `npm run drill`: the whole promise, tried out. It starts its own stack on free ports, lets the gateway die in the middle of
 * the day, and compares what the gateway has in the end with what was sent. Exit code 0 when every promise held, 1 when one was
 * broken, 2 when the flags are wrong.
 */
import { type Figures, judgeDrill, type Kept } from './drill/figures.ts';
import { type DrillFlags, parseDrillFlags, USAGE } from './drill/flags.ts';
import { openScene } from './drill/scene.ts';
import { SILENT, timeline } from './drill/screen.ts';
import { tellStory } from './drill/story.ts';

async function main(): Promise<number> {
  const parsed = parseDrillFlags(process.argv.slice(2));
  switch (parsed.kind) {
    case 'help':
      process.stdout.write(USAGE);
      return 0;
    case 'wrong':
      process.stderr.write(`${parsed.problem}\n\n${USAGE}`);
      return 2;
    case 'drill':
      return drill(parsed.flags);
  }
}

async function drill(flags: DrillFlags): Promise<number> {
  const people = flags.output === 'people';
  if (people) process.stdout.write(`Breakwater drill: ${flags.messages} messages, ${flags.accounts} accounts\n\n`);
  const scene = await openScene(flags, people ? timeline(process.stdout) : SILENT);
  try {
    const observations = await Promise.race([
      tellStory(scene),
      scene.stack.ended.then(() => Promise.reject(new Error('the Worker ended'))),
    ]);
    const kept = judgeDrill(observations);
    const broken = kept.filter((promise) => !promise.kept);
    const exitCode = broken.length === 0 ? 0 : 1;
    if (people) process.stdout.write(conclusion(observations.figures, kept, exitCode));
    else process.stdout.write(`${JSON.stringify(observations.figures)}\n`);
    if (!people) for (const { promise, seen } of broken) process.stderr.write(`broken: ${promise} (${seen})\n`);
    return exitCode;
  } finally {
    await scene.stack.close();
  }
}

const LABELS: Readonly<Record<Exclude<keyof Figures, 'ratePerMinute'>, string>> = {
  sent: 'sent and accepted',
  delivered: 'delivered at once',
  spooled: 'kept',
  shown: 'shown in the webmail before the repair',
  replayed: 'replayed',
  sentCopies: 'sent copies given back',
  missing: 'missing',
  duplicated: 'duplicated',
  altered: 'altered',
  uncertain: 'uncertain attempts',
  detectMs: 'failure noticed after, ms',
  mailboxesReadyMs: 'first message read after, ms',
  replayMs: 'replay took, ms',
};

function conclusion(figures: Figures, kept: readonly Kept[], exitCode: number): string {
  const { ratePerMinute, ...counts } = figures;
  const rows: readonly (readonly [string, string])[] = [
    ...Object.entries(counts).map(([name, value]): [string, string] => [
      LABELS[name as keyof typeof LABELS],
      String(value),
    ]),
    ['replayed per minute', `${ratePerMinute.measured} measured, ${ratePerMinute.configured} configured`],
  ];
  const table = rows.map(([name, value]) => `  ${name.padEnd(40)} ${value}`).join('\n');
  const promises = kept
    .map(({ promise, kept: held, seen }) => `  ${held ? 'kept  ' : 'BROKEN'} ${promise}: ${seen}`)
    .join('\n');
  const { missing, duplicated, altered } = figures;
  return `\n${table}\n\n${promises}\n\n${missing} missing, ${duplicated} duplicated, ${altered} altered (exit code ${exitCode})\n`;
}

// Exiting closes the pipe that the Worker's process group hangs on, and removes the folder: nothing is left behind.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

process.exitCode = await main().catch((problem: unknown) => {
  process.stderr.write(`\n${problem instanceof Error ? problem.message : String(problem)}\n`);
  return 1;
});

/**
 * `npm run simulate -- FILE.json`: the real judgement on a virtual clock against a scripted gateway. Exit code 0 when the scenario's
 * expectation is met, 1 when it is not, 2 when the file or the flags are wrong.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { simulate } from './simulate/engine.ts';
import { readScenario } from './simulate/scenario.ts';
import { judgeRun, type Verdict } from './simulate/verdict.ts';

const USAGE = `npm run simulate -- FILE.json [--json]

  FILE.json  a scenario: traffic, what the gateway does, and what is expected; docs/detection.md has the format
  --json     the verdict as JSON instead of words
`;

function main(args: readonly string[]): number {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
      allowPositionals: true,
    });
    if (values.help) return say(USAGE, 0);
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) return complain('give one file');
    const read = readScenario(readFileSync(file, 'utf8'));
    if (read.kind === 'invalid') return complain(`${file}: ${read.problem}`);
    const verdict = judgeRun(read.scenario, simulate(read.scenario));
    return say(values.json ? `${JSON.stringify(verdict)}\n` : describe(verdict), verdict.met ? 0 : 1);
  } catch (problem) {
    return complain(problem instanceof Error ? problem.message : String(problem));
  }
}

// A server that flaps for days makes thousands: the beginning and the end tell the story.
const SHOWN = 40;

function describe({ name, transitions, notes, failovers, mail, met, unmet }: Verdict): string {
  const lines = [
    ...transitions.map(({ atSeconds, from, to, why }) => ({ atSeconds, text: `${from} → ${to}: ${why}` })),
    ...notes.map(({ atSeconds, kind, words }) => ({ atSeconds, text: `${kind}: ${words}` })),
  ].sort((one, other) => one.atSeconds - other.atSeconds);
  const shown = lines.length <= SHOWN ? lines : [...lines.slice(0, SHOWN / 2), undefined, ...lines.slice(-SHOWN / 2)];
  const table = shown.map((line) =>
    line === undefined
      ? `${'…'.padStart(10)}  ${lines.length - SHOWN} more\n`
      : `${line.atSeconds.toFixed(1).padStart(9)} s  ${line.text}\n`,
  );
  const { arrived, delivered, kept, bounced } = mail;
  return [
    `${name}\n`,
    ...table,
    `${failovers} failovers; ${arrived} messages: ${delivered} delivered, ${kept} still kept, ${bounced} refused to their senders\n`,
    met ? 'as expected\n' : `not as expected: ${unmet.join('; ')}\n`,
  ].join('');
}

function say(text: string, code: number): number {
  process.stdout.write(text);
  return code;
}

function complain(problem: string): number {
  process.stderr.write(`${problem}\n\n${USAGE}`);
  return 2;
}

process.exitCode = main(process.argv.slice(2));

/**
 * `npm run classify -- FILE.csv`: reads labelled replies and log lines and says how many of them the classifier of core/finding.ts
 * reads as their label does. Exit code 0 when it ran, however well; 2 when the file or the flags are wrong.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Score, scoreCsv } from './classify/score.ts';

const USAGE = `npm run classify -- FILE.csv [--json]

  FILE.csv   columns reply and class; also read: code, enhanced, also_acceptable (classes with | between them)
  --json     {lines, right, strict, misses} instead of words
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
    const scored = scoreCsv(readFileSync(file, 'utf8'));
    if (scored.kind === 'invalid') return complain(`${file}: ${scored.problem}`);
    return say(values.json ? `${JSON.stringify(scored.score)}\n` : describe(scored.score), 0);
  } catch (problem) {
    return complain(problem instanceof Error ? problem.message : String(problem));
  }
}

function describe({ lines, right, strict, misses }: Score): string {
  const share = (count: number) => (lines === 0 ? '' : ` (${((100 * count) / lines).toFixed(1)} %)`);
  const table = misses.map(({ reply, expected, got }) => `  ${expected.padEnd(26)}${got.padEnd(26)}${reply}\n`);
  const head = misses.length === 0 ? '' : `\n  ${'expected'.padEnd(26)}${'got'.padEnd(26)}reply\n`;
  return `${lines} lines: ${right} right${share(right)}, ${strict} strictly${share(strict)}\n${head}${table.join('')}`;
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

/**
 * `npm run verify-report -- FILE`: is the report of an outage as it was written, and do its figures add up? Exit code 0 when it is, 1
 * when it is not, 2 when the file or the flags are wrong.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { verifyReport } from './verify-report/verify.ts';

const USAGE = `npm run verify-report -- FILE [--last HASH]

  FILE          a report as GET …/outages/ID/report wrote it, JSON or CSV
  --last HASH   what the chain must end in: the audit log has it in its line "report-written"
`;

function main(args: readonly string[]): number {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { last: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
      allowPositionals: true,
    });
    if (values.help) return say(USAGE, 0);
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) return complain('give one file');
    return judge(file, values.last);
  } catch (problem) {
    return complain(problem instanceof Error ? problem.message : String(problem));
  }
}

function judge(file: string, last: string | undefined): number {
  const verified = verifyReport(readFileSync(file, 'utf8'));
  switch (verified.kind) {
    case 'unreadable':
      return complain(`${file} is no report of an outage, or it was cut short`);
    case 'broken':
      return say(`${file}: not as it was written. ${verified.where}: ${verified.problem}\n`, 1);
    case 'whole':
      if (last !== undefined && last !== verified.last)
        return say(`${file}: written anew. Its chain ends in ${verified.last}, and not in ${last}\n`, 1);
      return say(
        `${file}: as it was written. ${verified.messages} messages, and the figures add up${
          verified.isComplete ? '' : ' (of a moment: "remark" says why)'
        }. The chain ends in ${verified.last}\n`,
        0,
      );
  }
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

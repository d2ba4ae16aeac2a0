/** `npm run inspect -- FILE.eml`: what the filter sees in a message and decides. Exit code 2 when the flags or what they name are wrong. */
import { WrongInput } from './evaluate-filter/mail.ts';
import { type InspectFlags, parseInspectFlags, USAGE } from './inspect/flags.ts';
import { judge } from './inspect/judge.ts';
import { termsOf } from './inspect/plan.ts';
import { words } from './inspect/words.ts';

async function main(args: readonly string[]): Promise<number> {
  const parsed = parseInspectFlags(args);
  switch (parsed.kind) {
    case 'help':
      return say(USAGE, 0);
    case 'wrong':
      return complain(`${parsed.problem}\n\n${USAGE}`);
    case 'inspect':
      try {
        return say(await inspect(parsed.flags), 0);
      } catch (problem) {
        if (problem instanceof WrongInput) return complain(`${problem.message}\n`);
        throw problem;
      }
  }
}

async function inspect(flags: InspectFlags): Promise<string> {
  const filtered = await judge(flags, await termsOf(flags.plan));
  const { facts, decision } = filtered;
  return flags.output === 'json' ? `${JSON.stringify({ facts, decision })}\n` : words(filtered);
}

function say(text: string, code: number): number {
  process.stdout.write(text);
  return code;
}

function complain(problem: string): number {
  process.stderr.write(problem);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));

/** What `npm run drill` can be told. */
import { parseArgs } from 'node:util';
import { FAULTS, type ServerFault } from '../stack/mail-server.ts';

export type DrillFlags = {
  readonly messages: number;
  readonly accounts: number;
  readonly fault: ServerFault;
  readonly output: 'people' | 'json';
};

export type ParsedDrillFlags =
  | { readonly kind: 'drill'; readonly flags: DrillFlags }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problem: string };

export const USAGE = `npm run drill -- [flags]     a gateway dies in the middle of the day; exit code 0 when every promise held

  --messages N     how many are sent, 12 or more              (60)
  --accounts N     how many people Harbour Ltd has, 2 or more (5)
  --fault KIND     ${FAULTS.join(' | ')}   (refuse)
  --json           one JSON object instead of the story
`;

// A third before the failure, half during it, the rest after: each part needs a message of every kind there is.
const MIN_MESSAGES = 12;
// One reads and answers, one is the colleague.
const MIN_ACCOUNTS = 2;
const MAX = 100_000;

export function parseDrillFlags(args: readonly string[]): ParsedDrillFlags {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        messages: { type: 'string', default: '60' },
        accounts: { type: 'string', default: '5' },
        fault: { type: 'string', default: 'refuse' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    const flags: DrillFlags = {
      messages: readCount('--messages', values.messages, MIN_MESSAGES),
      accounts: readCount('--accounts', values.accounts, MIN_ACCOUNTS),
      fault: readFault(values.fault),
      output: values.json ? 'json' : 'people',
    };
    return { kind: 'drill', flags };
  } catch (problem) {
    return { kind: 'wrong', problem: problem instanceof Error ? problem.message : String(problem) };
  }
}

function readCount(flag: string, text: string, least: number): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= least && count <= MAX) return count;
  throw new Error(`${flag} "${text}": give a whole number from ${least} to ${MAX}.`);
}

function readFault(text: string): ServerFault {
  const fault = FAULTS.find((candidate) => candidate === text);
  if (fault !== undefined) return fault;
  throw new Error(`--fault "${text}" is not known: give one of ${FAULTS.join(', ')}.`);
}

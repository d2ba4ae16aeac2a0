/** What `npm run drill` can be told. */
import { parseArgs } from 'node:util';
import { FAULTS, type ServerFault } from '../stack/mail-server.ts';

export type DrillFlags = {
  readonly messages: number;
  readonly accounts: number;
  readonly fault: ServerFault;
  /** the pace of the replay, messages a minute */
  readonly rate: number;
  /** the repaired gateway sends more connections at a time away; undefined: it bears any number */
  readonly gatewayLimit: number | undefined;
  /** the repaired gateway has lost most of its people at first */
  readonly halfRepaired: boolean;
  /** it fails once more in the middle of the replay */
  readonly diesAgain: boolean;
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
  --rate N         the pace of the replay, messages a minute  (600)
  --gateway-limit N  once repaired, it answers 421 to more than N connections at a time
  --half-repaired  it comes back without most of its people, and is mended a while later
  --die-again      it fails once more in the middle of the replay
  --json           one JSON object instead of the story
`;

// A third before the failure, half during it, the rest after: each part needs a message of every kind there is.
const MIN_MESSAGES = 12;
// One reads and answers, one is the colleague.
const MIN_ACCOUNTS = 2;
// Three refused people reopen the emergency (src/core/canary.ts), and one must be left to pass the canary.
const LEAST_FORGOTTEN = 5;
const MAX = 100_000;

export function parseDrillFlags(args: readonly string[]): ParsedDrillFlags {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        messages: { type: 'string', default: '60' },
        accounts: { type: 'string', default: '5' },
        fault: { type: 'string', default: 'refuse' },
        rate: { type: 'string', default: '600' },
        'gateway-limit': { type: 'string' },
        'half-repaired': { type: 'boolean', default: false },
        'die-again': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    const flags: DrillFlags = {
      messages: readCount('--messages', values.messages, MIN_MESSAGES),
      accounts: readCount('--accounts', values.accounts, MIN_ACCOUNTS),
      fault: readFault(values.fault),
      rate: readCount('--rate', values.rate, 1),
      gatewayLimit:
        values['gateway-limit'] === undefined ? undefined : readCount('--gateway-limit', values['gateway-limit'], 1),
      halfRepaired: values['half-repaired'],
      diesAgain: values['die-again'],
      output: values.json ? 'json' : 'people',
    };
    if (flags.halfRepaired && flags.accounts < LEAST_FORGOTTEN) {
      throw new Error(
        `--half-repaired: give --accounts ${LEAST_FORGOTTEN} or more, so that there are people to forget.`,
      );
    }
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

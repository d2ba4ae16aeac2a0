/** What `npm run backtest` can be told. */
import { parseArgs } from 'node:util';
import type { Profile } from '../../src/core/profiles.ts';
import type { Asked } from './settings.ts';

export type Source =
  | { readonly kind: 'service'; readonly client: string; readonly url: string; readonly token: string }
  | { readonly kind: 'file'; readonly path: string };

export type BacktestFlags = {
  readonly source: Source;
  readonly days: number;
  readonly asked: Asked;
  readonly output: 'people' | 'json';
  readonly saveTo: string | undefined;
};

export type ParsedBacktestFlags =
  | { readonly kind: 'backtest'; readonly flags: BacktestFlags }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problem: string };

export const USAGE = `npm run backtest -- --client ID [flags]    what other thresholds would have done with a client's own history

  --client ID          whose record; or
  --file FILE          a record that --save wrote, or an answer of GET /api/v1/clients/ID/observations
  --days N             how far back, 1 to 400                         (90)
  --profile NAME       cautious | standard | eager                    (the client's own settings)
  --amount N           weighted deferrals since successes had the upper hand
  --duration S         seconds of deferrals
  --frequency N/S      weighted deferrals within S seconds
  --share N            failing share of the messages in that time, 0.01 to 1
  --confirm S          seconds that a count must have lasted
  --save FILE          keep the record that was fetched
  --json               one JSON object instead of words
  --url URL            where the service is        (BREAKWATER_URL, or http://127.0.0.1:8787)
  --token TOKEN        the operator's token        (OPERATOR_TOKEN; safer there: everybody sees a command line)
`;

const PROFILE_NAMES: readonly Profile[] = ['cautious', 'standard', 'eager'];
const MAX_DAYS = 400;

const text = { type: 'string' } as const;
const OPTIONS = {
  client: text,
  file: text,
  days: { type: 'string', default: '90' },
  profile: text,
  amount: text,
  duration: text,
  frequency: text,
  share: text,
  confirm: text,
  save: text,
  url: text,
  token: text,
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

type Values = Readonly<Partial<Record<Exclude<keyof typeof OPTIONS, 'json' | 'help' | 'days'>, string>>>;
type Environment = Readonly<Record<string, string | undefined>>;

export function parseBacktestFlags(args: readonly string[], environment: Environment): ParsedBacktestFlags {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    if (values.help) return { kind: 'help' };
    const flags: BacktestFlags = {
      source: readSource(values, environment),
      days: readDays(values.days),
      asked: readAsked(values),
      output: values.json ? 'json' : 'people',
      saveTo: values.save,
    };
    return { kind: 'backtest', flags };
  } catch (problem) {
    return { kind: 'wrong', problem: problem instanceof Error ? problem.message : String(problem) };
  }
}

function readSource({ client, file, url, token }: Values, environment: Environment): Source {
  if ((client === undefined) === (file === undefined)) throw new Error('Give either --client ID or --file FILE.');
  if (file !== undefined) return { kind: 'file', path: file };
  const known = token ?? environment['OPERATOR_TOKEN'];
  if (known === undefined || known === '')
    throw new Error("Set OPERATOR_TOKEN to the operator's token of the service.");
  const where = url ?? environment['BREAKWATER_URL'] ?? 'http://127.0.0.1:8787';
  if (!URL.canParse(where)) throw new Error(`--url "${where}" is not a URL, for example https://mail.example.`);
  return { kind: 'service', client: client ?? '', url: where.replace(/\/+$/, ''), token: known };
}

function readDays(given: string): number {
  const days = Number(given);
  if (Number.isInteger(days) && days >= 1 && days <= MAX_DAYS) return days;
  throw new Error(`--days "${given}": give a whole number from 1 to ${MAX_DAYS}.`);
}

function readAsked({ profile, amount, duration, frequency, share, confirm }: Values): Asked {
  return {
    ...(profile === undefined ? {} : { profile: readProfile(profile) }),
    ...(amount === undefined ? {} : { amount: readNumber('--amount', amount) }),
    ...(duration === undefined ? {} : { durationSeconds: readNumber('--duration', duration) }),
    ...(frequency === undefined ? {} : { frequency: readFrequency(frequency) }),
    ...(share === undefined ? {} : { share: readNumber('--share', share) }),
    ...(confirm === undefined ? {} : { confirmSeconds: readNumber('--confirm', confirm) }),
  };
}

function readProfile(name: string): Profile {
  const profile = PROFILE_NAMES.find((candidate) => candidate === name);
  if (profile !== undefined) return profile;
  throw new Error(`--profile "${name}" is not known: give one of ${PROFILE_NAMES.join(', ')}.`);
}

function readFrequency(given: string): { readonly deferrals: number; readonly perSeconds: number } {
  const [, deferrals, perSeconds] = /^(\d+(?:\.\d+)?)\/(\d+)s?$/.exec(given) ?? [];
  if (deferrals !== undefined && perSeconds !== undefined)
    return { deferrals: Number(deferrals), perSeconds: Number(perSeconds) };
  throw new Error(`--frequency "${given}": give deferrals and seconds, for example 20/900.`);
}

function readNumber(flag: string, given: string): number {
  const number = Number(given);
  if (given.trim() !== '' && Number.isFinite(number) && number >= 0) return number;
  throw new Error(`${flag} "${given}": give a number.`);
}

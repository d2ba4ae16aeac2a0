/** What `npm start` can be told. Everything is checked before anything is started, and said with what to change. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ServerPlace } from '../stack/stack.ts';

export type StartFlags = {
  readonly httpPort: number;
  readonly smtpPort: number;
  readonly controlPort: number;
  readonly gateway: ServerPlace;
  readonly relay: ServerPlace;
  readonly dataFolder: string;
  readonly seed: 'demo' | 'none';
  readonly operatorToken: string | undefined;
};

export type ParsedFlags =
  | { readonly kind: 'start'; readonly flags: StartFlags }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problem: string };

export const USAGE = `npm start -- [flags]      everything on loopback, until Ctrl-C

  --http PORT            webmail, operator's API and ingest        (8787)
  --smtp PORT            SMTP for mail to the client               (2525)
  --control PORT         stop and start the demo servers by HTTP   (2580)
  --gateway HOST:PORT    a real gateway instead of the demo one    (demo on 2526)
  --relay HOST:PORT      a real relay instead of the demo one      (demo on 2527)
  --data DIR             where everything is kept                  (.breakwater)
  --seed demo|none       enrol the demo client, or nobody          (demo)
  --token TOKEN          the operator's token, 32 characters or more, without spaces (random, kept in DIR)
`;

// The Worker refuses a shorter one (src/env.ts): a token that can be guessed opens every client.
const MIN_TOKEN = 32;

export function parseFlags(args: readonly string[]): ParsedFlags {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    if (values.help === true) return { kind: 'help' };
    return { kind: 'start', flags: readFlags(values) };
  } catch (problem) {
    return { kind: 'wrong', problem: problem instanceof Error ? problem.message : String(problem) };
  }
}

const OPTIONS = {
  http: { type: 'string', default: '8787' },
  smtp: { type: 'string', default: '2525' },
  control: { type: 'string', default: '2580' },
  gateway: { type: 'string' },
  relay: { type: 'string' },
  data: { type: 'string', default: '.breakwater' },
  seed: { type: 'string', default: 'demo' },
  token: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = Readonly<Record<'http' | 'smtp' | 'control' | 'data' | 'seed', string>> &
  Readonly<Partial<Record<'gateway' | 'relay' | 'token', string>>>;

function readFlags(values: Values): StartFlags {
  const flags: StartFlags = {
    httpPort: readPort('--http', values.http),
    smtpPort: readPort('--smtp', values.smtp),
    controlPort: readPort('--control', values.control),
    gateway: readPlace('--gateway', values.gateway, 2526),
    relay: readPlace('--relay', values.relay, 2527),
    dataFolder: resolve(values.data),
    seed: readSeed(values.seed),
    operatorToken: readToken(values.token),
  };
  refuseTwice(flags);
  return flags;
}

function readPort(flag: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new Error(`${flag} "${text}" is not a port: give a number from 1 to 65535.`);
}

function readPlace(flag: string, text: string | undefined, demoPort: number): ServerPlace {
  if (text === undefined) return { kind: 'demo', port: demoPort };
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, Math.max(0, colon));
  if (!/^[a-z0-9.-]+$/i.test(host)) throw new Error(`${flag} "${text}" is not HOST:PORT, for example 127.0.0.1:25.`);
  return { kind: 'real', host, port: readPort(flag, text.slice(colon + 1)) };
}

function readSeed(text: string): 'demo' | 'none' {
  if (text === 'demo' || text === 'none') return text;
  throw new Error(`--seed "${text}" is not known: give demo or none.`);
}

function readToken(text: string | undefined): string | undefined {
  if (text === undefined || (text.length >= MIN_TOKEN && /^[!-~]+$/.test(text))) return text;
  throw new Error(
    `--token needs ${MIN_TOKEN} printable characters or more, without spaces; this one has ${text.length}.`,
  );
}

function refuseTwice({ httpPort, smtpPort, controlPort, gateway, relay }: StartFlags): void {
  const own = [
    httpPort,
    smtpPort,
    controlPort,
    ...[gateway, relay].flatMap((place) => (place.kind === 'demo' ? [place.port] : [])),
  ];
  const twice = own.find((port, index) => own.indexOf(port) !== index);
  if (twice !== undefined) throw new Error(`Port ${twice} is used for two things: give each its own.`);
}

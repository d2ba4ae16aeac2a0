/** What results in words (RFC 8601 §2.2: `dkim=pass header.d=…`) say of a sender, as facts. Pure. */
import type { AuthenticationFacts, AuthenticationResult, EnvelopeFacts } from './message-facts.ts';

/** `email()` knows neither greeting nor address; every other front gives a greeting, if only "unknown" (http/ingest.ts). */
export function cameByPlatform({ helo, remoteIp }: Pick<EnvelopeFacts, 'helo' | 'remoteIp'>): boolean {
  return helo === '' && remoteIp === '';
}

/** `absent`: what stands for a method of which nothing is said. */
export function authenticationOf(
  source: AuthenticationFacts['source'],
  results: readonly string[],
  absent: AuthenticationResult,
): AuthenticationFacts {
  const said = results.flatMap(readResult);
  const dkim = said.filter(({ method }) => method === 'dkim');
  const passing = dkim.filter(({ result }) => result === 'pass');
  return {
    source,
    spf: spfOf(said)?.result ?? absent,
    dkim: BEST_FIRST.find((result) => dkim.some((one) => one.result === result)) ?? absent,
    dkimDomains: [...new Set(passing.flatMap(signerOf))].slice(0, MAX_DOMAINS),
    dmarc: said.find(({ method }) => method === 'dmarc')?.result ?? absent,
  };
}

// A message may carry many signatures that pass; those of honest mail are one to three.
const MAX_DOMAINS = 8;

const BEST_FIRST: readonly AuthenticationResult[] = [
  'pass',
  'policy',
  'neutral',
  'softfail',
  'temperror',
  'permerror',
  'fail',
  'none',
  'unknown',
];

type Said = {
  readonly method: string;
  readonly result: AuthenticationResult;
  /** `header.d` → value, in lower case */
  readonly properties: ReadonlyMap<string, string>;
};

/** The greeting is judged beside the reverse path (RFC 7208 §2.3); where both are, the reverse path is what is meant. */
function spfOf(said: readonly Said[]): Said | undefined {
  const spf = said.filter(({ method }) => method === 'spf');
  return spf.find(({ properties }) => properties.has('smtp.mailfrom')) ?? spf[0];
}

function signerOf({ properties }: Said): readonly string[] {
  const domain = properties.get('header.d') ?? properties.get('header.i')?.split('@').at(-1);
  return domain === undefined || domain === '' ? [] : [domain];
}

function readResult(text: string): readonly Said[] {
  const words = withoutAsides(text);
  const [, method = '', result = ''] = /^\s*([a-z-]+)(?:\/\d+)?\s*=\s*([a-z]+)/i.exec(words) ?? [];
  if (method === '') return [];
  const properties = [...words.matchAll(/(?<=\s)((?:header|smtp)\.[a-z]+)=(\S+)/gi)].map(
    ([, name = '', value = '']) => [name.toLowerCase(), value.toLowerCase()] as const,
  );
  return [{ method: method.toLowerCase(), result: resultOf(result.toLowerCase()), properties: new Map(properties) }];
}

/** Without comments and quoted strings: a sender's own words may stand there, "dmarc=pass" among them. */
function withoutAsides(text: string): string {
  let kept = '';
  let depth = 0;
  let isQuoted = false;
  for (const piece of text.match(/\\[\s\S]|[^\\]/g) ?? []) {
    if (piece === '"' && depth === 0) isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (piece === '(') depth += 1;
    else if (piece === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0) kept += piece;
  }
  return kept;
}

const RESULTS: Readonly<Record<string, AuthenticationResult>> = {
  pass: 'pass',
  fail: 'fail',
  hardfail: 'fail',
  softfail: 'softfail',
  neutral: 'neutral',
  none: 'none',
  temperror: 'temperror',
  permerror: 'permerror',
  policy: 'policy',
};

function resultOf(word: string): AuthenticationResult {
  return Object.hasOwn(RESULTS, word) ? (RESULTS[word] ?? 'unknown') : 'unknown';
}

/** Asks the DNS whether a domain's SPF record lets a relay send for it; core/spf-advice.ts says what that means. */
import { type SpfAdvice, type SpfResult, spfAdvice } from '../core/spf-advice.ts';
import { mailauth } from '../mime/mailauth.ts';
import { type LookUp, type RecordType, recordsOf } from './look-up.ts';

// Somebody waits for the answer. RFC 7208 §4.6.4 wants at least 20 s before giving up; a record that needs them is in trouble anyway.
const EVALUATION_MS = 10_000;
// Two of each family say it; a relay with a hundred would cost a thousand questions.
const MAX_ADDRESSES_EACH = 2;

/** `record`: null where there is none, or several */
export type SpfCheck = SpfAdvice & { readonly domain: string; readonly record: string | null };

/** Every question is asked once for all domains: they mostly include the same records. */
export async function checkSpf(
  domains: readonly string[],
  relayHost: string,
  ask: LookUp,
): Promise<readonly SpfCheck[]> {
  const lookUp = askedOnce(ask);
  const addresses = await addressesOf(relayHost, lookUp);
  return Promise.all(domains.map((domain) => checkOne(domain, { relayHost, addresses }, lookUp)));
}

type Relay = { readonly relayHost: string; readonly addresses: readonly string[] };

async function checkOne(domain: string, { relayHost, addresses }: Relay, lookUp: LookUp): Promise<SpfCheck> {
  const [texts, results] = await Promise.all([
    recordsOf(lookUp, domain, 'TXT'),
    Promise.all(addresses.map((address) => evaluate(domain, address, lookUp))),
  ]);
  const records = (texts ?? []).filter((text) => /^v=spf1(?: |$)/i.test(text));
  const record = records.length === 1 ? (records[0] ?? null) : null;
  return { domain, record, ...spfAdvice({ relayHost, results }) };
}

async function evaluate(domain: string, address: string, lookUp: LookUp) {
  const { spf } = await mailauth();
  const { status } = await spf({
    sender: `postmaster@${domain}`,
    ip: address,
    helo: domain,
    mta: domain,
    maxElapsedTime: EVALUATION_MS,
    resolver: resolverOver(lookUp),
  });
  return { address, result: resultOf(status.result), why: status.comment || status.result };
}

function resultOf(word: string): SpfResult {
  return RESULTS.find((one) => one === word) ?? 'temperror';
}

const RESULTS = ['pass', 'fail', 'softfail', 'neutral', 'none', 'permerror', 'temperror'] as const;
const TYPES = ['A', 'AAAA', 'MX', 'PTR', 'TXT'] as const;

async function addressesOf(host: string, lookUp: LookUp): Promise<readonly string[]> {
  if (host.includes(':') || /^[\d.]+$/.test(host)) return [host];
  const families = await Promise.all([recordsOf(lookUp, host, 'A'), recordsOf(lookUp, host, 'AAAA')]);
  return families.flatMap((records = []) => records.slice(0, MAX_ADDRESSES_EACH));
}

/** With the errors and shapes of `node:dns`, which the library expects. */
function resolverOver(lookUp: LookUp): (name: string, type: string) => Promise<string[][] | string[]> {
  return async (name, type) => {
    const known = TYPES.find((one) => one === type);
    const said = known === undefined ? ({ kind: 'none' } as const) : await lookUp(name, known);
    switch (said.kind) {
      case 'records':
        return shaped(said.records, type);
      case 'none':
        throw Object.assign(new Error(`no ${type} record of ${name}`), { code: 'ENODATA' });
      case 'failed':
        throw Object.assign(new Error(`no resolver answers for ${name}`), { code: 'ETIMEOUT' });
    }
  };
}

function shaped(records: readonly string[], type: string): string[][] | string[] {
  if (type === 'TXT') return records.map((text) => [text]);
  if (type !== 'MX') return [...records];
  const hosts = records.map((record) => {
    const [priority = '', exchange = ''] = record.split(/\s+/);
    return { priority: Number(priority), exchange };
  });
  // The library's types know only names; it reads `exchange` and `priority`.
  return hosts as unknown as string[];
}

function askedOnce(ask: LookUp): LookUp {
  const answers = new Map<string, ReturnType<LookUp>>();
  return (name: string, type: RecordType) => {
    const key = `${type} ${name.toLowerCase()}`;
    const answer = answers.get(key) ?? ask(name, type);
    answers.set(key, answer);
    return answer;
  };
}

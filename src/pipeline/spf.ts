/** Asks the DNS whether a domain's SPF record lets a relay send for it; core/spf-advice.ts says what that means. */
import { type SpfAdvice, type SpfResult, spfAdvice } from '../core/spf-advice.ts';
import { mailauth } from '../mime/mailauth.ts';
import { askFor } from './dns-for-message.ts';
import { type LookUp, type RecordType, recordsOf } from './look-up.ts';

// Two of each family say it; a relay with a hundred would cost a thousand questions.
const MAX_ADDRESSES_EACH = 2;

/** `record`: null where there is none, or several */
export type SpfCheck = SpfAdvice & { readonly domain: string; readonly record: string | null };

export type SpfNeeds = { readonly lookUp: LookUp; readonly now: () => number };

/** Every question is asked once for all domains: they mostly include the same records. */
export async function checkSpf(
  domains: readonly string[],
  relayHost: string,
  needs: SpfNeeds,
): Promise<readonly SpfCheck[]> {
  const once = { ...needs, lookUp: askedOnce(needs.lookUp) };
  const addresses = await addressesOf(relayHost, once.lookUp);
  return Promise.all(domains.map((domain) => checkOne(domain, { relayHost, addresses }, once)));
}

type Relay = { readonly relayHost: string; readonly addresses: readonly string[] };

async function checkOne(domain: string, { relayHost, addresses }: Relay, needs: SpfNeeds): Promise<SpfCheck> {
  const [texts, results] = await Promise.all([
    recordsOf(needs.lookUp, domain, 'TXT'),
    Promise.all(addresses.map((address) => evaluate(domain, address, needs))),
  ]);
  const records = (texts ?? []).filter((text) => /^v=spf1(?: |$)/i.test(text));
  const record = records.length === 1 ? (records[0] ?? null) : null;
  return { domain, record, ...spfAdvice({ relayHost, results }) };
}

async function evaluate(domain: string, address: string, { lookUp, now }: SpfNeeds) {
  const { spf } = await mailauth();
  const { resolve } = askFor(lookUp, now);
  const { status } = await spf({
    sender: `postmaster@${domain}`,
    ip: address,
    helo: domain,
    mta: domain,
    strict: true,
    resolver: (name, type) => resolve(name, type) as Promise<string[][]>,
  });
  return { address, result: resultOf(status.result), why: status.comment || status.result };
}

function resultOf(word: string): SpfResult {
  return RESULTS.find((one) => one === word) ?? 'temperror';
}

const RESULTS = ['pass', 'fail', 'softfail', 'neutral', 'none', 'permerror', 'temperror'] as const;

async function addressesOf(host: string, lookUp: LookUp): Promise<readonly string[]> {
  if (host.includes(':') || /^[\d.]+$/.test(host)) return [host];
  const families = await Promise.all([recordsOf(lookUp, host, 'A'), recordsOf(lookUp, host, 'AAAA')]);
  return families.flatMap((records = []) => records.slice(0, MAX_ADDRESSES_EACH));
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

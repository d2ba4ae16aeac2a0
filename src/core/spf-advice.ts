/**
 * Whether a domain's SPF record (RFC 7208) lets its relay send for it, and what to write into it if not. A relay may send from other
 * addresses than those of its own name, so a pass is no proof, and a miss is a question to whoever runs the relay. Pure.
 */

/** What an evaluation of the record came to for one address; `neutral` and `softfail` both mean that it is not listed. */
export type SpfResult = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'permerror' | 'temperror';

export type SpfVerdict = 'pass' | 'not-listed' | 'no-record' | 'broken-record' | 'cannot-tell';

export type SpfAdvice = { readonly verdict: SpfVerdict; readonly words: string; readonly fix: string | null };

type Checked = {
  readonly relayHost: string;
  readonly results: readonly { readonly address: string; readonly result: SpfResult; readonly why: string }[];
};

export function spfAdvice({ relayHost, results }: Checked): SpfAdvice {
  const [first] = results;
  if (first === undefined) return untold(`no address of ${relayHost} was found`);
  const broken = results.find(({ result }) => result === 'permerror');
  if (broken !== undefined) {
    const words = `the record cannot be evaluated: ${broken.why}`;
    return { verdict: 'broken-record', words, fix: 'Mend the record first: receivers treat it as if there were none.' };
  }
  if (results.every(({ result }) => result === 'none')) {
    const words = 'there is no SPF record, so nobody is told who may send for this domain';
    return { verdict: 'no-record', words, fix: `Publish a TXT record: v=spf1 mx ${terms([first])} ~all. ${ASK}` };
  }
  const unlisted = results.filter(({ result }) => result === 'fail' || result === 'softfail' || result === 'neutral');
  if (unlisted.length > 0) {
    const words = `the record does not list ${unlisted.map(({ address }) => address).join(', ')} of ${relayHost}`;
    return { verdict: 'not-listed', words, fix: `Add to the record, before its "all": ${terms(unlisted)}. ${ASK}` };
  }
  const untellable = results.find(({ result }) => result !== 'pass');
  if (untellable !== undefined) return untold(untellable.why);
  return { verdict: 'pass', words: `the record lists every address of ${relayHost}. ${EGRESS}`, fix: null };
}

function untold(why: string): SpfAdvice {
  return { verdict: 'cannot-tell', words: `cannot be told: ${why}`, fix: 'Ask again later.' };
}

function terms(unlisted: Checked['results']): string {
  return unlisted.map(({ address }) => `${address.includes(':') ? 'ip6' : 'ip4'}:${address}`).join(' ');
}

const EGRESS =
  'A relay may send from other addresses than those of its name: a test message to an outside mailbox shows the result that counts.';
const ASK =
  'If whoever runs the relay names an "include:" for it, use that instead: a relay may send from other addresses than those of its name.';

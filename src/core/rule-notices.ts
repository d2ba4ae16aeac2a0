/** Which rules want somebody to be told, gathered so that a rule which meets every message tells people once an hour. Pure. */
import { mailboxCandidates, parseAddress } from './address.ts';
import type { MessageFacts } from './message-facts.ts';
import type { NoticeWords } from './notice-words.ts';
import type { Decision, Rule } from './rules/rule.ts';

/** `recipient`: the key of the address of whoever is to be told; `''`: the client's admins */
export type RuleNotice = {
  readonly recipient: string;
  readonly ruleId: string;
  readonly name: string;
  readonly count: number;
};

/** Of one recipient: what is to be said, and when something last was (epoch ms). */
export type Gathered = { readonly recipient: string; readonly toldAt: number; readonly waiting: readonly RuleNotice[] };

/** How seldom people are told: somebody else decides how often a rule matches. */
const NOTICE_GAP_MS = 3_600_000;
// A notice is read by a person.
const MAX_RULES = 10;
// Strangers write to addresses that they guess: each is a letter an hour at most, and so many are told at all.
const MAX_GATHERED = 200;

/** Nobody outside is told of what our own people write. */
export function noticesOf(
  decision: Pick<Decision, 'matched'>,
  rules: readonly Rule[],
  { direction, envelope }: Pick<MessageFacts, 'direction' | 'envelope'>,
): readonly RuleNotice[] {
  const matched = new Set(decision.matched.map(({ ruleId }) => ruleId));
  return rules.flatMap(({ id, name, then }): readonly RuleNotice[] => {
    if (then.kind !== 'notify' || !matched.has(id)) return [];
    if (then.whom === 'recipient' && direction === 'outbound') return [];
    return [{ recipient: then.whom === 'admins' ? '' : personOf(envelope.recipient), ruleId: id, name, count: 1 }];
  });
}

/** Whatever tag is in the address: it is one person, who is told once. */
function personOf(recipient: string): string {
  const address = parseAddress(recipient);
  return address === undefined ? recipient : (mailboxCandidates(address).at(-1) ?? recipient);
}

export function summed(notices: readonly RuleNotice[]): readonly RuleNotice[] {
  const known = new Map<string, RuleNotice>();
  for (const notice of notices) {
    const key = `${notice.recipient} ${notice.ruleId}`;
    known.set(key, { ...notice, count: notice.count + (known.get(key)?.count ?? 0) });
  }
  return [...known.values()];
}

/** With what is new; who was told long ago and has nothing waiting is forgotten. */
export function gathered(
  before: readonly Gathered[],
  notices: readonly RuleNotice[],
  now: number,
): readonly Gathered[] {
  const all = new Map(before.map((one) => [one.recipient, one]));
  for (const notice of notices) {
    const { recipient } = notice;
    const one = all.get(recipient) ?? { recipient, toldAt: 0, waiting: [] };
    all.set(recipient, { ...one, waiting: summed([...one.waiting, notice]).slice(0, MAX_RULES) });
  }
  return [...all.values()]
    .filter(({ toldAt, waiting }) => waiting.length > 0 || toldAt + NOTICE_GAP_MS > now)
    .slice(0, MAX_GATHERED);
}

export function told(before: readonly Gathered[], recipient: string, now: number): readonly Gathered[] {
  return before.map((one) => (one.recipient === recipient ? { recipient, toldAt: now, waiting: [] } : one));
}

/** Undefined while nothing waits to be said. */
export function noticesDueAt({ toldAt, waiting }: Gathered): number | undefined {
  return waiting.length === 0 ? undefined : toldAt + NOTICE_GAP_MS;
}

export function noticeWordsOf(notices: readonly RuleNotice[]): string {
  return notices
    .map(({ name, count }) => `${count} message${count === 1 ? '' : 's'} met the rule "${name}"`)
    .join('; ');
}

/** Rules and counts only: whatever a stranger has chosen of a message stays where it can be looked at safely. */
export function personWords(notices: readonly RuleNotice[]): NoticeWords {
  const text = [
    'A rule of your company’s mail filter asks that you are told of mail for you:',
    '',
    ...notices.map((notice) => `- ${noticeWordsOf([notice])}`),
    '',
    'What the filter has not let through is kept; your administrator can let it go.',
    'You get this once an hour at most.',
    '',
  ];
  return { subject: 'Your mail filter: a rule was met', text: text.join('\n') };
}

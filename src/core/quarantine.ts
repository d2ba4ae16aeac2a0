/** Why a message is in quarantine, whose it is, and until when nobody may delete it. Pure. */
import { type Address, mailboxCandidates } from './address.ts';
import type { QuarantinePlan } from './filter-plan.ts';
import type { LedgerKind } from './ledger.ts';
import type { MessageFacts } from './message-facts.ts';
import type { Condition, Rule, Verdict } from './rules/rule.ts';

/** `threat`: a virus, a dangerous attachment, somebody who passes for another: no user lets it out; `rule`: whatever else a client asks for. */
export const CAUSES = ['spam', 'threat', 'rule'] as const;
export type Cause = (typeof CAUSES)[number];

export type Quarantining = {
  /** the rule's own words */
  readonly detail: string;
  readonly ruleId: string;
  readonly cause: Cause;
  /** 0 to 100, where it was scored */
  readonly spamScore?: number;
};

/** `rules`: those that were tried, the deciding one among them. */
export function quarantining(
  verdict: Extract<Verdict, { kind: 'quarantine' }>,
  rules: readonly Rule[],
  { spam }: Pick<MessageFacts, 'spam'>,
): Quarantining {
  const { ruleId, reason } = verdict;
  return {
    detail: reason,
    ruleId,
    cause: causeOf(rules.find(({ id }) => id === ruleId)?.when),
    ...(spam === undefined ? {} : { spamScore: spam.score }),
  };
}

/** The gravest of what the condition asks for; of what it must not be nothing follows. */
export function causeOf(when: Condition | undefined): Cause {
  switch (when?.kind) {
    case undefined:
      return 'rule';
    case 'all':
    case 'any':
      return gravest(when.of.map(causeOf));
    case 'spam':
      return 'spam';
    case 'virus':
    case 'impersonation':
    case 'not-fully-scanned':
    case 'scanner-failed':
      return 'threat';
    case 'attachment':
      return when.test.kind === 'any' ? 'rule' : 'threat';
    case 'listed':
      return when.of === 'attachment-hash' || when.of === 'link-host' ? 'threat' : 'rule';
    case 'always':
    case 'not':
    case 'direction':
    case 'address':
    case 'header':
    case 'text':
    case 'size':
    case 'time':
    case 'country':
    case 'link':
    case 'authentication':
    case 'sensitive':
      return 'rule';
  }
}

function gravest(causes: readonly Cause[]): Cause {
  if (causes.includes('threat')) return 'threat';
  return causes.includes('spam') ? 'spam' : 'rule';
}

/**
 * Whose quarantine shows it, an address key: that of the recipient without sub-address. What the client's own people wrote is nobody's but
 * the admins': it was stopped so that it reaches nobody.
 */
export function quarantineBox(
  recipient: Address,
  entry: { readonly kind: LedgerKind; readonly submissionId?: string },
): string {
  const isFromOutside = entry.kind === 'inbound' && entry.submissionId === undefined;
  return isFromOutside ? (mailboxCandidates(recipient).at(-1) ?? recipient.key) : '';
}

const DAY_MS = 86_400_000;

/** Time alone deletes nothing: from then on an admin may (epoch ms). */
export function deletableFrom(quarantinedAt: number, { retentionDays }: Pick<QuarantinePlan, 'retentionDays'>): number {
  return quarantinedAt + retentionDays * DAY_MS;
}

/** What a user may do with one of the own messages. */
export function mayRelease(users: QuarantinePlan['users'], cause: Cause): boolean {
  return users === 'release' && cause !== 'threat';
}

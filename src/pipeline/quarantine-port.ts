/**
 * What the client object answers about its quarantine, and about what its people have taught the filter. Whoever asks says as whom: a user meets the own messages only, and only as far as
 * the client's plan lets users (P8). Nothing here deletes by itself.
 */
import type { MessageId } from '../core/ids.ts';
import type { Direction, EnvelopeFacts, Party } from '../core/message-facts.ts';
import type { Cause } from '../core/quarantine.ts';
import type { Label } from '../core/spam/model.ts';

/** `by`: as the audit log names them; `address`: of the account that is logged in */
export type Asker =
  | { readonly kind: 'admin'; readonly by: string }
  | { readonly kind: 'user'; readonly address: string };

/** Epoch ms; `from` on, before `to`. `before`: where the page before ended */
export type QuarantineQuery = {
  /** the address it was written to, with or without a sub-address */
  readonly recipient?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly before?: number | undefined;
  readonly limit: number;
};

export type Quarantined = {
  readonly id: MessageId;
  readonly direction: Direction;
  readonly from: Party;
  readonly recipient: string;
  readonly subject: string;
  readonly receivedAt: number;
  readonly sizeBytes: number;
  /** the words of the rule, and its id; `''` where an earlier version put it in */
  readonly reason: string;
  readonly ruleId: string;
  readonly cause: Cause;
  readonly spamScore: number | null;
  /** by whoever asked */
  readonly mayRelease: boolean;
  /** by an admin, from then on (epoch ms) */
  readonly deletableFrom: number;
};

/** Newest first. `next`: where the page after it begins */
export type QuarantinePage = { readonly messages: readonly Quarantined[]; readonly next?: number };

/** With what a preview is made of. */
export type QuarantinedMessage = Quarantined & {
  readonly contentKey: string;
  readonly partCount: number;
  readonly to: readonly Party[];
  readonly cc: readonly Party[];
  readonly dateMs?: number;
  readonly envelope: EnvelopeFacts;
};

export type Released = {
  readonly id: MessageId;
  readonly result: 'released' | 'not-there' | 'not-allowed';
  readonly cause?: Cause;
};

/** `at`: epoch ms */
export type Deletion =
  | { readonly kind: 'deleted'; readonly cause: Cause }
  | { readonly kind: 'too-early'; readonly possibleFrom: number }
  | { readonly kind: 'not-there' };

/** `as`: `nothing` takes back what was said before; `tokens`: of the message, whatever is said of it (pipeline/read-tokens.ts) */
export type Lesson = { readonly id: MessageId; readonly as: Label | 'nothing'; readonly tokens: Uint32Array };

/** `known`: it was said before; `enough`: this person has taught as much as one person may in a day */
export type Taught = 'learned' | 'known' | 'enough';

export type QuarantinePort = {
  quarantine(asker: Asker, query: QuarantineQuery): Promise<QuarantinePage>;
  /** what the client lets its users do, and how much waits there for this one */
  ownQuarantine(address: string): Promise<{ readonly users: 'nothing' | 'see' | 'release'; readonly count: number }>;
  quarantined(asker: Asker, id: MessageId): Promise<QuarantinedMessage | null>;
  /** to the gateway, or while mailboxes are open into the mailbox as well; answers in the order asked */
  release(asker: Asker, ids: readonly MessageId[]): Promise<readonly Released[]>;
  /** `too-early`: nobody may yet */
  deleteQuarantined(id: MessageId, by: string): Promise<Deletion>;
  /** answers in the order of the lessons */
  learn(asker: Asker, lessons: readonly Lesson[]): Promise<readonly Taught[]>;
  /** what was said of it last; null: nothing */
  taughtOf(id: MessageId): Promise<Label | null>;
  /** the client's own model is empty again, and of no message anything has been said; answers its new version */
  resetModel(): Promise<number>;
};

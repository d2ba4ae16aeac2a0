/**
 * A client's filter rules as data (R3-R5): conditions over the facts of a message, and what follows. Tried in order; `tag`, `redirect` and
 * `notify` go on to the next rule, the rest end. Parsed at the edge (pipeline/rule-schema.ts), evaluated in rules/evaluate.ts.
 */
import type { AuthenticationResult, Direction } from '../message-facts.ts';

/** `pattern`: the expression language of rules/pattern.ts, bounded in steps. `glob`: `*` and `?`. All without regard to case. */
export type TextTest = {
  readonly how: 'contains' | 'word' | 'equals' | 'glob' | 'pattern';
  readonly value: string;
};

/** One of them matches: `a@b.example`, `@b.example`, `@*.b.example` (below it), `<>` for the null reverse path, `<own>` for the client's domains. */
export type AddressPattern = string;

export type AttachmentTest =
  | { readonly kind: 'name'; readonly test: TextTest }
  /** declared or true type, `image/*` and the like */
  | { readonly kind: 'type'; readonly types: readonly string[] }
  | { readonly kind: 'hash'; readonly sha256: readonly string[] }
  | { readonly kind: 'encrypted' }
  | { readonly kind: 'macro' }
  /** executable by true type or by name, also within an archive */
  | { readonly kind: 'dangerous' }
  | { readonly kind: 'tricked-name' }
  | { readonly kind: 'bomb' }
  | { readonly kind: 'any' };

export type Condition =
  | { readonly kind: 'always' }
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'direction'; readonly is: Direction }
  | {
      readonly kind: 'address';
      readonly of: 'sender' | 'recipient' | 'from' | 'reply-to' | 'to-or-cc';
      readonly matches: readonly AddressPattern[];
    }
  | { readonly kind: 'header'; readonly name: string; readonly test: TextTest | { readonly how: 'present' } }
  | { readonly kind: 'text'; readonly in: 'subject' | 'body' | 'anywhere'; readonly test: TextTest }
  | { readonly kind: 'size'; readonly overBytes: number }
  /** local time in the zone, `22:00` to `06:00` may cross midnight; weekdays 1 (Monday) to 7 of the start */
  | {
      readonly kind: 'time';
      readonly timeZone: string;
      readonly weekdays: readonly number[];
      readonly from: string;
      readonly to: string;
    }
  /** ISO 3166-1 alpha-2; where the country is not known, neither this nor its opposite is true */
  | { readonly kind: 'country'; readonly in: readonly string[] }
  | { readonly kind: 'attachment'; readonly test: AttachmentTest }
  /** host patterns: `b.example`, `*.b.example` */
  | { readonly kind: 'link'; readonly hosts: readonly string[] }
  /** where nobody could say (`unknown`, `temperror`), only these words are true, and no opposite */
  | {
      readonly kind: 'authentication';
      readonly method: 'spf' | 'dkim' | 'dmarc';
      readonly is: readonly AuthenticationResult[];
    }
  | { readonly kind: 'spam'; readonly atLeast: number }
  | { readonly kind: 'virus' }
  | {
      readonly kind: 'listed';
      readonly list: string;
      readonly of: 'sender' | 'sender-domain' | 'recipient' | 'remote-ip' | 'link-host' | 'attachment-hash';
    }
  /** `own-domain`: From, or its domain, looks like one of the client's and is not; `own-account`: the name of one of its people, another address */
  | { readonly kind: 'impersonation'; readonly of: 'own-domain' | 'own-account' }
  /** numbers whose checksum is right, so many different ones */
  | { readonly kind: 'sensitive'; readonly what: 'card' | 'iban' | 'national-id'; readonly atLeast: number }
  | { readonly kind: 'not-fully-scanned' }
  /** absent: any of them */
  | { readonly kind: 'scanner-failed'; readonly scanner?: string };

export type Action =
  | { readonly kind: 'accept' }
  | { readonly kind: 'quarantine' }
  | { readonly kind: 'reject'; readonly text: string }
  | { readonly kind: 'discard' }
  | { readonly kind: 'hold' }
  /**
   * a header field is put above the message; a prefix is put before its subject, which breaks the sender's signature over it;
   * `{score}` in either is the spam score
   */
  | {
      readonly kind: 'tag';
      readonly header?: { readonly name: string; readonly value: string };
      readonly subjectPrefix?: string;
    }
  /** to another account of the client's */
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'notify'; readonly whom: 'admins' | 'recipient' };

export type Rule = {
  readonly id: string;
  /** what people call it */
  readonly name: string;
  readonly isOn: boolean;
  readonly when: Condition;
  readonly then: Action;
};

/** The sets a client switches on; each is rules like its own, after its own (rules/built-in.ts). */
export type BuiltInSet =
  | 'dangerous-attachments'
  | 'macros-from-outside'
  | 'own-domain-look-alike'
  | 'own-name-impersonation'
  | 'numbers-leaving'
  | 'spam'
  | 'virus';

/** What a rule may know of the client beside the message. */
export type RuleContext = {
  readonly ownDomains: readonly string[];
  readonly lists: Readonly<Record<string, ReadonlySet<string>>>;
  /** the normalised name is that of one of the client's people (rules/impersonation.ts) */
  readonly isOwnName: (name: string) => boolean;
};

export type Verdict =
  | { readonly kind: 'accept' }
  | { readonly kind: 'quarantine'; readonly ruleId: string; readonly reason: string }
  | { readonly kind: 'reject'; readonly ruleId: string; readonly reason: string }
  | { readonly kind: 'discard'; readonly ruleId: string; readonly reason: string }
  /** kept for a person, not in the quarantine: nothing is known against it */
  | { readonly kind: 'hold'; readonly ruleId: string; readonly reason: string };

export type Decision = {
  readonly verdict: Verdict;
  /** in the order of the rules */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly subjectPrefix: string;
  readonly redirect?: string;
  readonly notify: readonly ('admins' | 'recipient')[];
  /** every rule that matched, with what made it match, in words */
  readonly matched: readonly { readonly ruleId: string; readonly name: string; readonly words: string }[];
  /** rules that could not be judged: a pattern ran over its steps, or a fault of ours; they count as not matching */
  readonly failed: readonly { readonly ruleId: string; readonly why: string }[];
};

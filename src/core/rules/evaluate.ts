/**
 * A client's rules on one message: the first that ends decides, what goes on (tag, redirect, notify) is collected until then. Total: it never
 * throws, and ends within a bounded number of steps; a rule that cannot be judged counts as not matching and is listed in `failed`.
 */
import type { MessageFacts } from '../message-facts.ts';
import { judgeAttachment } from './attachment-conditions.ts';
import { describeCondition } from './describe.ts';
import { judgeListed } from './list-conditions.ts';
import { judgeAddress, judgeCountry, judgeHeader, judgeLink, judgeText, judgeTime } from './message-conditions.ts';
import type { Action, Condition, Decision, Rule, RuleContext, Verdict } from './rule.ts';
import { Subject } from './subject.ts';
import { allOf, anyOf, failed, opposite, type Truth, truthIf, yes } from './truth.ts';
import {
  judgeAuthentication,
  judgeImpersonation,
  judgeNotFullyScanned,
  judgeScannerFailed,
  judgeSensitive,
  judgeSpam,
  judgeVirus,
} from './verdict-conditions.ts';

export function evaluate(rules: readonly Rule[], facts: MessageFacts, context: RuleContext): Decision {
  const subject = new Subject(facts, context);
  const collected = new Collected(facts);
  for (const rule of rules) {
    if (!rule.isOn) continue;
    const truth = judgeRule(subject, rule);
    if (truth.kind === 'unknown' && truth.because !== 'not-known')
      collected.failed.push({ ruleId: rule.id, why: truth.why });
    if (truth.kind !== 'yes') continue;
    collected.matched.push({ ruleId: rule.id, name: rule.name, words: truth.words });
    const verdict = collected.apply(rule, truth.words);
    if (verdict !== undefined) return collected.decision(verdict);
  }
  return collected.decision({ kind: 'accept' });
}

/** Never throws: a rule is data, perhaps of another version, and a fault in judging it is no reason to lose a message. */
export function judgeRule(subject: Subject, rule: Rule): Truth {
  try {
    const truth: Truth | undefined = judge(subject, rule.when);
    return truth ?? failed('it asks for something that this version does not know');
  } catch (cause) {
    return failed(`it could not be judged (${cause instanceof Error ? cause.name : 'unknown'})`);
  }
}

/** The verdict a rule ends in, or undefined where the next rule is tried. */
export function verdictOf(rule: Rule, words: string): Verdict | undefined {
  const { then, id: ruleId } = rule;
  switch (then.kind) {
    case 'accept':
      return { kind: 'accept' };
    case 'reject':
      return { kind: 'reject', ruleId, reason: then.text };
    case 'quarantine':
    case 'discard':
    case 'hold':
      return { kind: then.kind, ruleId, reason: `${rule.name}: ${words}` };
    case 'tag':
    case 'redirect':
    case 'notify':
      return undefined;
  }
}

/** What the rules before the last have put together. */
class Collected {
  readonly matched: Decision['matched'][number][] = [];
  readonly failed: Decision['failed'][number][] = [];
  readonly #facts: MessageFacts;
  readonly #headers: Decision['headers'][number][] = [];
  readonly #notify = new Set<'admins' | 'recipient'>();
  #subjectPrefix = '';
  #redirect: string | undefined;

  constructor(facts: MessageFacts) {
    this.#facts = facts;
  }

  apply(rule: Rule, words: string): Verdict | undefined {
    const { then } = rule;
    if (then.kind === 'tag') this.#tag(then);
    if (then.kind === 'notify') this.#notify.add(then.whom);
    // The first one decides, as with verdicts.
    if (then.kind === 'redirect') this.#redirect ??= then.to;
    return verdictOf(rule, words);
  }

  decision(verdict: Verdict): Decision {
    return {
      verdict,
      headers: this.#headers,
      subjectPrefix: this.#subjectPrefix,
      ...(this.#redirect === undefined ? {} : { redirect: this.#redirect }),
      notify: [...this.#notify],
      matched: this.matched,
      failed: this.failed,
    };
  }

  #tag({ header, subjectPrefix }: Action & { readonly kind: 'tag' }): void {
    if (header !== undefined) this.#headers.push({ name: header.name, value: this.#filled(header.value) });
    // Whoever puts them before the subject (core/marks.ts) puts a space between.
    if (subjectPrefix !== undefined)
      this.#subjectPrefix = `${this.#subjectPrefix} ${this.#filled(subjectPrefix).trim()}`.trim();
  }

  /** `{score}` is the spam score; nothing else of a message gets into what we put above it. */
  #filled(text: string): string {
    return text.replaceAll('{score}', `${this.#facts.spam?.score ?? 'unknown'}`);
  }
}

function judge(subject: Subject, condition: Condition): Truth {
  switch (condition.kind) {
    case 'always':
      return yes('it applies to every message');
    case 'all':
      return allOf(condition.of, (part) => untold(part, condition.of, judge(subject, part)));
    case 'any':
      return anyOf(condition.of, (part) => judge(subject, part));
    case 'not':
      return opposite(judge(subject, condition.of), describeCondition(condition));
    case 'direction':
      return truthIf(subject.facts.direction === condition.is, describeCondition(condition));
    case 'size':
      return truthIf(subject.facts.sizeBytes > condition.overBytes, describeCondition(condition));
    case 'address':
      return judgeAddress(subject, condition);
    case 'header':
      return judgeHeader(subject, condition);
    case 'text':
      return judgeText(subject, condition);
    case 'time':
      return judgeTime(subject, condition);
    case 'country':
      return judgeCountry(subject, condition);
    case 'link':
      return judgeLink(subject, condition);
    case 'attachment':
      return judgeAttachment(subject, condition.test);
    case 'listed':
      return judgeListed(subject, condition);
    case 'authentication':
      return judgeAuthentication(subject, condition);
    case 'spam':
      return judgeSpam(subject, condition);
    case 'virus':
      return judgeVirus(subject);
    case 'impersonation':
      return judgeImpersonation(subject, condition);
    case 'sensitive':
      return judgeSensitive(subject, condition);
    case 'not-fully-scanned':
      return judgeNotFullyScanned(subject);
    case 'scanner-failed':
      return judgeScannerFailed(subject, condition);
  }
}

/** Where it goes is said only where nothing else is: everybody knows, and in a narrow line it hides what has decided. */
function untold(part: Condition, all: readonly Condition[], truth: Truth): Truth {
  const goesWithoutSaying = part.kind === 'direction' && all.some(({ kind }) => kind !== 'direction');
  return goesWithoutSaying && truth.kind === 'yes' ? yes('') : truth;
}

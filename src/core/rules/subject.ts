/** What rules are tried on: one message's facts, its client's context, and the steps that all patterns together may still make. */
import type { MessageFacts } from '../message-facts.ts';
import { isFile, namesOf } from './files.ts';
import { fold, foldedWords } from './fold.ts';
import { type Pattern, type Searched, search } from './pattern.ts';
import type { RuleContext } from './rule.ts';

/** `what`: how a person calls the text, `the subject` for one. */
export type Text = { readonly what: string; readonly text: string };

/** Parts of the facts that a store may leave out, being large or private. */
export type NotKept = 'texts' | 'links' | 'fields';

// About 30 ms of one pattern at worst, and 150 ms of all rules of a client together: the time box of a message is not theirs alone.
export const MAX_STEPS_OF_A_PATTERN = 1_000_000;
export const MAX_STEPS_OF_A_MESSAGE = 5_000_000;

/** Shared by whatever must end together: the rules of a message, or the messages of a dry run. */
export class StepBudget {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  get isSpent(): boolean {
    return this.#left <= 0;
  }

  search(pattern: Pattern, text: string): Searched['answer'] {
    const { answer, steps } = search(pattern, text, Math.max(0, Math.min(MAX_STEPS_OF_A_PATTERN, this.#left)));
    this.#left -= steps;
    return answer;
  }

  /** What is sought as it stands costs little, and five hundred rules over a megabyte cost more. */
  spendReading(text: string): void {
    this.#left -= Math.ceil(text.length / 16);
  }
}

export class Subject {
  readonly facts: MessageFacts;
  readonly context: RuleContext;
  readonly notKept: ReadonlySet<NotKept>;
  readonly budget: StepBudget;
  #fileNames: readonly Text[] | undefined;
  readonly #folded = new Map<string, string>();
  readonly #words = new Map<string, string>();

  constructor(
    facts: MessageFacts,
    context: RuleContext,
    budget = new StepBudget(MAX_STEPS_OF_A_MESSAGE),
    notKept: readonly NotKept[] = [],
  ) {
    this.facts = facts;
    this.context = context;
    this.budget = budget;
    this.notKept = new Set(notKept);
  }

  /** Thousands of them where archives are attached: gathered once, however many rules read them. */
  get fileNames(): readonly Text[] {
    this.#fileNames ??= this.facts.parts.filter(isFile).flatMap(namesOf);
    return this.#fileNames;
  }

  /** Each text of a message is folded once, however many rules read it. */
  folded(text: string): string {
    return remembered(this.#folded, text, fold);
  }

  words(text: string): string {
    return remembered(this.#words, text, foldedWords);
  }
}

function remembered(known: Map<string, string>, text: string, make: (text: string) => string): string {
  const before = known.get(text);
  if (before !== undefined) return before;
  const made = make(text);
  known.set(text, made);
  return made;
}

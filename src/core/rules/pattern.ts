/**
 * Patterns that cannot hang: compiled into states, searched in linear time, and counted in steps against a limit. Only whether something
 * matches is asked, never where. Case does not count; `^` and `$` mean a line; `\w` and `\b` know the letters of every script.
 */
import { compileNode, type Instruction, isLineEnd, isWordCharacter, type Program } from './pattern-program.ts';
import { parseGlob, parsePattern } from './pattern-syntax.ts';

/** `firsts`: the ASCII characters a match can begin with; absent when it can begin anywhere. */
export type Pattern = {
  readonly program: Program;
  readonly isWhole: boolean;
  readonly firsts?: readonly boolean[];
};

export type Compiled =
  | { readonly kind: 'pattern'; readonly pattern: Pattern }
  /** `why` goes on after "the pattern" */
  | { readonly kind: 'refused'; readonly why: string };

export type Searched = { readonly answer: 'found' | 'not-found' | 'out-of-steps'; readonly steps: number };

const TOO_LARGE = 'is too large once its repeats are written out: use smaller numbers in {…}, or fewer of them';

export function compilePattern(source: string): Compiled {
  const parsed = parsePattern(source);
  if (parsed.kind === 'refused') return parsed;
  const program = compileNode(parsed.node);
  if (program === undefined) return { kind: 'refused', why: TOO_LARGE };
  return { kind: 'pattern', pattern: patternOf(program) };
}

/** Matches the text as a whole. */
export function compileGlob(source: string): Compiled {
  const program = compileNode(parseGlob(source));
  if (program === undefined) return { kind: 'refused', why: 'is too long: use at most 500 characters' };
  return { kind: 'pattern', pattern: { program, isWhole: true } };
}

function patternOf(program: Program): Pattern {
  const firsts = firstsOf(program);
  return firsts === undefined ? { program, isWhole: false } : { program, isWhole: false, firsts };
}

/** `text` is folded (`fold.ts`). A step is one state looked at, or one character passed over; at most `maxSteps` are made. */
export function search(pattern: Pattern, text: string, maxSteps: number): Searched {
  return new Search(pattern, text, maxSteps).run();
}

class Search {
  readonly #pattern: Pattern;
  readonly #text: string;
  readonly #maxSteps: number;
  readonly #stack: number[] = [];
  /** the position a state was last entered at, plus one: each state is entered once per position */
  readonly #entered: Int32Array;
  #steps = 0;
  #isFound = false;

  constructor(pattern: Pattern, text: string, maxSteps: number) {
    this.#pattern = pattern;
    this.#text = text;
    this.#maxSteps = maxSteps;
    this.#entered = new Int32Array(pattern.program.length);
  }

  run(): Searched {
    let states: number[] = [];
    let before = -1;
    for (let at = 0; at <= this.#text.length; ) {
      if (states.length === 0) {
        const next = this.#skip(at);
        if (next > at) before = this.#text.charCodeAt(next - 1);
        at = next;
      }
      const here = this.#text.codePointAt(at) ?? -1;
      if (!this.#pattern.isWhole || at === 0) this.#enter(0, states, { at, before, here });
      if (this.#isFound) return this.#answer('found');
      if (this.#steps >= this.#maxSteps) return this.#answer('out-of-steps');
      if (here === -1 || (this.#pattern.isWhole && states.length === 0)) break;
      const width = here > 0xff_ff ? 2 : 1;
      const after = this.#text.codePointAt(at + width) ?? -1;
      states = this.#step(states, here, { at: at + width, before: here, here: after });
      if (this.#isFound) return this.#answer('found');
      before = here;
      at += width;
    }
    return this.#answer('not-found');
  }

  #answer(answer: Searched['answer']): Searched {
    return { answer, steps: Math.min(this.#steps, this.#maxSteps) };
  }

  /** Past what no match can begin with, while nothing is under way. */
  #skip(from: number): number {
    const { firsts } = this.#pattern;
    if (firsts === undefined) return from;
    const last = Math.min(this.#text.length, from + this.#maxSteps - this.#steps);
    let at = from;
    for (; at < last; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code >= 128 || firsts[code] === true) break;
    }
    this.#steps += at - from;
    return at;
  }

  #step(states: readonly number[], codePoint: number, place: Place): number[] {
    const next: number[] = [];
    for (const state of states) {
      if (this.#steps >= this.#maxSteps || this.#isFound) return next;
      this.#steps += 1;
      if (takes(this.#pattern.program[state], codePoint)) this.#enter(state + 1, next, place);
    }
    return next;
  }

  /** Follows what needs no character; what needs one is put into `states`. */
  #enter(first: number, states: number[], place: Place): void {
    this.#stack.push(first);
    for (let state = this.#stack.pop(); state !== undefined; state = this.#stack.pop()) {
      if (this.#entered[state] === place.at + 1) continue;
      if (this.#steps >= this.#maxSteps) {
        this.#stack.length = 0;
        return;
      }
      this.#steps += 1;
      this.#entered[state] = place.at + 1;
      this.#follow(state, states, place);
    }
  }

  #follow(state: number, states: number[], place: Place): void {
    const instruction = this.#pattern.program[state];
    if (instruction === undefined) return;
    switch (instruction.kind) {
      case 'character':
      case 'set':
        states.push(state);
        return;
      case 'split':
        this.#stack.push(instruction.other, instruction.one);
        return;
      case 'assert':
        if (holds(instruction.assertion, place)) this.#stack.push(state + 1);
        return;
      case 'found':
        this.#isFound ||= !this.#pattern.isWhole || place.here === -1;
    }
  }
}

/** `before`, `here`: the characters to both sides, -1 where the text begins or ends */
type Place = { readonly at: number; readonly before: number; readonly here: number };

function takes(instruction: Instruction | undefined, codePoint: number): boolean {
  if (instruction?.kind === 'character') return instruction.codePoint === codePoint;
  return instruction?.kind === 'set' && instruction.has(codePoint);
}

function holds(assertion: (Instruction & { readonly kind: 'assert' })['assertion'], { before, here }: Place): boolean {
  switch (assertion) {
    case 'line-start':
      return before === -1 || isLineEnd(before);
    case 'line-end':
      return here === -1 || isLineEnd(here);
    case 'word-edge':
      return isWord(before) !== isWord(here);
    case 'no-word-edge':
      return isWord(before) === isWord(here);
  }
}

function isWord(codePoint: number): boolean {
  return codePoint !== -1 && isWordCharacter(codePoint);
}

/** Undefined when a match may be empty: it can begin, and end, anywhere. */
function firstsOf(program: Program): readonly boolean[] | undefined {
  const seen = new Set<number>();
  const firsts = Array.from({ length: 128 }, () => false);
  const stack = [0];
  for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
    const instruction = program[state];
    if (seen.has(state) || instruction === undefined) continue;
    seen.add(state);
    if (instruction.kind === 'found') return undefined;
    if (instruction.kind === 'split') stack.push(instruction.one, instruction.other);
    else if (instruction.kind === 'assert') stack.push(state + 1);
    else for (let code = 0; code < 128; code += 1) firsts[code] ||= takes(instruction, code);
  }
  return firsts;
}

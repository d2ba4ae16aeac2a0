/**
 * A pattern's tree as a program of a machine with states (Thompson, 1968): every instruction is a state, and a search is in each of them
 * at most once for every character, so its cost is at most length × size. That is why there is no backtracking to hang in.
 */

import { foldedCharacter } from './fold.ts';
import type { Assertion, ClassLetter, Node, SetItem } from './pattern-syntax.ts';

export type Instruction =
  | { readonly kind: 'character'; readonly codePoint: number }
  | { readonly kind: 'set'; readonly has: (codePoint: number) => boolean }
  | { readonly kind: 'split'; readonly one: number; readonly other: number }
  | { readonly kind: 'assert'; readonly assertion: Assertion }
  | { readonly kind: 'found' };

export type Program = readonly Instruction[];

// A search is in all of them at worst, for every character of a text.
const MAX_INSTRUCTIONS = 2_000;
// `((((){250}){250}){250}){250}` makes no instruction at all, four billion times.
const MAX_VISITS = 20_000;

/** Undefined when it is too large once its repeats are written out. */
export function compileNode(node: Node): Program | undefined {
  return new Compiler().whole(node);
}

/** Every `emit…` answers false when the program has become too large, and nothing further is written then. */
class Compiler {
  readonly #program: Instruction[] = [];
  #visits = 0;

  whole(node: Node): Program | undefined {
    if (!this.#emit(node) || this.#program.length > MAX_INSTRUCTIONS) return undefined;
    return [...this.#program, { kind: 'found' }];
  }

  #emit(part: Node): boolean {
    this.#visits += 1;
    if (this.#visits > MAX_VISITS || this.#program.length > MAX_INSTRUCTIONS) return false;
    switch (part.kind) {
      case 'literal':
        return this.#push({ kind: 'character', codePoint: part.codePoint });
      case 'set':
        return this.#push({ kind: 'set', has: setOf(part.items, part.isNegated) });
      case 'dot':
        return this.#push({ kind: 'set', has: isWithinLine });
      case 'every':
        return this.#push({ kind: 'set', has: () => true });
      case 'assertion':
        return this.#push({ kind: 'assert', assertion: part.assertion });
      case 'sequence':
        return part.of.every((one) => this.#emit(one));
      case 'either':
        return this.#emitEither(part.of);
      case 'repeat':
        return this.#emitRepeat(part.of, part.least, part.most);
    }
  }

  #push(instruction: Instruction): boolean {
    this.#program.push(instruction);
    return true;
  }

  #emitEither(of: readonly Node[]): boolean {
    const [first, ...rest] = of;
    if (first === undefined) return true;
    if (rest.length === 0) return this.#emit(first);
    const split = this.#reserve();
    if (!this.#emit(first)) return false;
    const skip = this.#reserve();
    this.#program[split] = { kind: 'split', one: split + 1, other: this.#program.length };
    const isWhole = this.#emitEither(rest);
    this.#program[skip] = jump(this.#program.length);
    return isWhole;
  }

  #emitRepeat(of: Node, least: number, most: number): boolean {
    for (let count = 0; count < least; count += 1) if (!this.#emit(of)) return false;
    return most === Number.POSITIVE_INFINITY ? this.#emitLoop(of) : this.#emitOptional(of, most - least);
  }

  #emitLoop(of: Node): boolean {
    const split = this.#reserve();
    const isWhole = this.#emit(of);
    this.#program.push(jump(split));
    this.#program[split] = { kind: 'split', one: split + 1, other: this.#program.length };
    return isWhole;
  }

  /** `a{0,3}` as a?a?a?, each of which may leave for the end. */
  #emitOptional(of: Node, times: number): boolean {
    const splits: number[] = [];
    for (let count = 0; count < times; count += 1) {
      splits.push(this.#reserve());
      if (!this.#emit(of)) return false;
    }
    for (const split of splits) this.#program[split] = { kind: 'split', one: split + 1, other: this.#program.length };
    return true;
  }

  /** A place for an instruction that is known once what follows is written. */
  #reserve(): number {
    this.#program.push({ kind: 'found' });
    return this.#program.length - 1;
  }
}

function jump(to: number): Instruction {
  return { kind: 'split', one: to, other: to };
}

/** Letters and digits of every script: `\w` that ends at an umlaut would cut words in most languages. */
export function isWordCharacter(codePoint: number): boolean {
  if (codePoint < 128) return ASCII_WORD[codePoint] === true;
  return WORD.test(String.fromCodePoint(codePoint));
}

export function isLineEnd(codePoint: number): boolean {
  return codePoint === 0x0a || codePoint === 0x0d || codePoint === 0x20_28 || codePoint === 0x20_29;
}

function isWithinLine(codePoint: number): boolean {
  return !isLineEnd(codePoint);
}

const WORD = /[\p{L}\p{M}\p{N}_]/u;
const SPACE = /\s/u;
const ASCII_WORD = Array.from({ length: 128 }, (_, code) => WORD.test(String.fromCodePoint(code)));

/** The text is folded: a character is in a set when it, or what it was before, is. */
function setOf(items: readonly SetItem[], isNegated: boolean): (codePoint: number) => boolean {
  const has = (codePoint: number) => variantsOf(codePoint).some((variant) => items.some((item) => isIn(item, variant)));
  const ascii = Array.from({ length: 128 }, (_, code) => has(code) !== isNegated);
  return (codePoint) => (codePoint < 128 ? ascii[codePoint] === true : has(codePoint) !== isNegated);
}

function variantsOf(codePoint: number): readonly number[] {
  const upper = String.fromCodePoint(codePoint).toUpperCase();
  return [codePoint, foldedCharacter(codePoint), upper.codePointAt(0) ?? codePoint];
}

function isIn(item: SetItem, codePoint: number): boolean {
  return item.kind === 'range' ? codePoint >= item.low && codePoint <= item.high : isOfClass(item.letter, codePoint);
}

function isOfClass(letter: ClassLetter, codePoint: number): boolean {
  switch (letter) {
    case 'd':
      return codePoint >= 0x30 && codePoint <= 0x39;
    case 'D':
      return !isOfClass('d', codePoint);
    case 'w':
      return isWordCharacter(codePoint);
    case 'W':
      return !isWordCharacter(codePoint);
    case 's':
      return SPACE.test(String.fromCodePoint(codePoint));
    case 'S':
      return !isOfClass('s', codePoint);
  }
}

/**
 * Reads a pattern as people write them (the common part of Perl's and JavaScript's expressions) into a tree. What would need backtracking
 * (references back, looking ahead or behind) is refused with what to write instead; so is whatever two engines understand differently.
 */
import { fold, foldedCharacter } from './fold.ts';

export type ClassLetter = 'd' | 'D' | 'w' | 'W' | 's' | 'S';
export type SetItem =
  | { readonly kind: 'range'; readonly low: number; readonly high: number }
  | { readonly kind: 'class'; readonly letter: ClassLetter };
export type Assertion = 'line-start' | 'line-end' | 'word-edge' | 'no-word-edge';

export type Node =
  | { readonly kind: 'literal'; readonly codePoint: number }
  | { readonly kind: 'set'; readonly items: readonly SetItem[]; readonly isNegated: boolean }
  /** `.`: all but the end of a line */
  | { readonly kind: 'dot' }
  /** every character, ends of lines too: the `*` and `?` of a glob */
  | { readonly kind: 'every' }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | { readonly kind: 'sequence'; readonly of: readonly Node[] }
  | { readonly kind: 'either'; readonly of: readonly Node[] }
  | { readonly kind: 'repeat'; readonly of: Node; readonly least: number; readonly most: number };

export type Parsed =
  | { readonly kind: 'parsed'; readonly node: Node }
  | { readonly kind: 'refused'; readonly why: string };

// Longer ones are lists, and a list is tested a hundred times faster as one.
export const MAX_PATTERN_LENGTH = 500;
// Every level is a call of the parser and of the compiler: their stack must not be filled by brackets.
const MAX_GROUP_DEPTH = 30;
// Repeats are written out when compiled.
const MAX_REPEAT = 250;

class Refusal extends Error {}

export function parsePattern(source: string): Parsed {
  if (source === '') return refused('is empty: it would match everything');
  if (source.length > MAX_PATTERN_LENGTH)
    return refused(`has ${source.length} characters: use at most ${MAX_PATTERN_LENGTH}, or a list of values instead`);
  try {
    return { kind: 'parsed', node: new Reader(source).whole() };
  } catch (cause) {
    if (cause instanceof Refusal) return refused(cause.message);
    throw cause;
  }
}

/** `*` any characters, `?` one; everything else means itself. */
export function parseGlob(source: string): Node {
  const every: Node = { kind: 'every' };
  const of = Array.from(fold(source)).flatMap((character): Node[] => {
    if (character === '*') return [{ kind: 'repeat', of: every, least: 0, most: Number.POSITIVE_INFINITY }];
    return [character === '?' ? every : { kind: 'literal', codePoint: codeOf(character) }];
  });
  return { kind: 'sequence', of };
}

function refused(why: string): Parsed {
  return { kind: 'refused', why };
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

const CLASSES = /^[dDwWsS]$/;
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v' };
// Letters that mean something to one engine or another, and nothing to ours.
const ALPHANUMERIC = /^[A-Za-z0-9]$/;
const COUNTED = /^\{(\d{1,6})(?:(,)(\d{1,6})?)?\}/;

class Reader {
  readonly #characters: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#characters = Array.from(source);
  }

  whole(): Node {
    const node = this.#either();
    if (this.#at < this.#characters.length)
      throw new Refusal('has a ")" without its "(": write "\\)" for the character');
    return node;
  }

  #either(): Node {
    const of = [this.#sequence()];
    while (this.#took('|')) of.push(this.#sequence());
    const [only] = of;
    return only !== undefined && of.length === 1 ? only : { kind: 'either', of };
  }

  #sequence(): Node {
    const of: Node[] = [];
    while (this.#peek() !== undefined && this.#peek() !== '|' && this.#peek() !== ')') of.push(this.#quantified());
    return { kind: 'sequence', of };
  }

  #quantified(): Node {
    const node = this.#atom();
    const range = this.#quantifier();
    if (range === undefined) return node;
    if (node.kind === 'assertion')
      throw new Refusal('repeats an anchor (^, $, \\b): take the *, +, ? or {…} after it away');
    // Lazy or greedy is a question of where a match ends; ours is only whether there is one.
    this.#took('?');
    if (this.#peek() === '+') throw new Refusal('has a possessive quantifier ("++"): write it without the second "+"');
    if (this.#quantifier() !== undefined) throw new Refusal('repeats a repeat ("a**"): put the inner one in brackets');
    return { kind: 'repeat', of: node, ...range };
  }

  #quantifier(): { readonly least: number; readonly most: number } | undefined {
    if (this.#took('*')) return { least: 0, most: Number.POSITIVE_INFINITY };
    if (this.#took('+')) return { least: 1, most: Number.POSITIVE_INFINITY };
    if (this.#took('?')) return { least: 0, most: 1 };
    if (this.#peek() !== '{') return undefined;
    const match = COUNTED.exec(this.#characters.slice(this.#at, this.#at + 20).join(''));
    if (match === null)
      throw new Refusal('has a "{" that is no count: write {2}, {2,} or {2,5}, or "\\{" for the character');
    this.#at += match[0].length;
    const least = Number(match[1]);
    const most = match[2] === undefined ? least : match[3] === undefined ? Number.POSITIVE_INFINITY : Number(match[3]);
    if (most < least) throw new Refusal(`counts from ${least} to ${most}: put the smaller number first`);
    if (least > MAX_REPEAT || (most !== Number.POSITIVE_INFINITY && most > MAX_REPEAT))
      throw new Refusal(`repeats more than ${MAX_REPEAT} times: use a smaller number, or "+"`);
    return { least, most };
  }

  #atom(): Node {
    const character = this.#next();
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return this.#set();
      case '.':
        return { kind: 'dot' };
      case '^':
        return { kind: 'assertion', assertion: 'line-start' };
      case '$':
        return { kind: 'assertion', assertion: 'line-end' };
      case '\\':
        return this.#escaped();
      case '*':
      case '+':
      case '?':
      case '{':
        throw new Refusal(
          `has a "${character}" with nothing before it to repeat: write "\\${character}" for the character`,
        );
      case ']':
      case '}':
        throw new Refusal(`has a "${character}" without its opening bracket: write "\\${character}" for the character`);
      default:
        return literal(character);
    }
  }

  #group(): Node {
    if (this.#took('?')) this.#groupKind();
    this.#depth += 1;
    if (this.#depth > MAX_GROUP_DEPTH) throw new Refusal(`has brackets ${MAX_GROUP_DEPTH} deep: take some away`);
    const node = this.#either();
    this.#depth -= 1;
    if (!this.#took(')')) throw new Refusal('has a "(" without its ")": write "\\(" for the character');
    return node;
  }

  #groupKind(): void {
    if (this.#took(':')) return;
    const rest = this.#characters.slice(this.#at, this.#at + 2).join('');
    if (/^(?:[=!]|<[=!])/.test(rest))
      throw new Refusal('looks ahead or behind ("(?=", "(?!", "(?<="): use two conditions with "all" or "not" instead');
    if (rest.startsWith('<') || rest.startsWith('P')) throw new Refusal('names a group: write "(…)" without a name');
    if (rest.startsWith('>')) throw new Refusal('has an atomic group "(?>": write "(?:" instead');
    throw new Refusal('sets a flag ("(?i)"): take it away, case never counts and ^ and $ always mean a line');
  }

  #escaped(): Node {
    const character = this.#peek();
    if (character === 'b' || character === 'B') {
      this.#at += 1;
      return { kind: 'assertion', assertion: character === 'b' ? 'word-edge' : 'no-word-edge' };
    }
    if (character !== undefined && /[1-9k]/.test(character))
      throw new Refusal(
        `refers back to a group ("\\${character}"), which no bounded search can do: write out what may stand there`,
      );
    const item = this.#escapedItem();
    return item.kind === 'class'
      ? { kind: 'set', items: [item], isNegated: false }
      : literal(String.fromCodePoint(item.low));
  }

  #escapedItem(): SetItem {
    const character = this.#next('ends in "\\": write "\\\\" for the character');
    if (CLASSES.test(character)) return { kind: 'class', letter: character as ClassLetter };
    const control = CONTROLS[character];
    if (control !== undefined) return single(codeOf(control));
    if (character === 'x') return single(this.#hex(/^[0-9A-Fa-f]{2}/, '"\\x20"'));
    if (character === 'u')
      return single(this.#hex(/^(?:[0-9A-Fa-f]{4}|\{[0-9A-Fa-f]{1,6}\})/, '"\\u00e9" or "\\u{1f600}"'));
    if (ALPHANUMERIC.test(character))
      throw new Refusal(
        `has "\\${character}", which is not known here: \\d \\w \\s \\D \\W \\S \\b \\B \\n \\r \\t \\x20 \\u00e9 are`,
      );
    return single(codeOf(character));
  }

  #hex(form: RegExp, example: string): number {
    const match = form.exec(this.#characters.slice(this.#at, this.#at + 8).join(''));
    if (match === null) throw new Refusal(`has a character number that is none: write it as ${example}`);
    this.#at += match[0].length;
    const codePoint = Number.parseInt(match[0].replace(/[{}]/g, ''), 16);
    if (codePoint > 0x10_ff_ff) throw new Refusal('has a character number beyond 10ffff: there are none');
    return codePoint;
  }

  #set(): Node {
    const isNegated = this.#took('^');
    const items: SetItem[] = [];
    while (!this.#took(']')) {
      const low = this.#setItem();
      const isRange = this.#peek() === '-' && this.#characters[this.#at + 1] !== ']';
      if (isRange) this.#at += 1;
      items.push(isRange ? rangeOf(low, this.#setItem()) : low);
    }
    if (items.length === 0) throw new Refusal('has an empty set "[]": name what may stand there');
    return { kind: 'set', items, isNegated };
  }

  #setItem(): SetItem {
    const character = this.#next('has a "[" without its "]": write "\\[" for the character');
    return character === '\\' ? this.#escapedItem() : single(codeOf(character));
  }

  #peek(): string | undefined {
    return this.#characters[this.#at];
  }

  #took(character: string): boolean {
    const isThere = this.#peek() === character;
    if (isThere) this.#at += 1;
    return isThere;
  }

  #next(whenNone = 'ends too early'): string {
    const character = this.#peek();
    if (character === undefined) throw new Refusal(whenNone);
    this.#at += 1;
    return character;
  }
}

function single(codePoint: number): SetItem {
  return { kind: 'range', low: codePoint, high: codePoint };
}

function rangeOf(low: SetItem, high: SetItem): SetItem {
  if (low.kind === 'class' || high.kind === 'class')
    throw new Refusal('has a range in "[…]" that begins or ends with a class: write "\\-" for the hyphen');
  if (high.low < low.low)
    throw new Refusal('has a range in "[…]" that runs backwards: put the smaller character first');
  return { kind: 'range', low: low.low, high: high.low };
}

/** Texts are folded before they are searched, so patterns are as well. */
function literal(character: string): Node {
  return { kind: 'literal', codePoint: foldedCharacter(codeOf(character)) };
}

/** Patterns: what they mean, what is refused and how, and that none of them can run on. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/core/rules/fold.ts';
import { compileGlob, compilePattern, type Pattern, search } from '../../../src/core/rules/pattern.ts';

const ENOUGH = 1_000_000;

function compiled(source: string): Pattern {
  const result = compilePattern(source);
  if (result.kind === 'refused') throw new Error(`${source} ${result.why}`);
  return result.pattern;
}

function matches(source: string, text: string): boolean {
  return search(compiled(source), fold(text), ENOUGH).answer === 'found';
}

it.each([
  ['invoice', 'Your INVOICE is due', true],
  ['inv(oice|entory)s?', 'the inventory', true],
  ['inv(oice|entory)\\b', 'inventorying', false],
  ['\\binvoice\\b', 'invoices', false],
  ['\\bÜberweisung\\b', 'Ihre überweisung.', true],
  ['\\bber', 'Über', false],
  ['^total: \\d+([.,]\\d{2})?$', 'Dear all,\nTotal: 120.50\nBye', true],
  ['^total', 'the total', false],
  ['a.c', 'a\nc', false],
  ['a\\s+c', 'a\n c', true],
  ['[^a-z]x', 'ax', false],
  ['[A-F0-9]{8}', 'deadbeef', true],
  ['[\\w.-]+@[\\w.-]+', 'ann@firm.example', true],
  ['x{2,3}y', 'xy', false],
  ['x{2,3}y', 'xxxxy', true],
  ['^x{2}$', 'xxx', false],
  ['(?:ab)+?c', 'ababc', true],
  ['a||b', '', true],
  ['😀+', 'so 😀😀', true],
  ['^.$', '😀', true],
  ['\\u{1f600}', '😀', true],
  ['\\x41', 'a', true],
  ['[\\]-]', '-', true],
  ['ΟΔΟΣ', 'οδοστρωμα', true],
  ['ΟΔΟΣ', 'ΟΔΟΣ', true],
  ['\\$\\d+', 'costs $40', true],
  ['\\Bat\\B', 'watch', true],
  ['\\S+\\D\\W', 'ab!', true],
])('%j in %j: %s', (source, text, expected) => {
  expect(matches(source, text)).toBe(expected);
});

it.each([
  ['', 'is empty'],
  ['(a)\\1', 'refers back'],
  ['\\k<name>', 'refers back'],
  ['(?=a)b', 'use two conditions'],
  ['(?<!a)b', 'use two conditions'],
  ['(?<year>\\d+)', 'without a name'],
  ['(?i)a', 'case never counts'],
  ['(?>a)', '(?:'],
  ['a++', 'possessive'],
  ['a**', 'repeats a repeat'],
  ['*a', 'nothing before it'],
  ['a{x}', 'no count'],
  ['a{5,2}', 'smaller number first'],
  ['a{1000}', 'more than 250'],
  ['(a', 'without its ")"'],
  ['a)', 'without its "("'],
  ['[a', 'without its "]"'],
  ['a]', 'opening bracket'],
  ['[]', 'empty set'],
  ['[z-a]', 'backwards'],
  ['[\\d-z]', 'class'],
  ['\\p{L}', 'not known here'],
  ['a\\', 'ends in'],
  ['\\u12', 'write it as'],
  ['\\u{110000}', 'beyond'],
  ['^*', 'anchor'],
  ['a'.repeat(501), 'at most 500'],
  ['((a{200}){200}){200}', 'smaller numbers'],
  ['((((){250}){250}){250}){250}', 'smaller numbers'],
  ['('.repeat(40), 'deep'],
])('%j is refused, and says what to change: %s', (source, words) => {
  expect(compilePattern(source)).toEqual({ kind: 'refused', why: expect.stringContaining(words) });
});

it.each([
  ['*.exe', 'setup.EXE', true],
  ['*.exe', 'setup.exe.txt', false],
  ['invoice-??.pdf', 'invoice-07.pdf', true],
  ['a(b)*', 'A(B) and more\nlines', true],
  ['*', '', true],
  ['?', '', false],
])('the glob %j on %j: %s', (source, text, expected) => {
  const glob = compileGlob(source);
  expect(glob.kind === 'pattern' && search(glob.pattern, fold(text), ENOUGH).answer === 'found').toBe(expected);
});

// JavaScript's own search is what hangs in longer ones.
const MAX_LENGTH = 30;

const atom = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'A',
    '0',
    '-',
    ' ',
    'ä',
    'Ä',
    'σ',
    'Σ',
    '😀',
    '.',
    '\\d',
    '\\w',
    '\\s',
    '\\W',
    '\\D',
    '\\S',
  ),
  fc.constantFrom('[ab]', '[^a]', '[a-c0]', '[^\\w]', '[\\s-]', '[A-B]', '[^ä]', '\\n', '^', '$', '\\b', '\\B'),
);
const quantifier = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{0,2}', '{1,}', '*?', '+?', '??', '{1,2}?');

const source = fc
  .letrec<{ either: string; sequence: string; part: string }>((tie) => ({
    either: fc.array(tie('sequence'), { minLength: 1, maxLength: 2 }).map((of) => of.join('|')),
    sequence: fc.array(tie('part'), { minLength: 0, maxLength: 3 }).map((of) => of.join('')),
    part: fc.oneof(
      { maxDepth: 2, depthSize: 'small' },
      fc.tuple(atom, quantifier).map(([one, times]) => (/^(\^|\$|\\b|\\B)$/.test(one) ? one : one + times)),
      fc.tuple(tie('either'), quantifier).map(([one, times]) => `(${one})${times}`),
    ),
  }))
  .either.filter((written) => written !== '' && written.length <= MAX_LENGTH);

const text = fc.array(fc.constantFrom('a', 'b', 'c', 'A', 'B', '0', '7', '-', '_', ' ', '\n', 'ä', 'Ä', 'σ', '😀'), {
  maxLength: 14,
});

/** JavaScript's own `\w` and `\b` end at ASCII. */
function asJavaScript(pattern: string): RegExp {
  const word = '\\p{L}\\p{M}\\p{N}_';
  const one = `(?:(?<=[${word}])(?![${word}])|(?<![${word}])(?=[${word}]))`;
  const none = `(?:(?<=[${word}])(?=[${word}])|(?<![${word}])(?![${word}]))`;
  const translated = pattern
    .replaceAll('[^\\w]', `[^${word}]`)
    .replaceAll('\\w', `[${word}]`)
    .replaceAll('\\W', `[^${word}]`)
    .replaceAll('\\b', one)
    .replaceAll('\\B', none);
  return new RegExp(translated, 'ium');
}

describe('laws', () => {
  it('a pattern matches what JavaScript says it matches', () => {
    fc.assert(
      fc.property(source, text, (pattern, characters) => {
        const given = characters.join('');
        // V8 looks between the halves of a surrogate pair as well, where nothing stands but its own assertions.
        fc.pre(!(pattern.includes('\\B') && given.includes('😀')));
        expect(matches(pattern, given)).toBe(asJavaScript(pattern).test(given));
      }),
      { numRuns: 1_000 },
    );
  }, 60_000);

  it('no pattern runs over its step limit', () => {
    fc.assert(
      fc.property(source, text, fc.integer({ min: 1, max: 60 }), (pattern, characters, limit) => {
        const given = fold(characters.join(''));
        const { steps, answer } = search(compiled(pattern), given, limit);
        expect(steps).toBeLessThanOrEqual(limit);
        const unhurried = search(compiled(pattern), given, ENOUGH);
        if (answer !== 'out-of-steps') expect(answer).toBe(unhurried.answer);
      }),
      { numRuns: 1_000 },
    );
  });

  it('whatever is written, it compiles or says why not', () => {
    const noise = fc.array(fc.constantFrom(...Array.from('ab(){}[]|*+?^$\\.-,=!<:0123456789')), { maxLength: 30 });
    fc.assert(
      fc.property(noise, (characters) => {
        expect(['pattern', 'refused']).toContain(compilePattern(characters.join('')).kind);
      }),
      { numRuns: 1_500 },
    );
  });

  it.each(['(a+)+$', '(a|a)*b', '(.*)(.*)(.*)(.*)x', '(a?){100}a{100}', '(\\w+\\s?)*!'])(
    '%s, which hangs others, costs at most its size for every character',
    (hostile) => {
      const pattern = compiled(hostile);
      const given = `${'a'.repeat(2_000)}\u0000`;
      expect(search(pattern, given, Number.MAX_SAFE_INTEGER).steps).toBeLessThan(
        2 * pattern.program.length * (given.length + 1),
      );
    },
  );
});

/** The tests a rule may put to a text. Case never counts; line breaks and runs of spaces count in patterns only. */
import { foldedWords } from './fold.ts';
import { type Compiled, compileGlob, compilePattern } from './pattern.ts';
import { isWordCharacter } from './pattern-program.ts';
import type { TextTest } from './rule.ts';
import type { Subject, Text } from './subject.ts';
import { describeTest } from './text-test-words.ts';
import { anyOf, failed, NO, type Truth, yes } from './truth.ts';

export function testTexts(subject: Subject, test: TextTest, texts: readonly Text[]): Truth {
  return anyOf(texts, ({ what, text }) => {
    switch (testText(subject, test, text)) {
      case 'found':
        return yes(`${what} ${describeTest(test)}`);
      case 'not-found':
        return NO;
      case 'out-of-steps':
        return failed(`the pattern "${test.value}" ran over its steps: make it simpler`);
    }
  });
}

type Answer = 'found' | 'not-found' | 'out-of-steps';

function testText(subject: Subject, test: TextTest, text: string): Answer {
  if (test.how === 'pattern' || test.how === 'glob') return testPattern(subject, test, text);
  if (subject.budget.isSpent) return 'out-of-steps';
  subject.budget.spendReading(text);
  const words = subject.words(text);
  const value = foldedWords(test.value);
  if (value === '') return 'not-found';
  switch (test.how) {
    case 'contains':
      return answer(words.includes(value));
    case 'word':
      return answer(hasWord(words, value));
    case 'equals':
      return answer(words === value);
  }
}

function answer(isFound: boolean): Answer {
  return isFound ? 'found' : 'not-found';
}

function testPattern(subject: Subject, test: TextTest, text: string): Answer {
  const compiled = compiledOf(test);
  // The edge has refused what does not compile (pipeline/rule-schema.ts): only a rule of another version gets here.
  if (compiled.kind === 'refused') return 'out-of-steps';
  return subject.budget.search(compiled.pattern, test.how === 'glob' ? subject.words(text) : subject.folded(text));
}

// A plan is cached for as long as it is in force, and its patterns with it.
const compiledTests = new WeakMap<TextTest, Compiled>();

function compiledOf(test: TextTest): Compiled {
  const known = compiledTests.get(test);
  if (known !== undefined) return known;
  const compiled = test.how === 'glob' ? compileGlob(test.value) : compilePattern(test.value);
  compiledTests.set(test, compiled);
  return compiled;
}

function hasWord(words: string, value: string): boolean {
  for (let at = words.indexOf(value); at !== -1; at = words.indexOf(value, at + 1))
    if (!isWordAt(words, at - 1) && !isWordAt(words, at + value.length)) return true;
  return false;
}

function isWordAt(words: string, at: number): boolean {
  const character = words[at];
  return character !== undefined && isWordCharacter(character.codePointAt(0) ?? 0);
}

import type { TextTest } from './rule.ts';

/** Goes on after what is tested: "the subject …". */
export function describeTest(test: TextTest): string {
  switch (test.how) {
    case 'contains':
      return `contains "${test.value}"`;
    case 'word':
      return `has the word "${test.value}"`;
    case 'equals':
      return `is "${test.value}"`;
    case 'glob':
      return `is like "${test.value}"`;
    case 'pattern':
      return `matches the pattern "${test.value}"`;
  }
}

import { expect, test } from 'vitest';
import { readHtml } from '../../src/filter/html-facts.ts';

const blanks = ' '.repeat(200_000);

// In Node, where the time of the processor can be measured.
test.each([`<meta content="${blanks}">`, `<meta content="1${blanks}">`, `<img src="${blanks}">`])(
  'a page of blanks takes less than a second',
  (html) => {
    const before = process.cpuUsage();
    readHtml(html, 10);
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000);
  },
);

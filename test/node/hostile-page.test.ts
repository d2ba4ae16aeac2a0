import { expect, test } from 'vitest';
import { evaluate } from '../../src/core/rules/evaluate.ts';
import type { Rule } from '../../src/core/rules/rule.ts';
import { EMPTY_MODEL } from '../../src/core/spam/model.ts';
import { scoreSpam } from '../../src/core/spam/score.ts';
import { readHtml } from '../../src/filter/html-facts.ts';
import { createInspector } from '../../src/filter/inspect.ts';
import { messageFacts } from '../support/message-facts.ts';

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

test('links to hosts of a thousand labels take less than a second of rules and score', () => {
  const links = Array.from({ length: 300 }, (_, number) => `<a href="http://${'a.'.repeat(980)}${number}.com">x</a>`);
  const inspector = createInspector();
  inspector.write(Buffer.from(`Content-Type: text/html\r\n\r\n${links.join('')}`));
  const facts = messageFacts(inspector.end().inspected);
  const lists = { bad: new Set(['b.example']) };
  const listed: Rule = {
    id: 'r',
    name: 'Bad hosts',
    isOn: true,
    when: { kind: 'listed', list: 'bad', of: 'link-host' },
    then: { kind: 'quarantine' },
  };
  const before = process.cpuUsage();
  evaluate([listed], facts, { lists, ownDomains: [], isOwnName: () => false });
  scoreSpam(facts, EMPTY_MODEL);
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000);
});

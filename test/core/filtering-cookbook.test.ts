/** Every rule in the cookbook of docs/filtering.md is one that the API takes, and the filter can judge. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { evaluate } from '../../src/core/rules/evaluate.ts';
import { givenRuleSchema } from '../../src/pipeline/rule-schema.ts';
import { messageFacts } from '../support/message-facts.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/filtering.md'), 'utf8');
const [, cookbook = ''] = /\n## Cookbook\n(.*?)\n## /s.exec(text) ?? [];
const RULES = Array.from(cookbook.matchAll(/```json\n(.*?)```/gs), ([, json = '']) => json);

it('there are some', () => {
  expect(RULES.length).toBeGreaterThan(5);
});

it.each(RULES)('%s', (json) => {
  const rule = { ...givenRuleSchema.parse(JSON.parse(json)), id: 'one' };
  const lists = { partners: new Set<string>() };
  const decision = evaluate([rule], messageFacts(), { ownDomains: ['firm.example'], lists, isOwnName: () => false });
  expect(decision.failed).toEqual([]);
});

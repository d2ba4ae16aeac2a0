/** A client's rules on their way to become its next version: checked against what they name, stored, in effect before the answer. */
import type { Context } from 'hono';
import { describe } from '../../core/rules/describe.ts';
import type { NewRuleSet, RuleSet, RuleVersion } from '../../pipeline/filter-store.ts';
import type { HttpNeeds } from '../needs.ts';
import { problem } from '../problem.ts';
import { type ClientScope, changeBy } from './client-scope.ts';
import { inEffect } from './in-effect.ts';
import { invalidRules, ruleIssues } from './rule-issues.ts';

// They are in the one row of 2 MB that holds the client's snapshot, beside its lists and the keys of its people's names.
const MAX_BYTES = 262_144;

export async function saveRules(context: Context<ClientScope>, needs: HttpNeeds, next: NewRuleSet): Promise<Response> {
  const { id } = context.get('client');
  const { rules, basedOn, note } = next;
  if (new TextEncoder().encode(JSON.stringify(rules)).byteLength > MAX_BYTES) return tooLarge(context);
  const [domains, lists] = await Promise.all([needs.clients.domainsOf(id), needs.filters.lists(id)]);
  const issues = ruleIssues(rules, { domains, lists: lists.map(({ name }) => name) });
  if (issues.length > 0) return invalidRules(context, issues);
  const detail = { number: basedOn + 1, count: rules.length, note };
  const change = changeBy(context.get('actor'), 'rules-set', detail, needs.now());
  const saved = await needs.filters.saveRules(id, next, change);
  if (saved.kind === 'overtaken') return overtaken(context, saved.newest);
  const told = await inEffect(context, needs, id, 200);
  return new Response(JSON.stringify({ ...(await told.json<object>()), number: saved.number }), told);
}

/** `words`: each rule as a sentence, beside the rules, which can be sent back as they are */
export function shownRules({ rules, ...version }: RuleSet) {
  return { ...shownVersion(version), rules, words: rules.map(describe) };
}

/** As screens show a version. */
export function shownVersion({ number, at, actor, note, count }: RuleVersion) {
  const isSaved = number > 0;
  return { number, atMs: isSaved ? at : null, by: isSaved ? actor : null, note, count };
}

function overtaken(context: Context, { number, at, actor }: RuleVersion): Response {
  return problem(context, {
    status: 409,
    title: 'The rules have changed meanwhile',
    detail:
      number === 0
        ? 'No rules have been saved yet, so there is no version to base these on.'
        : `Version ${number} was saved by ${actor} at ${new Date(at).toISOString()}.`,
    fix: `GET …/rules, make your change to what is there now, and send it with "basedOn": ${number}.`,
  });
}

function tooLarge(context: Context): Response {
  return problem(context, {
    status: 413,
    title: 'Too many rules',
    detail: `The rules of a client have at most ${MAX_BYTES / 1024} KB together.`,
    fix: 'Put addresses, domains and hashes into a list (PUT …/lists/NAME) and let one rule look them up.',
  });
}

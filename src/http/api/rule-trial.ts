/** What rules would have done with a client's last messages, before they count: nothing is changed, nothing is stored. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { MessageFacts } from '../../core/message-facts.ts';
import { MAX_RECENT } from '../../core/recent-facts.ts';
import { rulesOf } from '../../core/rules/built-in.ts';
import { type DryRun, type DryVerdict, dryRun, type KeptMessage } from '../../core/rules/dry-run.ts';
import { ownNames } from '../../core/rules/impersonation.ts';
import { asksForOwnNames } from '../../core/rules/references.ts';
import type { Rule, RuleContext } from '../../core/rules/rule.ts';
import { setsSchema, spamSchema } from '../../pipeline/filter-settings.ts';
import { givenRuleSchema, givenRulesSchema } from '../../pipeline/rule-schema.ts';
import type { ClientRecord } from '../../pipeline/stores.ts';
import type { HttpNeeds } from '../needs.ts';
import type { ClientScope } from './client-scope.ts';
import { operationWithBody } from './operation.ts';
import { givenRules, invalidRules, ruleIssues } from './rule-issues.ts';

const trial = z
  .strictObject({
    /** one alone: what it would do with every message that reached it */
    rule: givenRuleSchema.optional(),
    /** or all of the client's own; left out, those that hold now */
    rules: givenRulesSchema.optional(),
    /** the sets that would be on, and the scores of spam; left out, as they are now */
    sets: setsSchema.optional(),
    spam: spamSchema.optional(),
    last: z.int().min(1).max(MAX_RECENT).default(MAX_RECENT),
  })
  .refine(({ rule, rules, sets, spam }) => rule === undefined || (rules ?? sets ?? spam) === undefined, {
    message: 'give one rule alone, or rules, sets and spam as they would be together',
  });

type Trial = z.infer<typeof trial>;

// Enough to see whether they are the right ones.
const MAX_EXAMPLES = 20;

export function ruleTrialApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalidRules(context, result.error.issues)),
  });

  app.openapi(
    operationWithBody(
      {
        method: 'post',
        path: '/clients/{clientId}/rules/dry-run',
        summary: `Count what \`rule\` alone, or \`rules\` with \`sets\`, would have done with the last messages, at most ${MAX_RECENT}; changes nothing`,
        by: 'admin',
      },
      trial,
    ),
    async (context): Promise<Response> => {
      const { id, settings } = context.get('client');
      const given = context.req.valid('json');
      const [own, domains, lists] = await Promise.all([
        ownRules(given, id, needs),
        needs.clients.domainsOf(id),
        needs.filters.entries(id),
      ]);
      const issues = ruleIssues(own, { domains, lists: Object.keys(lists) });
      if (issues.length > 0) return invalidRules(context, issues);
      const rules = given.rule === undefined ? inEarnest(own, given, settings.filter) : own;
      const nameKeys = rules.some(asksForOwnNames) ? await needs.filters.nameKeys(id) : '';
      const messages = await needs.ports(id).recentFacts(given.last);
      const terms: RuleContext = { ownDomains: domains, lists: looked(lists), isOwnName: ownNames(nameKeys) };
      return context.json(shown(dryRun(rules, messages, terms), rules, messages));
    },
  );

  return app;
}

async function ownRules({ rule, rules }: Trial, clientId: ClientRecord['id'], needs: HttpNeeds) {
  const given = rule === undefined ? rules : [rule];
  return given === undefined ? (await needs.filters.rules(clientId)).rules : givenRules(given, needs.newRuleId);
}

function inEarnest(rules: readonly Rule[], given: Trial, filter: ClientRecord['settings']['filter']): readonly Rule[] {
  return rulesOf({
    ...filter,
    rules,
    sets: given.sets ?? filter.sets,
    spam: given.spam ?? filter.spam,
    lists: {},
    nameKeys: '',
  });
}

function looked(lists: Readonly<Record<string, readonly string[]>>): RuleContext['lists'] {
  return Object.fromEntries(Object.entries(lists).map(([name, entries]) => [name, new Set(entries)]));
}

function shown({ messages, verdicts, rules: tried }: DryRun, rules: readonly Rule[], kept: readonly KeptMessage[]) {
  const byId = new Map(kept.map(({ id, facts }) => [id, facts]));
  const examples = (Object.entries(verdicts) as [DryVerdict, DryRun['verdicts'][DryVerdict]][])
    .filter(([verdict]) => verdict !== 'accept')
    .flatMap(([verdict, { ids }]) => ids.slice(0, MAX_EXAMPLES).map((id) => exampleOf(id, verdict, byId.get(id))));
  return {
    messages,
    oldestAtMs: kept.at(-1)?.facts.receivedAt ?? null,
    verdicts: Object.fromEntries(Object.entries(verdicts).map(([verdict, { count }]) => [verdict, count])),
    words: inWords(messages, verdicts),
    rules: tried.map((one, index) => ({ ...one, name: rules[index]?.name ?? '' })),
    examples,
  };
}

/** Without the subject: what was let through is nobody's to read but its reader's. */
function exampleOf(id: string, verdict: DryVerdict, facts: MessageFacts | undefined) {
  const { reversePath = '', recipient = '' } = facts?.envelope ?? {};
  return { id, verdict, atMs: facts?.receivedAt ?? null, from: reversePath === '' ? '<>' : reversePath, to: recipient };
}

const DONE: Readonly<Record<Exclude<DryVerdict, 'accept' | 'cannot-be-said'>, string>> = {
  quarantine: 'quarantined',
  hold: 'held',
  reject: 'rejected',
  discard: 'discarded',
};

/** "Would have quarantined 3 and rejected 1 of 412; of 9 it cannot be said." */
function inWords(messages: number, verdicts: DryRun['verdicts']): string {
  if (messages === 0) return 'No message of the last 14 days is known to try it on.';
  const done = Object.entries(DONE).flatMap(([verdict, word]) => {
    const { count } = verdicts[verdict as keyof typeof DONE];
    return count === 0 ? [] : [`${word} ${count}`];
  });
  const open = verdicts['cannot-be-said'].count;
  const unsaid = open === 0 ? '' : `; of ${open} it cannot be said, for the text of messages is not kept`;
  return `Would have ${done.length === 0 ? 'stopped none' : done.join(' and ')} of ${messages}${unsaid}.`;
}

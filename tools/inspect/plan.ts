/** By what a message is judged: nobody's plan, one in a file, or that of a client of a running stack, gathered from its API. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { DEFAULT_FILTER_PLAN, type FilterPlan } from '../../src/core/filter-plan.ts';
import { BUILT_IN_SETS } from '../../src/core/rules/built-in.ts';
import { nameKeysOf } from '../../src/core/rules/impersonation.ts';
import { filterSettingsSchema } from '../../src/pipeline/filter-settings.ts';
import { givenRulesSchema } from '../../src/pipeline/rule-schema.ts';
import { WrongInput } from '../evaluate-filter/mail.ts';
import { type Api, operatorApi } from '../stack/operator-api.ts';
import { secretsOf } from '../stack/secrets.ts';
import type { PlanPlace } from './flags.ts';

/** `ownDomains`: undefined where nobody has said which client it is */
export type Terms = { readonly plan: FilterPlan; readonly ownDomains: readonly string[] | undefined };

export async function termsOf(place: PlanPlace): Promise<Terms> {
  switch (place.kind) {
    case 'default':
      return { plan: { ...DEFAULT_FILTER_PLAN, sets: BUILT_IN_SETS }, ownDomains: undefined };
    case 'file':
      return fromFile(place.path);
    case 'client': {
      const token = place.token ?? (await secretsOf(place.dataFolder)).operatorToken;
      return fromStack(operatorApi(place.url, token), place.id);
    }
  }
}

const planFile = filterSettingsSchema
  .extend({
    rules: givenRulesSchema,
    lists: z.record(z.string(), z.array(z.string())),
    nameKeys: z.string(),
    ownDomains: z.array(z.string()),
  })
  .partial();

function fromFile(path: string): Terms {
  const read = planFile.safeParse(json(path));
  if (!read.success) throw new WrongInput(`${path}: ${z.prettifyError(read.error)}`);
  const { rules = [], lists = {}, nameKeys = '', ownDomains, ...settings } = read.data;
  const plan = { ...DEFAULT_FILTER_PLAN, ...definedOf(settings), rules: identified(rules), lists, nameKeys };
  return { plan, ownDomains };
}

function json(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (problem) {
    throw new WrongInput(`${path}: ${problem instanceof Error ? problem.message : String(problem)}`);
  }
}

type Settings = z.infer<typeof filterSettingsSchema>;

function definedOf({
  sets,
  spam,
  scanners,
  whenScannerFailed,
  whenNotFullyScanned,
  quarantine,
}: Partial<{ [Key in keyof Settings]: Settings[Key] | undefined }>) {
  return {
    ...(sets === undefined ? {} : { sets }),
    ...(spam === undefined ? {} : { spam }),
    ...(scanners === undefined ? {} : { scanners }),
    ...(whenScannerFailed === undefined ? {} : { whenScannerFailed }),
    ...(whenNotFullyScanned === undefined ? {} : { whenNotFullyScanned }),
    ...(quarantine === undefined ? {} : { quarantine }),
  };
}

function identified(rules: z.infer<typeof givenRulesSchema>): FilterPlan['rules'] {
  return rules.map((rule, index) => ({ ...rule, id: rule.id ?? `rule-${index + 1}` }));
}

// As the API answers; what else it says is not needed here.
const clientAnswer = z.object({ domains: z.array(z.string()) });
const filterAnswer = z.object({
  ...filterSettingsSchema.pick({ spam: true, whenScannerFailed: true, whenNotFullyScanned: true, quarantine: true })
    .shape,
  sets: z.array(z.object({ set: z.enum(BUILT_IN_SETS), isOn: z.boolean() })),
});
const rulesAnswer = z.object({ rules: givenRulesSchema });
const listsAnswer = z.object({ lists: z.array(z.object({ name: z.string() })) });
const listAnswer = z.object({ entries: z.array(z.string()) });
const accountsAnswer = z.object({ accounts: z.array(z.object({ name: z.string() })) });

async function fromStack(api: Api, id: string): Promise<Terms> {
  const path = `/clients/${encodeURIComponent(id)}`;
  const ask = async <T>(schema: z.ZodType<T>, rest: string): Promise<T> =>
    schema.parse(await asked(api, `${path}${rest}`));
  const { domains } = await ask(clientAnswer, '');
  const { sets, ...settings } = await ask(filterAnswer, '/filter');
  const { rules } = await ask(rulesAnswer, '/rules');
  const { lists } = await ask(listsAnswer, '/lists');
  const { accounts } = await ask(accountsAnswer, '/accounts');
  const entries = await Promise.all(
    lists.map(async ({ name }) => [name, (await ask(listAnswer, `/lists/${name}`)).entries] as const),
  );
  const plan = {
    ...settings,
    rules: identified(rules),
    sets: sets.filter(({ isOn }) => isOn).map(({ set }) => set),
    scanners: [],
    lists: Object.fromEntries(entries),
    nameKeys: nameKeysOf(accounts.map(({ name }) => name)),
  };
  return { plan, ownDomains: domains };
}

async function asked(api: Api, path: string): Promise<unknown> {
  try {
    return await api.get(path);
  } catch (problem) {
    // `fetch` says no more than that it failed; why is in the cause.
    if (problem instanceof Error && problem.cause instanceof Error)
      throw new WrongInput(`no stack answers (${problem.cause.message}): npm start makes one, --url says where it is`);
    throw new WrongInput(problem instanceof Error ? problem.message : String(problem));
  }
}

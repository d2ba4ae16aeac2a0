/** How a client's mail is filtered: its rules with their versions, the built-in sets, scanners, lists, and a dry run. */
import * as z from 'zod/mini';
import type { Rule } from '../../core/rules/rule.ts';
import type { Frozen } from '../shared/frozen.ts';
import { request, requestJson } from '../shared/request.ts';
import { base } from './api.ts';

/** The shape of a rule is the filter's; this page shows what it knows and gives the rest back as it came. */
const rule = z.custom<Rule>(
  (given) => typeof given === 'object' && given !== null && 'id' in given && 'when' in given && 'then' in given,
);
const version = z.object({
  number: z.number(),
  atMs: z.nullable(z.number()),
  by: z.nullable(z.string()),
  note: z.string(),
  count: z.number(),
});
const ruleSet = z.object({ ...version.shape, rules: z.array(rule), words: z.array(z.string()) });
const versionPage = z.object({ versions: z.array(version), next: z.nullable(z.number()) });

const whenFailed = z.enum(['pass-marked', 'hold']);
const scanner = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rspamd'), url: z.string(), whenFailed, hasSecret: z.boolean() }),
  z.object({ kind: z.literal('http'), url: z.string(), whenFailed, hasSecret: z.boolean() }),
  z.object({
    kind: z.literal('clamd'),
    host: z.string(),
    port: z.number(),
    tls: z.enum(['none', 'implicit']),
    whenFailed,
  }),
]);
const filter = z.object({
  sets: z.array(z.object({ set: z.string(), name: z.string(), isOn: z.boolean(), words: z.array(z.string()) })),
  spam: z.object({ quarantineAt: z.number(), tagAt: z.number() }),
  scanners: z.array(scanner),
  whenScannerFailed: whenFailed,
  whenNotFullyScanned: whenFailed,
  quarantine: z.object({
    retentionDays: z.number(),
    users: z.enum(['nothing', 'see', 'release']),
    digestHours: z.number(),
  }),
});

const lists = z.object({
  lists: z.array(
    z.object({
      name: z.string(),
      count: z.number(),
      atMs: z.number(),
      by: z.string(),
      usedBy: z.array(z.string()),
    }),
  ),
});
const list = z.object({ name: z.string(), entries: z.array(z.string()) });

const trial = z.object({
  messages: z.number(),
  oldestAtMs: z.nullable(z.number()),
  words: z.string(),
  rules: z.array(z.object({ matched: z.number(), unknown: z.number() })),
  examples: z.array(
    z.object({
      id: z.string(),
      verdict: z.enum(['quarantine', 'reject', 'discard', 'hold', 'cannot-be-said']),
      atMs: z.nullable(z.number()),
      from: z.string(),
      to: z.string(),
    }),
  ),
});

export type RuleVersion = Frozen<z.infer<typeof version>>;
export type RuleSet = RuleVersion & { readonly rules: readonly Rule[]; readonly words: readonly string[] };
export type VersionPage = Frozen<z.infer<typeof versionPage>>;
export type Filter = Frozen<z.infer<typeof filter>>;
export type Scanner = Filter['scanners'][number];
export type WhenFailed = Filter['whenNotFullyScanned'];
export type FilterList = Frozen<z.infer<typeof lists>>['lists'][number];
export type Trial = Frozen<z.infer<typeof trial>>;

/** Without an id a rule is a new one. */
export type GivenRule = Omit<Rule, 'id'> & { readonly id?: string };
export type NewRules = { readonly rules: readonly GivenRule[]; readonly basedOn: number; readonly note: string };

export async function fetchRules(id: string, signal: AbortSignal): Promise<RuleSet> {
  return requestJson({ method: 'GET', path: `${base(id)}/rules`, signal }, ruleSet);
}

export async function saveRules(id: string, next: NewRules): Promise<void> {
  await request({ method: 'PUT', path: `${base(id)}/rules`, body: next });
}

/** What the rule alone would have done with the last messages; nothing is changed. */
export async function tryRule(id: string, tried: GivenRule): Promise<Trial> {
  return requestJson({ method: 'POST', path: `${base(id)}/rules/dry-run`, body: { rule: tried } }, trial);
}

/** The same of a built-in set alone. */
export async function trySet(id: string, set: string): Promise<Trial> {
  return requestJson({ method: 'POST', path: `${base(id)}/rules/dry-run`, body: { rules: [], sets: [set] } }, trial);
}

export async function fetchVersions(id: string, before: number | undefined, signal: AbortSignal): Promise<VersionPage> {
  const query = before === undefined ? '' : `?before=${before}`;
  return requestJson({ method: 'GET', path: `${base(id)}/rules/versions${query}`, signal }, versionPage);
}

export async function fetchVersion(id: string, number: number, signal: AbortSignal): Promise<RuleSet> {
  return requestJson({ method: 'GET', path: `${base(id)}/rules/versions/${number}`, signal }, ruleSet);
}

export async function restoreVersion(
  id: string,
  { number, basedOn }: { readonly number: number; readonly basedOn: number },
): Promise<void> {
  await request({ method: 'POST', path: `${base(id)}/rules/versions/${number}/restore`, body: { basedOn } });
}

export async function fetchFilter(id: string, signal: AbortSignal): Promise<Filter> {
  return requestJson({ method: 'GET', path: `${base(id)}/filter`, signal }, filter);
}

export type FilterChange = {
  readonly sets?: readonly string[];
  readonly spam?: Filter['spam'];
  readonly whenScannerFailed?: WhenFailed;
  readonly whenNotFullyScanned?: WhenFailed;
  readonly quarantine?: Filter['quarantine'];
};

export async function saveFilter(id: string, change: FilterChange): Promise<void> {
  await request({ method: 'PUT', path: `${base(id)}/filter`, body: change });
}

/** `storedSecret`: what is there for this URL already goes on being used */
export type GivenScanner =
  | {
      readonly kind: 'rspamd' | 'http';
      readonly url: string;
      readonly whenFailed: WhenFailed;
      readonly secret?: string;
      readonly storedSecret?: 'kept';
    }
  | {
      readonly kind: 'clamd';
      readonly host: string;
      readonly port: number;
      readonly tls: 'none' | 'implicit';
      readonly plainText?: 'accepted';
      readonly whenFailed: WhenFailed;
    };

export async function saveScanners(id: string, scanners: readonly GivenScanner[]): Promise<void> {
  await request({ method: 'PUT', path: `${base(id)}/filter/scanners`, body: { scanners } });
}

export async function fetchLists(id: string, signal: AbortSignal): Promise<readonly FilterList[]> {
  return (await requestJson({ method: 'GET', path: `${base(id)}/lists`, signal }, lists)).lists;
}

export async function fetchList(id: string, name: string, signal: AbortSignal): Promise<readonly string[]> {
  const path = `${base(id)}/lists/${encodeURIComponent(name)}`;
  return (await requestJson({ method: 'GET', path, signal }, list)).entries;
}

/** `lines`: an entry each */
export async function saveList(
  id: string,
  { name, lines }: { readonly name: string; readonly lines: string },
): Promise<void> {
  await request({ method: 'PUT', path: `${base(id)}/lists/${encodeURIComponent(name)}`, text: lines });
}

export async function removeList(id: string, name: string): Promise<void> {
  await request({ method: 'DELETE', path: `${base(id)}/lists/${encodeURIComponent(name)}` });
}

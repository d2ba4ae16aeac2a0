/** A rule as its form holds it, every field as text; and back. What the form cannot show is edited as JSON, and never lost. Pure. */
import type { Action, Condition, Rule } from '../../core/rules/rule.ts';
import { type ConditionDraft, type ConditionErrors, draftOfCondition, readCondition } from './condition-draft.ts';
import type { GivenRule } from './filter-api.ts';

export type ActionDraft = {
  readonly kind: Action['kind'];
  /** of a refusal */
  readonly text: string;
  readonly headerName: string;
  readonly headerValue: string;
  readonly prefix: string;
  readonly to: string;
  readonly whom: 'admins' | 'recipient';
};

export type RuleDraft = {
  readonly name: string;
  readonly isOn: boolean;
  readonly join: 'all' | 'any';
  readonly conditions: readonly ConditionDraft[];
  /** of `when`, where the form cannot show it or somebody prefers it; otherwise undefined */
  readonly json: string | undefined;
  readonly action: ActionDraft;
};

export type RuleErrors = {
  readonly name?: string;
  readonly json?: string;
  readonly conditions: readonly ConditionErrors[];
  readonly action: Readonly<Partial<Record<keyof ActionDraft, string>>>;
};

export type ReadRule =
  | { readonly kind: 'read'; readonly rule: Omit<GivenRule, 'id'> }
  | { readonly kind: 'wrong'; readonly errors: RuleErrors };

const NO_ACTION: ActionDraft = {
  kind: 'quarantine',
  text: 'This message cannot be accepted. Please call us.',
  headerName: '',
  headerValue: '',
  prefix: '',
  to: '',
  whom: 'admins',
};

export function emptyRule(): RuleDraft {
  return { name: '', isOn: true, join: 'all', conditions: [], json: undefined, action: NO_ACTION };
}

export function draftOfRule({ name, isOn, when, then }: Rule): RuleDraft {
  const shown = shownConditions(when);
  const rest = { name, isOn, action: draftOfAction(then) };
  return shown === undefined
    ? { ...rest, join: 'all', conditions: [], json: jsonOf(when) }
    : { ...rest, ...shown, json: undefined };
}

/** The same conditions, as JSON to be edited by hand. */
export function asJson(draft: RuleDraft): RuleDraft {
  const { when } = readWhen(draft);
  return { ...draft, json: jsonOf(when ?? { kind: 'always' }) };
}

/** Back to the form, where it can show what the JSON says. */
export function asForm(draft: RuleDraft): RuleDraft | undefined {
  const { when } = readWhen(draft);
  const shown = when === undefined ? undefined : shownConditions(when);
  return shown === undefined ? undefined : { ...draft, ...shown, json: undefined };
}

export function readRule(draft: RuleDraft): ReadRule {
  const { when, errors } = readWhen(draft);
  const { then, wrong } = readAction(draft.action);
  const name = draft.name.trim() === '' ? { name: 'Give the rule a name.' } : {};
  if (when === undefined || then === undefined || draft.name.trim() === '')
    return { kind: 'wrong', errors: { ...name, ...errors, action: wrong } };
  return { kind: 'read', rule: { name: draft.name.trim(), isOn: draft.isOn, when, then } };
}

function jsonOf(when: Condition): string {
  return JSON.stringify(when, null, 2);
}

function shownConditions(when: Condition): Pick<RuleDraft, 'join' | 'conditions'> | undefined {
  if (when.kind === 'always') return { join: 'all', conditions: [] };
  const isList = when.kind === 'all' || when.kind === 'any';
  const drafts = (isList ? when.of : [when]).map(draftOfCondition);
  const conditions = drafts.flatMap((draft) => draft ?? []);
  if (conditions.length < drafts.length) return undefined;
  return { join: when.kind === 'any' ? 'any' : 'all', conditions };
}

type ReadWhen = {
  readonly when: Condition | undefined;
  readonly errors: Pick<RuleErrors, 'conditions' | 'json'>;
};

function readWhen({ json, join, conditions }: RuleDraft): ReadWhen {
  if (json !== undefined) return readJson(json);
  const read = conditions.map(readCondition);
  const errors = { conditions: read.map((one) => (one.kind === 'wrong' ? one.errors : {})) };
  const of = read.flatMap((one) => (one.kind === 'read' ? [one.condition] : []));
  if (of.length < read.length) return { when: undefined, errors };
  const [only] = of;
  if (only === undefined) return { when: { kind: 'always' }, errors };
  return { when: of.length === 1 ? only : { kind: join, of }, errors };
}

/** What it means is for the API to judge, which says what to change. */
function readJson(json: string): ReadWhen {
  try {
    const when: unknown = JSON.parse(json);
    if (typeof when === 'object' && when !== null && 'kind' in when)
      return { when: when as Condition, errors: { conditions: [] } };
    return { when: undefined, errors: { conditions: [], json: 'Begin with an object that has a "kind".' } };
  } catch (problem) {
    const why = problem instanceof Error ? problem.message : '';
    return { when: undefined, errors: { conditions: [], json: `This is not JSON: ${why}` } };
  }
}

function draftOfAction(then: Action): ActionDraft {
  const draft = { ...NO_ACTION, kind: then.kind };
  switch (then.kind) {
    case 'accept':
    case 'quarantine':
    case 'discard':
    case 'hold':
      return draft;
    case 'reject':
      return { ...draft, text: then.text };
    case 'tag':
      return {
        ...draft,
        headerName: then.header?.name ?? '',
        headerValue: then.header?.value ?? '',
        prefix: then.subjectPrefix ?? '',
      };
    case 'redirect':
      return { ...draft, to: then.to };
    case 'notify':
      return { ...draft, whom: then.whom };
  }
}

type ReadAction = { readonly then: Action | undefined; readonly wrong: RuleErrors['action'] };

function readAction(draft: ActionDraft): ReadAction {
  switch (draft.kind) {
    case 'accept':
    case 'quarantine':
    case 'discard':
    case 'hold':
      return { then: { kind: draft.kind }, wrong: {} };
    case 'reject':
      return draft.text.trim() === ''
        ? { then: undefined, wrong: { text: 'Say what the sender should do.' } }
        : { then: { kind: 'reject', text: draft.text.trim() }, wrong: {} };
    case 'redirect':
      return draft.to.includes('@')
        ? { then: { kind: 'redirect', to: draft.to.trim() }, wrong: {} }
        : { then: undefined, wrong: { to: 'Enter an address of one of your people.' } };
    case 'notify':
      return { then: { kind: 'notify', whom: draft.whom }, wrong: {} };
    case 'tag':
      return readTag(draft);
  }
}

function readTag({ headerName, headerValue, prefix }: ActionDraft): ReadAction {
  const name = headerName.trim();
  if (name === '' && prefix === '')
    return { then: undefined, wrong: { headerName: 'Enter a header, or something to put before the subject.' } };
  if (name !== '' && headerValue.trim() === '') return { then: undefined, wrong: { headerValue: 'Enter its value.' } };
  return {
    then: {
      kind: 'tag',
      ...(name === '' ? {} : { header: { name, value: headerValue.trim() } }),
      ...(prefix === '' ? {} : { subjectPrefix: prefix }),
    },
    wrong: {},
  };
}

/** Makes or changes one rule, and tries it on the last messages before it counts. */
import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { type FormEvent, type ReactElement, useId, useState } from 'react';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { RadioCards } from '../shared/radio-cards.tsx';
import { wrongField } from '../shared/wrong-field.ts';
import { ActionFields } from './action-fields.tsx';
import { emptyCondition } from './condition-draft.ts';
import { ConditionFields } from './condition-fields.tsx';
import { type GivenRule, tryRule } from './filter-api.ts';
import { JsonField } from './json-field.tsx';
import { useChange } from './queries.ts';
import { asForm, asJson, type ReadRule, type RuleDraft, type RuleErrors, readRule } from './rule-draft.ts';
import { TrialOutcome } from './trial-outcome.tsx';

type RuleFormProps = {
  readonly id: string;
  readonly title: string;
  readonly initial: RuleDraft;
  readonly lists: readonly string[];
  readonly saving: boolean;
  readonly error: Error | null;
  /** all rules, with this one in its place */
  readonly rulesWith: (rule: GivenRule) => readonly GivenRule[];
  readonly onSave: (rules: readonly GivenRule[], name: string) => void;
  readonly onClose: () => void;
};

const NO_ERRORS: RuleErrors = { conditions: [], action: {} };

export function RuleForm(props: RuleFormProps): ReactElement {
  const { id, title, lists, saving, error, rulesWith, onSave, onClose } = props;
  const [draft, setDraft] = useState(props.initial);
  const [errors, setErrors] = useState(NO_ERRORS);
  const trying = useChange(id, tryRule);
  const heading = useId();
  const set = (change: Partial<RuleDraft>): void => {
    setDraft({ ...draft, ...change });
    trying.reset();
  };
  const withRead = (use: (rule: (ReadRule & { kind: 'read' })['rule']) => void): void => {
    const read = readRule(draft);
    setErrors(read.kind === 'wrong' ? read.errors : NO_ERRORS);
    if (read.kind === 'read') use(read.rule);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    withRead((rule) => onSave(rulesWith(rule), rule.name));
  };
  return (
    <form
      onSubmit={submit}
      noValidate
      aria-labelledby={heading}
      className="mt-2 mb-4 flex flex-col gap-5 rounded-lg border border-kumo-line bg-kumo-elevated p-3 sm:p-4"
    >
      <h3 id={heading} className="font-semibold break-words">
        {title}
      </h3>
      <Input
        label="Name"
        autoFocus
        value={draft.name}
        maxLength={100}
        placeholder="Invoices from outside"
        onChange={(event) => set({ name: event.target.value })}
        {...wrongField(errors.name)}
      />
      <When draft={draft} errors={errors} lists={lists} set={set} />
      <ActionFields draft={draft.action} errors={errors.action} onChange={(action) => set({ action })} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" loading={saving}>
          Save: in effect at once
        </Button>
        <Button loading={trying.isPending} onClick={() => withRead((rule) => trying.mutate(rule))}>
          Try it on the last messages
        </Button>
        <Button onClick={onClose}>Leave it</Button>
      </div>
      {trying.data === undefined ? null : <TrialOutcome trial={trying.data} />}
      <ProblemBelow error={trying.error ?? error} />
    </form>
  );
}

type WhenProps = {
  readonly draft: RuleDraft;
  readonly errors: RuleErrors;
  readonly lists: readonly string[];
  readonly set: (change: Partial<RuleDraft>) => void;
};

function When({ draft, errors, lists, set }: WhenProps): ReactElement {
  const { json, conditions, join } = draft;
  if (json !== undefined) {
    const form = asForm(draft);
    return (
      <JsonField
        value={json}
        error={errors.json}
        onChange={(text) => set({ json: text })}
        {...(form === undefined ? {} : { onForm: () => set(form) })}
      />
    );
  }
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <div className="flex flex-col gap-3">
      {conditions.length < 2 ? null : (
        <RadioCards
          legend="It applies when"
          value={join}
          onChange={(chosen) => set({ join: chosen })}
          options={[
            { value: 'all', name: 'All of these are so', words: 'One that is not, and the rule does not apply' },
            { value: 'any', name: 'Any of these is so', words: 'One that is, and the rule applies' },
          ]}
        />
      )}
      {conditions.length === 0 ? <p>Without a condition it applies to every message.</p> : null}
      <ul className="flex flex-col gap-3">
        {conditions.map((condition, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no identity but their place
          <li key={index}>
            <ConditionFields
              number={index + 1}
              draft={condition}
              errors={errors.conditions[index] ?? {}}
              lists={lists}
              onChange={(next) => set({ conditions: conditions.map((one, at) => (at === index ? next : one)) })}
              onRemove={() => set({ conditions: conditions.filter((_, at) => at !== index) })}
            />
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => set({ conditions: [...conditions, emptyCondition('address', zone)] })}>
          Add a condition
        </Button>
        <Button variant="ghost" onClick={() => set(asJson(draft))}>
          Write the conditions as JSON
        </Button>
      </div>
    </div>
  );
}

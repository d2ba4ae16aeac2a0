/** One condition of a rule: what is looked at, and what it must be. */
import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import type { ReactElement } from 'react';
import { SelectField } from '../shared/select-field.tsx';
import { wrongField } from '../shared/wrong-field.ts';
import { type ConditionDraft, type ConditionErrors, emptyCondition } from './condition-draft.ts';
import { CONDITION_FIELDS, type FieldOf } from './condition-words.ts';
import { CONDITION_KINDS } from './rule-words.ts';

type ConditionFieldsProps = {
  readonly number: number;
  readonly draft: ConditionDraft;
  readonly errors: ConditionErrors;
  readonly lists: readonly string[];
  readonly onChange: (draft: ConditionDraft) => void;
  readonly onRemove: () => void;
};

export function ConditionFields(props: ConditionFieldsProps): ReactElement {
  const { number, draft, onChange, onRemove } = props;
  return (
    <fieldset className="min-w-0 rounded-lg border border-kumo-line bg-kumo-base p-3">
      <legend className="sr-only">Condition {number}</legend>
      <div className="grid items-start gap-3 sm:grid-cols-2 lg:grid-cols-3">
        <SelectField
          label="What is looked at"
          value={draft.kind}
          options={CONDITION_KINDS}
          onChange={(kind) => onChange({ ...emptyCondition(kind, zoneOf(draft)), isNot: draft.isNot })}
        />
        {CONDITION_FIELDS[draft.kind].map((field) =>
          field.isShown?.(draft) === false ? null : <OneField key={field.of} field={field} {...props} />,
        )}
      </div>
      <div className="mt-2 flex flex-wrap items-center justify-between gap-2">
        <label className="inline-flex min-h-8 cursor-pointer items-center gap-2">
          <input
            type="checkbox"
            checked={draft.isNot}
            onChange={(event) => onChange({ ...draft, isNot: event.target.checked })}
            className="size-4 accent-(--bw-mark)"
          />
          The opposite: when it is not so
        </label>
        <Button onClick={onRemove}>
          Remove<span className="sr-only"> condition {number}</span>
        </Button>
      </div>
    </fieldset>
  );
}

function OneField({ field, draft, errors, lists, onChange }: ConditionFieldsProps & { readonly field: FieldOf }) {
  const set = (value: string) => onChange({ ...draft, [field.of]: value });
  if (field.kind === 'choice')
    return <SelectField label={field.label} value={draft[field.of]} options={field.options} onChange={set} />;
  if (field.kind === 'list')
    return <ListField label={field.label} draft={draft} lists={lists} error={errors.name} set={set} />;
  return (
    <Input
      label={field.label}
      {...(field.help === undefined ? {} : { description: field.help })}
      value={draft[field.of]}
      onChange={(event) => set(event.target.value)}
      {...wrongField(errors[field.of])}
    />
  );
}

type ListFieldProps = {
  readonly label: string;
  readonly draft: ConditionDraft;
  readonly lists: readonly string[];
  readonly error: string | undefined;
  readonly set: (value: string) => void;
};

function ListField({ label, draft, lists, error, set }: ListFieldProps): ReactElement {
  const known = draft.name === '' || lists.includes(draft.name) ? lists : [...lists, draft.name];
  const options = [['', 'Choose one'] as const, ...known.map((name) => [name, name] as const)];
  return (
    <div>
      <SelectField label={label} value={draft.name} options={options} onChange={set} />
      {error === undefined ? null : (
        <p role="alert" className="mt-1 text-(--bw-trouble-mark)">
          {error}
        </p>
      )}
    </div>
  );
}

function zoneOf({ kind, name }: ConditionDraft): string {
  return kind === 'time' && name !== '' ? name : new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

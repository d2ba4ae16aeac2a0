/** What follows when a rule applies. */
import { Input } from '@cloudflare/kumo/components/input';
import type { ReactElement } from 'react';
import { SelectField } from '../shared/select-field.tsx';
import { wrongField } from '../shared/wrong-field.ts';
import type { ActionDraft, RuleErrors } from './rule-draft.ts';
import { ACTIONS, WHOM } from './rule-words.ts';

type ActionFieldsProps = {
  readonly draft: ActionDraft;
  readonly errors: RuleErrors['action'];
  readonly onChange: (draft: ActionDraft) => void;
};

export function ActionFields(props: ActionFieldsProps): ReactElement {
  const { draft, onChange } = props;
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="sr-only">What follows</legend>
      <div className="max-w-sm">
        <SelectField
          label="Then"
          value={draft.kind}
          options={ACTIONS}
          onChange={(kind) => onChange({ ...draft, kind })}
        />
      </div>
      <MoreFields {...props} />
    </fieldset>
  );
}

function MoreFields({ draft, errors, onChange }: ActionFieldsProps): ReactElement | null {
  const set = (change: Partial<ActionDraft>) => onChange({ ...draft, ...change });
  switch (draft.kind) {
    case 'accept':
    case 'quarantine':
    case 'discard':
    case 'hold':
      return null;
    case 'reject':
      return (
        <Input
          label="What the sender reads"
          description="English letters only: it stands in an SMTP reply."
          value={draft.text}
          maxLength={200}
          onChange={(event) => set({ text: event.target.value })}
          {...wrongField(errors.text)}
        />
      );
    case 'redirect':
      return (
        <Input
          label="To (one of your own addresses)"
          type="email"
          value={draft.to}
          onChange={(event) => set({ to: event.target.value })}
          {...wrongField(errors.to)}
        />
      );
    case 'notify':
      return (
        <div className="max-w-sm">
          <SelectField label="Whom" value={draft.whom} options={WHOM} onChange={(whom) => set({ whom })} />
        </div>
      );
    case 'tag':
      return <TagFields draft={draft} errors={errors} set={set} />;
  }
}

type TagFieldsProps = Pick<ActionFieldsProps, 'draft' | 'errors'> & {
  readonly set: (change: Partial<ActionDraft>) => void;
};

function TagFields({ draft, errors, set }: TagFieldsProps): ReactElement {
  return (
    <>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Input
          label="Header (empty: none)"
          placeholder="X-Checked"
          value={draft.headerName}
          onChange={(event) => set({ headerName: event.target.value })}
          {...wrongField(errors.headerName)}
        />
        <Input
          label="Its value"
          description="{score} stands for the spam score."
          value={draft.headerValue}
          onChange={(event) => set({ headerValue: event.target.value })}
          {...wrongField(errors.headerValue)}
        />
      </div>
      <Input
        label="Before the subject (empty: nothing)"
        description="This changes the message, so the sender's DKIM signature over its subject fails afterwards."
        placeholder="[External]"
        maxLength={40}
        value={draft.prefix}
        onChange={(event) => set({ prefix: event.target.value })}
        {...wrongField(errors.prefix)}
      />
    </>
  );
}

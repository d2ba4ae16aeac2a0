/** A client's own rules as sentences, in the order in which they are tried; each change is a version of its own, in effect at once. */
import { Button } from '@cloudflare/kumo/components/button';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { type GivenRule, type RuleSet, saveRules } from './filter-api.ts';
import { moved, noteOf, type RuleChange, without } from './filter-words.ts';
import { useChange } from './queries.ts';
import { draftOfRule, emptyRule } from './rule-draft.ts';
import { RuleForm } from './rule-form.tsx';
import { RuleRow } from './rule-row.tsx';

type RulesCardProps = { readonly id: string; readonly saved: RuleSet; readonly lists: readonly string[] };

/** Which rule the form is open for; `new` for one that is not there yet. */
type Open = { readonly kind: 'none' } | { readonly kind: 'new' } | { readonly kind: 'rule'; readonly id: string };

export function RulesCard({ id, saved, lists }: RulesCardProps): ReactElement {
  const { rules } = saved;
  const [open, setOpen] = useState<Open>({ kind: 'none' });
  const close = (): void => setOpen({ kind: 'none' });
  const { save, saving } = useSaving(id, saved.number, close);
  const form = { id, lists, saving: saving.isPending, error: saving.error, onClose: close };
  return (
    <Card
      title="Your rules"
      intro="Tried from top to bottom, before the built-in sets below. The first that accepts, quarantines, holds, refuses or discards decides; what marks, redirects or tells somebody goes on to the next."
      action={open.kind === 'new' ? null : <Button onClick={() => setOpen({ kind: 'new' })}>Add a rule</Button>}
    >
      {open.kind === 'new' ? (
        <RuleForm
          {...form}
          title="A new rule"
          initial={emptyRule()}
          rulesWith={(rule) => [...rules, rule]}
          onSave={(next, name) => save(next, { kind: 'added', name })}
        />
      ) : null}
      {rules.length === 0 ? (
        <p>None yet. Without rules of yours, only the sets that are switched on below decide.</p>
      ) : (
        <ol className="divide-y divide-kumo-hairline">
          {rules.map((rule, index) => (
            <li key={rule.id} className="py-3 first:pt-0 last:pb-0">
              <SavedRule saved={saved} index={index} busy={saving.isPending} save={save} onEdit={setOpen} />
              {open.kind === 'rule' && open.id === rule.id ? (
                <RuleForm
                  {...form}
                  title={`Change ${rule.name}`}
                  initial={draftOfRule(rule)}
                  rulesWith={(next) => rules.map((one) => (one.id === rule.id ? { ...next, id: rule.id } : one))}
                  onSave={(next, name) => save(next, { kind: 'changed', name })}
                />
              ) : null}
            </li>
          ))}
        </ol>
      )}
      {open.kind === 'none' ? <ProblemBelow error={saving.error} /> : null}
    </Card>
  );
}

type Save = (rules: readonly GivenRule[], change: RuleChange) => void;

/** `number`: of the version that is changed; who is too late is told by the API. */
function useSaving(id: string, number: number, onSaved: () => void) {
  const saving = useChange(id, saveRules);
  const toasts = useKumoToastManager();
  const save: Save = (rules, change) =>
    saving.mutate(
      { rules, basedOn: number, note: noteOf(change) },
      {
        onSuccess: () => {
          toasts.add({ title: 'Saved. In effect from now on.' });
          onSaved();
        },
      },
    );
  return { save, saving };
}

type SavedRuleProps = {
  readonly saved: RuleSet;
  readonly index: number;
  readonly busy: boolean;
  readonly save: Save;
  readonly onEdit: (open: Open) => void;
};

function SavedRule({ saved: { rules, words }, index, busy, save, onEdit }: SavedRuleProps): ReactElement | null {
  const rule = rules[index];
  if (rule === undefined) return null;
  const { id, name } = rule;
  const switched = (isOn: boolean) => rules.map((one) => (one.id === id ? { ...one, isOn } : one));
  return (
    <RuleRow
      rule={rule}
      words={words[index] ?? ''}
      place={{ index, count: rules.length }}
      saving={busy}
      onMove={(to) => save(moved(rules, index, to), { kind: 'moved', name, place: to + 1 })}
      onSwitch={(isOn) => save(switched(isOn), { kind: isOn ? 'switched-on' : 'switched-off', name })}
      onEdit={() => onEdit({ kind: 'rule', id })}
      onRemove={() => save(without(rules, id), { kind: 'removed', name })}
    />
  );
}

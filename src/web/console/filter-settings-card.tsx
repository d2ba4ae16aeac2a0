/** From which spam score on something follows, what becomes of what could not be looked at, and how long the quarantine keeps. */
import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { type FormEvent, type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { SelectField } from '../shared/select-field.tsx';
import { wrongField } from '../shared/wrong-field.ts';
import { type Filter, saveFilter } from './filter-api.ts';
import { QUARANTINE_USERS, readSettings, type SettingsDraft, settingsDraft, WHEN_FAILED } from './filter-words.ts';
import { useChange } from './queries.ts';

export function FilterSettingsCard({ id, saved }: { readonly id: string; readonly saved: Filter }): ReactElement {
  const [draft, setDraft] = useState(() => settingsDraft(saved));
  const saving = useChange(id, saveFilter);
  const toasts = useKumoToastManager();
  const read = readSettings(draft);
  const errors = read.kind === 'wrong' ? read.errors : {};
  const set = (change: Partial<SettingsDraft>) => setDraft({ ...draft, ...change });
  const number = (label: string, of: 'tagAt' | 'quarantineAt' | 'retentionDays' | 'digestHours') => (
    <Input
      label={label}
      inputMode="numeric"
      value={draft[of]}
      onChange={(event) => set({ [of]: event.target.value })}
      {...wrongField(errors[of])}
    />
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (read.kind === 'read')
      saving.mutate(read.change, { onSuccess: () => toasts.add({ title: 'Saved. In effect from now on.' }) });
  };
  return (
    <Card
      title="Spam and quarantine"
      intro="A score of 0 is surely honest, one of 100 surely spam. The scores count while the set “Spam” is on."
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-5">
        <div className="grid items-start gap-4 sm:grid-cols-2">
          {number('Marked from a score of', 'tagAt')}
          {number('Into quarantine from a score of', 'quarantineAt')}
          {number('Kept in quarantine at least (days)', 'retentionDays')}
          {number('Word of what was kept back (every so many hours; 0: none)', 'digestHours')}
          <SelectField
            label="What people may do with their own"
            value={draft.users}
            options={QUARANTINE_USERS}
            onChange={(users) => set({ users })}
          />
          <SelectField
            label="When a scanner that all companies here share is silent"
            value={draft.whenScannerFailed}
            options={WHEN_FAILED}
            onChange={(whenScannerFailed) => set({ whenScannerFailed })}
          />
          <SelectField
            label="What could not be scanned to its end"
            value={draft.whenNotFullyScanned}
            options={WHEN_FAILED}
            onChange={(whenNotFullyScanned) => set({ whenNotFullyScanned })}
          />
        </div>
        <ProblemBelow error={saving.error} />
        <div>
          <Button type="submit" variant="primary" loading={saving.isPending}>
            Save: in effect at once
          </Button>
        </div>
      </form>
    </Card>
  );
}

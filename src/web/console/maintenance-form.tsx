/** Plans work once or every week, in the time of the place where the server stands. */
import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { type FormEvent, type ReactElement, useId, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { RadioCards } from '../shared/radio-cards.tsx';
import { wrongField } from '../shared/wrong-field.ts';
import { type Draft, type DraftErrors, emptyDraft, MEANINGS, readDraft, WEEKDAYS } from './maintenance-words.ts';
import { useChange } from './queries.ts';
import { type PlannedWork, saveMaintenance } from './settings-api.ts';

type MaintenanceFormProps = { readonly id: string; readonly planned: readonly PlannedWork[] };

export function MaintenanceForm({ id, planned }: MaintenanceFormProps): ReactElement {
  const { draft, set, errors, saving, submit } = usePlanning(id, planned);
  return (
    <Card title="Plan work">
      <form onSubmit={submit} noValidate className="flex flex-col gap-5">
        <Input
          label="What is done"
          value={draft.title}
          maxLength={200}
          placeholder="New disks"
          onChange={(event) => set({ title: event.target.value })}
          {...wrongField(errors.title)}
        />
        <RadioCards
          legend="How often"
          value={draft.kind}
          onChange={(kind) => set({ kind })}
          options={[
            { value: 'once', name: 'Once', words: 'From one moment to another' },
            { value: 'weekly', name: 'Every week', words: 'On the same days at the same time' },
          ]}
        />
        {draft.kind === 'once' ? (
          <OnceFields draft={draft} set={set} errors={errors} />
        ) : (
          <WeeklyFields draft={draft} set={set} errors={errors} />
        )}
        <TimeZoneField value={draft.timeZone} error={errors.timeZone} onChange={(timeZone) => set({ timeZone })} />
        <RadioCards
          legend="Meanwhile"
          value={draft.meaning}
          onChange={(meaning) => set({ meaning })}
          options={[
            { value: 'keep', name: 'Keep quiet', words: MEANINGS.keep },
            { value: 'failover', name: 'Open mailboxes', words: MEANINGS.failover },
          ]}
        />
        <ProblemBelow error={saving.error} />
        <div>
          <Button type="submit" variant="primary" loading={saving.isPending}>
            Plan it
          </Button>
        </div>
      </form>
    </Card>
  );
}

type FieldsProps = {
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
  readonly errors: DraftErrors;
};

function OnceFields({ draft, set, errors }: FieldsProps): ReactElement {
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      <Input
        label="From"
        type="datetime-local"
        value={draft.from}
        onChange={(event) => set({ from: event.target.value })}
        {...wrongField(errors.from)}
      />
      <Input
        label="To"
        type="datetime-local"
        value={draft.to}
        onChange={(event) => set({ to: event.target.value })}
        {...wrongField(errors.to)}
      />
    </div>
  );
}

function WeeklyFields({ draft, set, errors }: FieldsProps): ReactElement {
  const toggle = (day: number) =>
    set({
      weekdays: draft.weekdays.includes(day) ? draft.weekdays.filter((one) => one !== day) : [...draft.weekdays, day],
    });
  return (
    <>
      <fieldset>
        <legend className="mb-2 font-medium">Days</legend>
        <div className="flex flex-wrap gap-x-4 gap-y-1">
          {WEEKDAYS.map((name, index) => (
            <label key={name} className="flex min-h-8 cursor-pointer items-center gap-2">
              <input
                type="checkbox"
                checked={draft.weekdays.includes(index + 1)}
                onChange={() => toggle(index + 1)}
                className="size-4 accent-(--bw-mark)"
              />
              {name}
            </label>
          ))}
        </div>
        {errors.weekdays === undefined ? null : (
          <p role="alert" className="text-(--bw-trouble-mark)">
            {errors.weekdays}
          </p>
        )}
      </fieldset>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Input
          label="At"
          type="time"
          value={draft.clock}
          onChange={(event) => set({ clock: event.target.value })}
          {...wrongField(errors.clock)}
        />
        <Input
          label="For (minutes)"
          inputMode="numeric"
          value={draft.minutes}
          onChange={(event) => set({ minutes: event.target.value })}
          {...wrongField(errors.minutes)}
        />
      </div>
    </>
  );
}

const ZONES = Intl.supportedValuesOf('timeZone');

type TimeZoneFieldProps = {
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (zone: string) => void;
};

/** A list to choose from while typing: there are hundreds, and people know the name of theirs. */
function TimeZoneField({ value, error, onChange }: TimeZoneFieldProps): ReactElement {
  const zones = useId();
  return (
    <div className="max-w-sm">
      <Input
        label="Time zone"
        description="The times above are times of this place, summer and winter."
        list={zones}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        {...wrongField(error)}
      />
      <datalist id={zones}>
        {ZONES.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </div>
  );
}

function usePlanning(id: string, planned: readonly PlannedWork[]) {
  const [draft, setDraft] = useState<Draft>(() => emptyDraft(new Intl.DateTimeFormat().resolvedOptions().timeZone));
  const [errors, setErrors] = useState<DraftErrors>({});
  const toasts = useKumoToastManager();
  const saving = useChange(id, saveMaintenance);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const read = readDraft(
      draft,
      planned.map((work) => work.id),
    );
    setErrors(read.kind === 'wrong' ? read.errors : {});
    if (read.kind === 'wrong') return;
    saving.mutate([...planned, read.work], {
      onSuccess: () => {
        toasts.add({ title: 'Planned.' });
        setDraft(emptyDraft(draft.timeZone));
      },
    });
  };
  return { draft, set: (change: Partial<Draft>) => setDraft({ ...draft, ...change }), errors, saving, submit };
}

/** The pace of the replay: what is in force, and how to change it, also while it runs. */
import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { type FormEvent, type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { RadioCards, type RadioOption } from '../shared/radio-cards.tsx';
import { SelectField } from '../shared/select-field.tsx';
import { wrongField } from '../shared/wrong-field.ts';
import { CONNECTIONS, type PaceDraft, type PaceErrors, paceDraft, readPace } from './pace-words.ts';
import { useChange } from './queries.ts';
import { type Plan, savePlan } from './replay-api.ts';
import { planWords } from './replay-words.ts';

const STARTS: readonly RadioOption<Plan['start']>[] = [
  { value: 'automatic', name: 'By itself', words: 'As soon as the server has taken the trial messages.' },
  {
    value: 'hold',
    name: 'When somebody says so',
    words: 'New mail goes to the server; what was kept waits until “Give back now” is pressed here.',
  },
];

const OPTIONS = CONNECTIONS.map((count) => [count, count] as const);

export function PaceForm({ id, plan }: { readonly id: string; readonly plan: Plan }): ReactElement {
  const { draft, set, errors, saving, submit } = usePace(id, plan);
  return (
    <Card
      title="Pace"
      intro={`In force: ${planWords(plan)}. A change counts with the next message, also in the middle of a replay.`}
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-5">
        <div className="grid items-start gap-4 sm:grid-cols-3">
          <Input
            label="Messages a minute"
            inputMode="numeric"
            autoComplete="off"
            value={draft.messages}
            onChange={(event) => set({ messages: event.target.value })}
            {...wrongField(errors.messages)}
          />
          <Input
            label="Megabytes a minute"
            inputMode="decimal"
            autoComplete="off"
            placeholder="no limit"
            value={draft.megabytes}
            onChange={(event) => set({ megabytes: event.target.value })}
            {...wrongField(errors.megabytes)}
          />
          <SelectField
            label="Connections at a time, at most"
            value={draft.connections}
            options={OPTIONS}
            onChange={(connections) => set({ connections })}
          />
        </div>
        <RadioCards
          legend="Giving back begins"
          value={draft.start}
          options={STARTS}
          onChange={(start) => set({ start })}
        />
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

/** The draft is the reader's own: what is asked for again every few seconds does not take it away. */
function usePace(id: string, plan: Plan) {
  const [draft, setDraft] = useState<PaceDraft>(() => paceDraft(plan));
  const [errors, setErrors] = useState<PaceErrors>({});
  const toasts = useKumoToastManager();
  const saving = useChange(id, savePlan);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const read = readPace(draft);
    setErrors(read.kind === 'wrong' ? read.errors : {});
    if (read.kind === 'wrong') return;
    saving.mutate(read.plan, { onSuccess: () => toasts.add({ title: 'The pace is in effect.' }) });
  };
  return { draft, set: (change: Partial<PaceDraft>) => setDraft({ ...draft, ...change }), errors, saving, submit };
}

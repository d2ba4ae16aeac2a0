/** How much may leave in an hour. */
import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { type FormEvent, type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { Loaded } from '../shared/loaded.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { wrongField } from '../shared/wrong-field.ts';
import type { Me } from './api.ts';
import { useChange, useOfClient } from './queries.ts';
import { fetchLimits, type Limits, saveLimits } from './world-api.ts';
import { LIMIT_FIELDS, type LimitsDraft, readLimits } from './world-words.ts';

export function LimitsCard({ me, id }: { readonly me: Me; readonly id: string }): ReactElement {
  const limits = useOfClient(id, 'limits', fetchLimits, false);
  return (
    <Card
      title="Limits"
      intro="So that a stolen password does not become a spam run. Whoever reaches one is told when it ends; what is written stays a draft."
    >
      <Loaded query={limits} what="Asking for the limits…">
        {(found) =>
          me.role === 'operator' ? (
            <LimitsForm id={id} limits={found} />
          ) : (
            <p>
              Each person may write to {found.perUserPerHour.toLocaleString('en')} recipients in the world an hour, all
              together to {found.perClientPerHour.toLocaleString('en')}. Whoever runs Breakwater for you sets this.
            </p>
          )
        }
      </Loaded>
    </Card>
  );
}

const FIELDS = ['perUserPerHour', 'perClientPerHour'] as const;

function LimitsForm({ id, limits }: { readonly id: string; readonly limits: Limits }): ReactElement {
  const [draft, setDraft] = useState<LimitsDraft>({
    perUserPerHour: String(limits.perUserPerHour),
    perClientPerHour: String(limits.perClientPerHour),
  });
  const saving = useChange(id, saveLimits);
  const toasts = useKumoToastManager();
  const read = readLimits(draft);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (read.kind === 'wrong') return;
    saving.mutate(read.limits, { onSuccess: () => toasts.add({ title: 'Saved. In effect from now on.' }) });
  };
  return (
    <form onSubmit={submit} noValidate>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        {FIELDS.map((field) => (
          <Input
            key={field}
            label={LIMIT_FIELDS[field].label}
            inputMode="numeric"
            value={draft[field]}
            onChange={(event) => setDraft({ ...draft, [field]: event.target.value })}
            {...wrongField(read.kind === 'wrong' ? read.errors[field] : undefined)}
          />
        ))}
      </div>
      <ProblemBelow error={saving.error} />
      <div className="mt-4">
        <Button type="submit" variant="primary" loading={saving.isPending}>
          Save the limits
        </Button>
      </div>
    </form>
  );
}

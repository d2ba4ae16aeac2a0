/** When a message goes back to its sender, and which have gone. */
import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { type FormEvent, type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { Loaded } from '../shared/loaded.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { wrongField } from '../shared/wrong-field.ts';
import { ExpiredMessages } from './expired-messages.tsx';
import { useChange, useOfClient } from './queries.ts';
import { expiryDraft, expiryWords, readExpiry } from './return-words.ts';
import { type Expiry, fetchExpiry, saveExpiry } from './returns-api.ts';

export function ReturnsSection({ id }: { readonly id: string }): ReactElement {
  const expiry = useOfClient(id, 'expiry', fetchExpiry, false);
  return (
    <div className="flex flex-col gap-4">
      <Loaded query={expiry} what="Asking for the times…">
        {(found) => <ExpiryForm id={id} saved={found} />}
      </Loaded>
      <ExpiredMessages id={id} />
    </div>
  );
}

function ExpiryForm({ id, saved }: { readonly id: string; readonly saved: Expiry }): ReactElement {
  const [draft, setDraft] = useState(() => expiryDraft(saved));
  const saving = useChange(id, saveExpiry);
  const toasts = useKumoToastManager();
  const read = readExpiry(draft);
  const errors = read.kind === 'wrong' ? read.errors : {};
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (read.kind === 'wrong') return;
    saving.mutate(read.expiry, { onSuccess: () => toasts.add({ title: 'Saved. In effect from now on.' }) });
  };
  return (
    <Card title="When a message goes back to its sender" intro="A change is in effect as soon as it is saved.">
      <form onSubmit={submit} noValidate className="flex flex-col gap-5">
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <Input
            label="Goes back after (hours)"
            inputMode="decimal"
            value={draft.afterHours}
            onChange={(event) => setDraft({ ...draft, afterHours: event.target.value })}
            {...wrongField(errors.afterHours)}
          />
          <Input
            label="Word of a delay after (hours; empty: none)"
            inputMode="decimal"
            value={draft.delayHours}
            onChange={(event) => setDraft({ ...draft, delayHours: event.target.value })}
            {...wrongField(errors.delayHours)}
          />
        </div>
        <div role="status" className="rounded-lg bg-kumo-recessed px-4 py-3 text-kumo-default">
          <p className="font-semibold">In words</p>
          <ul className="mt-1 list-disc pl-5">
            {expiryWords(read.kind === 'wrong' ? saved : read.expiry).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
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

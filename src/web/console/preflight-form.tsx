/** To whom the test messages go, and how often one is sent by itself. */
import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { type FormEvent, type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { wrongField } from '../shared/wrong-field.ts';
import type { Client } from './api.ts';
import { type Preflights, savePreflight } from './preflight-api.ts';
import { type PreflightDraft, type PreflightErrors, readPreflight } from './preflight-words.ts';
import { useChange } from './queries.ts';

export function PreflightForm({
  client,
  saved,
}: {
  readonly client: Client;
  readonly saved: Preflights;
}): ReactElement {
  const [draft, setDraft] = useState<PreflightDraft>({
    address: saved.address ?? '',
    everyDays: String(saved.everyDays),
  });
  const [errors, setErrors] = useState<PreflightErrors>({});
  const toasts = useKumoToastManager();
  const saving = useChange(client.id, savePreflight);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const read = readPreflight(draft);
    setErrors(read.kind === 'wrong' ? read.errors : {});
    if (read.kind === 'wrong') return;
    saving.mutate(read.settings, { onSuccess: () => toasts.add({ title: 'Saved.' }) });
  };
  return (
    <Card title="How tests are sent" intro="A server changes; a test now and then finds it out before the day comes.">
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <Input
            label="To whom"
            description="Somebody whose mailbox is on the server; the message may be deleted"
            type="email"
            autoCapitalize="none"
            spellCheck={false}
            placeholder={client.domains[0] === undefined ? 'postmaster' : `postmaster@${client.domains[0]}`}
            value={draft.address}
            onChange={(event) => setDraft({ ...draft, address: event.target.value })}
            {...wrongField(errors.address)}
          />
          <Input
            label="By itself every (days)"
            description="0: only when somebody asks"
            inputMode="numeric"
            autoComplete="off"
            value={draft.everyDays}
            onChange={(event) => setDraft({ ...draft, everyDays: event.target.value })}
            {...wrongField(errors.everyDays)}
          />
        </div>
        <ProblemBelow error={saving.error} />
        <div>
          <Button type="submit" variant="primary" loading={saving.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Card>
  );
}

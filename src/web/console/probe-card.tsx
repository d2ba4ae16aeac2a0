/** How a server is looked at, and when it counts as repaired. */
import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { type FormEvent, type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { wrongField } from '../shared/wrong-field.ts';
import type { Client } from './api.ts';
import { Consent } from './consent.tsx';
import { saveModes } from './modes-api.ts';
import { PROBE_FIELD_NAMES, PROBE_FIELDS, probeDraft, probeWords, readProbe } from './probe-words.ts';
import { useChange } from './queries.ts';

export function ProbeCard({ client }: { readonly client: Client }): ReactElement {
  const { draft, setDraft, errors, wouldBe, saving, submit } = useProbeForm(client);
  return (
    <Card
      title="How the server is looked at"
      intro="Probes find out about a server to which no mail comes, and about a repair."
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-5">
        <div className="grid items-start gap-4 sm:grid-cols-2 lg:grid-cols-3">
          {PROBE_FIELD_NAMES.map((field) => (
            <Input
              key={field}
              label={PROBE_FIELDS[field].label}
              inputMode="decimal"
              value={draft[field]}
              onChange={(event) => setDraft({ ...draft, [field]: event.target.value })}
              {...wrongField(errors[field])}
            />
          ))}
          <Input
            label="Ask for the address (or empty)"
            type="email"
            autoCapitalize="none"
            spellCheck={false}
            value={draft.address}
            placeholder={`postmaster@${client.domains[0] ?? 'harbour.example'}`}
            onChange={(event) => setDraft({ ...draft, address: event.target.value })}
            {...wrongField(errors.address)}
          />
        </div>
        <Consent
          label="Send a test message to that address, to find a server that takes the address but not the mail"
          checked={draft.testMessage === 'sent'}
          onChange={() => setDraft({ ...draft, testMessage: draft.testMessage === 'sent' ? 'not-sent' : 'sent' })}
        />
        <div role="status" className="rounded-lg bg-kumo-recessed px-4 py-3 text-kumo-default">
          <p className="font-semibold">In words</p>
          <ul className="mt-1 list-disc pl-5">
            {probeWords(wouldBe).map((line) => (
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

function useProbeForm(client: Client) {
  const [draft, setDraft] = useState(() => probeDraft(client));
  const saving = useChange(client.id, saveModes);
  const toasts = useKumoToastManager();
  const read = readProbe(draft);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (read.kind === 'wrong') return;
    saving.mutate(read.settings, { onSuccess: () => toasts.add({ title: 'Saved. In effect from now on.' }) });
  };
  return {
    draft,
    setDraft,
    errors: read.kind === 'wrong' ? read.errors : {},
    // While a field is wrong, the words keep to what is in force.
    wouldBe: read.kind === 'wrong' ? client : read.settings,
    saving,
    submit,
  };
}

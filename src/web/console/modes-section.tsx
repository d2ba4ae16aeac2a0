/** What happens when a server fails and when it is repaired: chosen by the operator, told to everybody. */
import { Button } from '@cloudflare/kumo/components/button';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { type FormEvent, type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { RadioCards } from '../shared/radio-cards.tsx';
import type { Client, Me } from './api.ts';
import { chosenWords, FAILBACKS, FAILOVERS, type ModeChoices, REFUSALS } from './mode-words.ts';
import { saveModes } from './modes-api.ts';
import { ProbeCard } from './probe-card.tsx';
import { probeWords } from './probe-words.ts';
import { useChange } from './queries.ts';
import { SystemAddressesCard } from './system-addresses-card.tsx';

export function ModesSection({ me, client }: { readonly me: Me; readonly client: Client }): ReactElement {
  return (
    <div className="flex flex-col gap-4">
      {me.role === 'operator' ? (
        <>
          <ChoicesCard client={client} />
          <ProbeCard client={client} />
        </>
      ) : (
        <Chosen client={client} />
      )}
      <SystemAddressesCard id={client.id} />
    </div>
  );
}

function Chosen({ client }: { readonly client: Client }): ReactElement {
  return (
    <Card
      title="What happens when the server fails"
      intro="Whoever runs Breakwater for you sets this; ask them for another way."
    >
      <ul className="list-disc pl-5">
        {[...chosenWords(client), ...probeWords(client)].map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Card>
  );
}

function ChoicesCard({ client }: { readonly client: Client }): ReactElement {
  const { failover, failback, whenRefused } = client;
  const [chosen, setChosen] = useState<ModeChoices>({ failover, failback, whenRefused });
  const saving = useChange(client.id, saveModes);
  const toasts = useKumoToastManager();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    saving.mutate(chosen, { onSuccess: () => toasts.add({ title: 'Saved. In effect from now on.' }) });
  };
  return (
    <Card
      title="What happens when the server fails"
      intro="Mail is never refused or lost in any of these ways. They decide who opens the mailboxes, and when."
    >
      <form onSubmit={submit} className="flex flex-col gap-5">
        <RadioCards
          legend="When a threshold is crossed, the emergency mailboxes"
          value={chosen.failover}
          options={FAILOVERS}
          onChange={(value) => setChosen({ ...chosen, failover: value })}
        />
        <RadioCards
          legend="When the server is repaired"
          value={chosen.failback}
          options={FAILBACKS}
          onChange={(value) => setChosen({ ...chosen, failback: value })}
        />
        <RadioCards
          legend="When the server answers, but TLS or our login fails"
          value={chosen.whenRefused}
          options={REFUSALS}
          onChange={(value) => setChosen({ ...chosen, whenRefused: value })}
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

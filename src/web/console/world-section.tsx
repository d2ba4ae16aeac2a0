/** Mail to the world: the relay, what domains must publish for it, how much may leave, and what waits. */
import type { ReactElement } from 'react';
import type { Client, Me } from './api.ts';
import { DkimCard } from './dkim-card.tsx';
import { LimitsCard } from './limits-card.tsx';
import { OutboundQueue } from './outbound-queue.tsx';
import { RelayCard } from './relay-card.tsx';
import { SpfCard } from './spf-card.tsx';

export function WorldSection({ me, client }: { readonly me: Me; readonly client: Client }): ReactElement {
  return (
    <div className="flex flex-col gap-4">
      <RelayCard me={me} id={client.id} />
      <SpfCard id={client.id} />
      <DkimCard id={client.id} domains={client.domains} />
      <LimitsCard me={me} id={client.id} />
      <OutboundQueue id={client.id} />
    </div>
  );
}

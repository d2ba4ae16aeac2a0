/** The replay: how it stands, its pace, its order, and what a person must decide about. In quiet times: what would happen. */
import type { ReactElement } from 'react';
import { Loaded } from '../shared/loaded.tsx';
import type { Client } from './api.ts';
import { HeldMessages } from './held-messages.tsx';
import { PaceForm } from './pace-form.tsx';
import { SLOWER_EVERY_MS, useOfClient, useStatus } from './queries.ts';
import { fetchReplay, type Replay } from './replay-api.ts';
import { ReplayNow } from './replay-now.tsx';
import { ReplayOrder } from './replay-order.tsx';
import { replayStanding } from './replay-words.ts';

// While it runs people watch it as they watch a download.
const RUNNING_EVERY_MS = 2_500;

export function ReplaySection({ client }: { readonly client: Client }): ReactElement {
  const { id } = client;
  const status = useStatus(id);
  const replay = useOfClient(id, 'replay', fetchReplay, howOften);
  return (
    <Loaded query={status} what="Asking how it is…">
      {({ health, spool }) => (
        <Loaded query={replay} what="Asking for the replay…">
          {(found) => {
            const standing = replayStanding(found, health, Date.now());
            return (
              <div className="flex flex-col gap-4">
                <ReplayNow id={id} replay={found} standing={standing} query={replay} />
                {spool.held > 0 ? <HeldMessages client={client} /> : null}
                <PaceForm id={id} plan={found.plan} />
                <ReplayOrder id={id} turns={found.turns} />
              </div>
            );
          }}
        </Loaded>
      )}
    </Loaded>
  );
}

function howOften(found: Replay | undefined): number {
  return found === undefined || found.waiting > 0 ? RUNNING_EVERY_MS : SLOWER_EVERY_MS;
}

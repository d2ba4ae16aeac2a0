/** By which relay mail leaves, and whether it does. The operator gives a client a relay of its own. */
import { Button } from '@cloudflare/kumo/components/button';
import { WarningIcon } from '@phosphor-icons/react';
import { type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { Loaded } from '../shared/loaded.tsx';
import { Moment } from '../shared/moment.tsx';
import { Notice } from '../shared/notice.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import type { Me } from './api.ts';
import { PeerForm } from './peer-form.tsx';
import { placeWords, reachWords } from './peer-words.ts';
import { SLOWER_EVERY_MS, useChange, useOfClient } from './queries.ts';
import { fetchRelay, type Relay, removeRelay, saveRelay } from './world-api.ts';
import { relayWords } from './world-words.ts';

export function RelayCard({ me, id }: { readonly me: Me; readonly id: string }): ReactElement {
  const relay = useOfClient(id, 'relay', fetchRelay, SLOWER_EVERY_MS);
  return (
    <Card
      title="The relay"
      intro="Mail that people write to the world in an emergency leaves by a relay: a server that takes it with a login and delivers it."
    >
      <Loaded query={relay} what="Asking for the relay…">
        {(found) => (
          <div className="flex flex-col gap-3">
            <InUse relay={found} />
            {me.role === 'operator' ? (
              <OwnRelay id={id} own={found.own} />
            ) : (
              <p className="text-kumo-subtle">Whoever runs Breakwater for you sets it.</p>
            )}
          </div>
        )}
      </Loaded>
    </Card>
  );
}

function InUse({ relay }: { readonly relay: Relay }): ReactElement {
  return (
    <>
      <div>
        <p>{relayWords(relay)}</p>
        {relay.own === null ? null : (
          <p className="text-sm break-words">
            {placeWords(relay.own)} · {reachWords(relay.own)}
          </p>
        )}
      </div>
      {relay.trouble === null ? null : (
        <Notice tone="trouble" icon={WarningIcon} title="Mail to the world does not go out" role="status">
          Since <Moment atMs={relay.trouble.sinceMs} />: {relay.trouble.words}
        </Notice>
      )}
      {relay.warning === null ? null : (
        <Notice tone="emergency" icon={WarningIcon} title="This relay may fail together with the mail server">
          {relay.warning}
        </Notice>
      )}
    </>
  );
}

function OwnRelay({ id, own }: { readonly id: string; readonly own: Relay['own'] }): ReactElement {
  const [open, setOpen] = useState<'none' | 'form' | 'removal'>('none');
  const saving = useChange(id, saveRelay);
  const removing = useChange(id, removeRelay);
  const close = () => {
    saving.reset();
    setOpen('none');
  };
  if (open === 'form')
    return (
      <section aria-label="A relay of its own" className="rounded-lg border border-kumo-line p-4">
        <PeerForm
          kind="relay"
          stored={own ?? undefined}
          saving={saving}
          onSave={(peer) => saving.mutate(peer, { onSuccess: close })}
          onLeave={close}
        />
      </section>
    );
  return (
    <div>
      {open === 'removal' ? (
        <div className="flex flex-wrap items-center gap-2">
          <p>Mail then leaves by the deployment’s relay; without one it waits.</p>
          <Button onClick={close}>Keep it</Button>
          <Button
            variant="destructive"
            loading={removing.isPending}
            onClick={() => removing.mutate(undefined, { onSuccess: close })}
          >
            Remove it
          </Button>
        </div>
      ) : (
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => setOpen('form')}>
            {own === null ? 'Give this client a relay of its own' : 'Change its own relay'}
          </Button>
          {own === null ? null : <Button onClick={() => setOpen('removal')}>Remove its own relay</Button>}
        </div>
      )}
      <ProblemBelow error={removing.error} />
    </div>
  );
}

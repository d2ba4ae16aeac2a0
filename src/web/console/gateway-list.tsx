/** The list of mail servers as it is set. The operator changes it; each change is saved by itself and in effect at once. */
import { Button } from '@cloudflare/kumo/components/button';
import { type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import type { Me } from './api.ts';
import { type GatewayEdit, GatewayRow } from './gateway-row.tsx';
import { type Gateway, type GivenPeer, saveGateways } from './gateways-api.ts';
import { PeerForm } from './peer-form.tsx';
import { moved, placeWords } from './peer-words.ts';
import { useChange } from './queries.ts';
import { unchanged } from './read-peer.ts';

// The API's own limit: a choice is made for every message.
const MOST = 10;

type GatewayListProps = { readonly me: Me; readonly id: string; readonly gateways: readonly Gateway[] };
/** A place in the list, or behind its end. */
type Open = { readonly kind: 'none' } | { readonly kind: 'form' | 'removal'; readonly index: number };

export function GatewayList({ me, id, gateways }: GatewayListProps): ReactElement {
  const { open, rowEdit, form, adding, error } = useGatewayList(id, gateways);
  return (
    <Card
      title="The list"
      intro={
        me.role === 'operator'
          ? 'Among equals the order here decides. A server may be changed before or during a replay: what is kept goes to the new one.'
          : 'Whoever runs Breakwater for you sets it. Among equals the order here decides.'
      }
    >
      {gateways.length === 0 ? <p>No mail server is set.</p> : null}
      <ul className="divide-y divide-kumo-hairline">
        {gateways.map((gateway, index) => (
          <GatewayRow
            key={`${placeWords(gateway)} ${gateway.username}`}
            gateway={gateway}
            edit={me.role === 'admin' ? undefined : rowEdit(index)}
          />
        ))}
      </ul>
      {open.kind === 'form' ? null : <ProblemBelow error={error} />}
      {me.role === 'operator' && gateways.length < MOST ? (
        <div className="mt-4">
          {open.kind === 'form' && open.index === gateways.length ? (
            <section aria-label="Another mail server" className="rounded-lg border border-kumo-line p-4">
              {form(gateways.length)}
            </section>
          ) : (
            <Button onClick={adding}>Add a mail server</Button>
          )}
        </div>
      ) : null}
    </Card>
  );
}

function useGatewayList(id: string, gateways: readonly Gateway[]) {
  const [open, setOpen] = useState<Open>({ kind: 'none' });
  const saving = useChange(id, saveGateways);
  const close = () => {
    saving.reset();
    setOpen({ kind: 'none' });
  };
  const save = (next: readonly GivenPeer[]) => saving.mutate(next, { onSuccess: () => setOpen({ kind: 'none' }) });
  const kept = gateways.map(unchanged);
  const form = (index: number): ReactElement => (
    <PeerForm
      kind="gateway"
      stored={gateways[index]}
      saving={saving}
      onSave={(peer) => save(index < kept.length ? kept.with(index, peer) : [...kept, peer])}
      onLeave={close}
    />
  );
  const isOpen = (kind: Open['kind'], index: number) =>
    open.kind !== 'none' && open.kind === kind && open.index === index;
  const rowEdit = (index: number): GatewayEdit => ({
    form: isOpen('form', index) ? form(index) : undefined,
    isBeingRemoved: isOpen('removal', index),
    isOnly: gateways.length === 1,
    saving: saving.isPending,
    onUp: index === 0 ? undefined : () => save(moved(kept, index, -1)),
    onDown: index === kept.length - 1 ? undefined : () => save(moved(kept, index, 1)),
    onChange: () => setOpen({ kind: 'form', index }),
    onRemove: () => setOpen({ kind: 'removal', index }),
    onRemoved: () => save(kept.toSpliced(index, 1)),
    onKeep: close,
  });
  return { open, rowEdit, form, adding: () => setOpen({ kind: 'form', index: kept.length }), error: saving.error };
}

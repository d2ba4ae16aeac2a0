/** What Breakwater holds for the client right now, and how far the giving back has come. */
import type { ReactElement } from 'react';
import { Card } from '../shared/card.tsx';
import { counted } from '../shared/format.ts';
import { Link } from '../shared/link.tsx';
import { Meter } from '../shared/meter.tsx';
import type { Status } from './api.ts';
import { clientPath } from './route.ts';

type Spool = Status['spool'];
type Figure = { readonly name: string; readonly of: keyof Spool; readonly meaning: string };

const FIGURES: readonly Figure[] = [
  { name: 'Waiting', of: 'waiting', meaning: 'go to the mail server as soon as it takes them' },
  { name: 'In mailboxes', of: 'inMailboxes', meaning: 'can be read in the emergency mailboxes now' },
  { name: 'Held', of: 'held', meaning: 'wait for a person, each with its reason' },
  { name: 'Uncertain', of: 'uncertain', meaning: 'may have arrived when the line broke; are asked about again' },
  { name: 'Quarantined', of: 'quarantined', meaning: 'kept back by your filter' },
];

type SpoolNumbersProps = { readonly id: string; readonly status: Status };

export function SpoolNumbers({ id, status: { health, spool, replay } }: SpoolNumbersProps): ReactElement {
  const hasReplay = replay.replayed > 0 || replay.waiting > 0;
  if (FIGURES.every(({ of }) => spool[of] === 0) && !hasReplay)
    return (
      <Card
        title="Kept here"
        intro={health.state === 'up' ? 'Nothing: every message is with your mail server.' : 'Nothing yet.'}
      />
    );
  return (
    <Card title="Kept here">
      <dl className="grid grid-cols-2 gap-4 sm:grid-cols-3 lg:grid-cols-5">
        {FIGURES.map(({ name, of, meaning }) => (
          <div key={of} className={spool[of] === 0 ? 'text-kumo-subtle' : ''}>
            <dt className="text-sm font-semibold">{name}</dt>
            <dd>
              <span className="text-2xl font-semibold tabular-nums">{spool[of].toLocaleString('en-GB')}</span>{' '}
              {spool[of] === 1 ? 'message' : 'messages'}
              <span className="block text-sm text-pretty">{meaning}</span>
            </dd>
          </div>
        ))}
      </dl>
      {hasReplay ? <GivingBack id={id} replay={replay} /> : null}
    </Card>
  );
}

function GivingBack({ id, replay }: { readonly id: string; readonly replay: Status['replay'] }): ReactElement {
  const { waiting, replayed } = replay;
  const total = waiting + replayed;
  return (
    <div className="mt-4">
      <div className="flex flex-wrap justify-between gap-x-4">
        <span>
          Given back: {replayed.toLocaleString('en-GB')} of {counted(total, 'message')}
        </span>
        <Link href={clientPath(id, 'replay')} className="inline-flex min-h-6 items-center text-kumo-link underline">
          Follow and steer the replay
        </Link>
      </div>
      <Meter label="Given back to the mail server" value={replayed} max={total} />
    </div>
  );
}

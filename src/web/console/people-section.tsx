/** Who has an account, and who could log in if it happened now: the figure to raise before an emergency. */
import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { counted } from '../shared/format.ts';
import { Loaded } from '../shared/loaded.tsx';
import { Meter } from '../shared/meter.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import type { Me } from './api.ts';
import { useChange, usePeople } from './queries.ts';
import { type People, type Person, type Role, setRole } from './settings-api.ts';

// Thousands of rows at once make a browser slow, and nobody reads them: one looks for somebody.
const SHOWN = 100;

const SOURCES: Record<Person['source'], string> = {
  imported: 'from your list',
  manual: 'added by hand',
  learned: 'learned from mail your server took',
};

export function PeopleSection({ me, id }: { readonly me: Me; readonly id: string }): ReactElement {
  const people = usePeople(id);
  return (
    <Loaded query={people} what="Asking for the people…">
      {(found) => (
        <div className="flex flex-col gap-4">
          <Readiness people={found} />
          <List me={me} id={id} people={found.accounts} />
        </div>
      )}
    </Loaded>
  );
}

function Readiness({ people: { total, canLogIn } }: { readonly people: People }): ReactElement {
  return (
    <Card
      title="Ready for an emergency"
      intro="People without a password get a mailbox too, but must be given a password before they can read it."
    >
      <p>
        <span className="text-2xl font-semibold tabular-nums">
          {canLogIn} of {total}
        </span>{' '}
        {total === 1 ? 'person' : 'people'} could log in now
      </p>
      <Meter label="People who could log in now" value={canLogIn} max={total} />
    </Card>
  );
}

type ListProps = { readonly me: Me; readonly id: string; readonly people: readonly Person[] };

function List({ me, id, people }: ListProps): ReactElement {
  const [part, setPart] = useState('');
  const wanted = part.trim().toLowerCase();
  const found = people.filter(({ address, name }) => address.includes(wanted) || name.toLowerCase().includes(wanted));
  return (
    <Card
      title="Accounts"
      {...(me.role === 'admin'
        ? { intro: 'Whoever runs Breakwater for you adds people, sets passwords and makes administrators.' }
        : { intro: 'An administrator sees and steers this client in this console.' })}
    >
      <div className="mb-3 max-w-sm">
        <Input label="Find somebody" type="search" value={part} onChange={(event) => setPart(event.target.value)} />
      </div>
      <p role="status" className="text-sm text-kumo-subtle">
        {found.length > SHOWN
          ? `The first ${SHOWN} of ${found.length}: type a part of a name or an address`
          : counted(found.length, 'account')}
      </p>
      <ul className="divide-y divide-kumo-hairline">
        {found.slice(0, SHOWN).map((person) => (
          <Row key={person.id} id={id} person={person} mayChange={me.role === 'operator'} />
        ))}
      </ul>
    </Card>
  );
}

type RowProps = { readonly id: string; readonly person: Person; readonly mayChange: boolean };

function Row({ id, person, mayChange }: RowProps): ReactElement {
  const changing = useChange(id, async (client, role: Role) => setRole(client, person.id, role));
  const other: Role = person.role === 'admin' ? 'user' : 'admin';
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2.5">
      <div className="min-w-0 flex-1 basis-60">
        <p className="break-words">
          {person.name === '' ? person.address : person.name}
          {person.role === 'admin' ? <span className="font-semibold"> · Administrator</span> : null}
        </p>
        <p className="text-sm break-words">
          {person.name === '' ? '' : `${person.address} · `}
          {SOURCES[person.source]} · {person.canLogIn ? 'can log in' : 'has no password yet'}
        </p>
        <ProblemBelow error={changing.error} />
      </div>
      {mayChange ? (
        <Button loading={changing.isPending} onClick={() => changing.mutate(other)}>
          {other === 'admin' ? 'Make administrator' : 'Make user'}
          <span className="sr-only">: {person.address}</span>
        </Button>
      ) : null}
    </li>
  );
}

/** Who has an account, and who could log in if it happened now: the figure to raise before an emergency. */
import { Input } from '@cloudflare/kumo/components/input';
import { type ReactElement, useId, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { counted } from '../shared/format.ts';
import { Loaded } from '../shared/loaded.tsx';
import { Meter } from '../shared/meter.tsx';
import type { Me } from './api.ts';
import { groupsOf, isWanted } from './people-words.ts';
import { PersonRow } from './person-row.tsx';
import { usePeople } from './queries.ts';
import type { People, Person } from './settings-api.ts';

// Thousands of rows at once make a browser slow, and nobody reads them: one looks for somebody.
const SHOWN = 100;

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
  const listId = useId();
  const found = people.filter((person) => isWanted(person, part));
  return (
    <Card
      title="Accounts"
      {...(me.role === 'admin'
        ? {
            intro:
              'Whoever runs Breakwater for you adds people, sets passwords and makes administrators. Groups are yours to set: a replay can be steered by them.',
          }
        : {
            intro:
              'An administrator sees and steers this client in this console. A replay can be steered by groups, as a department or a site.',
          })}
    >
      <div className="mb-3 max-w-sm">
        <Input
          label="Find somebody, or a group"
          type="search"
          value={part}
          onChange={(event) => setPart(event.target.value)}
        />
      </div>
      <p role="status" className="text-sm text-kumo-subtle">
        {found.length > SHOWN
          ? `The first ${SHOWN} of ${found.length}: type a part of a name, an address or a group`
          : counted(found.length, 'account')}
      </p>
      <datalist id={listId}>
        {groupsOf(people).map((group) => (
          <option key={group} value={group} />
        ))}
      </datalist>
      <ul className="divide-y divide-kumo-hairline">
        {found.slice(0, SHOWN).map((person) => (
          <PersonRow key={person.id} me={me} id={id} person={person} groupsId={listId} />
        ))}
      </ul>
    </Card>
  );
}

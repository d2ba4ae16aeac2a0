/** Who is told when something happens, how often, and whether it works. */
import { Input } from '@cloudflare/kumo/components/input';
import { type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { Loaded } from '../shared/loaded.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { SelectField } from '../shared/select-field.tsx';
import { Alarms, MuteFor } from './alarms.tsx';
import { ListEditor } from './list-editor.tsx';
import { NoticeTestCard } from './notice-test-card.tsx';
import { useChange, useNotices } from './queries.ts';
import { type Notices, saveNotices } from './settings-api.ts';
import { Webhooks } from './webhooks.tsx';

export function NoticesSection({ id }: { readonly id: string }): ReactElement {
  const notices = useNotices(id);
  return (
    <Loaded query={notices} what="Opening the notices…">
      {(found) => (
        <div className="flex flex-col gap-4">
          <Alarms id={id} />
          <Addresses id={id} addresses={found.addresses} />
          <Webhooks id={id} urls={found.webhooks.map(({ url }) => url)} />
          <Repeat id={id} notices={found} />
          <NoticeTestCard id={id} />
        </div>
      )}
    </Loaded>
  );
}

function Addresses({ id, addresses }: { readonly id: string; readonly addresses: readonly string[] }): ReactElement {
  const [typed, setTyped] = useState('');
  const saving = useChange(id, saveNotices);
  const [wrong, setWrong] = useState(false);
  const add = () => {
    // The API looks closer; this tells a slip where it was made.
    const isAddress = /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed.trim());
    setWrong(!isAddress);
    if (!isAddress) return;
    saving.mutate({ addresses: [...addresses, typed.trim()] }, { onSuccess: () => setTyped('') });
  };
  return (
    <Card
      title="By mail"
      intro="Use addresses that do not depend on the mail server that may fail: a private one, another provider’s."
    >
      <ListEditor
        items={addresses}
        empty="Nobody is told by mail yet."
        saving={saving.isPending}
        onRemove={(gone) => saving.mutate({ addresses: addresses.filter((address) => address !== gone) })}
        onAdd={add}
      >
        <Input
          label="Another address"
          type="email"
          autoCapitalize="none"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          {...(wrong ? { error: 'Enter an address, as anna@elsewhere.example.', variant: 'error' as const } : {})}
        />
      </ListEditor>
      <ProblemBelow error={saving.error} />
    </Card>
  );
}

const REPEATS = [
  ['0', 'Never'],
  ['15', 'Every 15 minutes'],
  ['30', 'Every 30 minutes'],
  ['60', 'Every hour'],
  ['240', 'Every 4 hours'],
] as const;

function Repeat({ id, notices }: { readonly id: string; readonly notices: Notices }): ReactElement {
  const saving = useChange(id, saveNotices);
  const now = String(notices.repeatMinutes);
  const known: readonly (readonly [string, string])[] = REPEATS;
  const options = known.some(([minutes]) => minutes === now)
    ? known
    : [...known, [now, `Every ${now} minutes`] as const];
  return (
    <Card
      title="Repeat and quiet"
      intro="An alarm is repeated by mail until somebody says here, or by its link, that it is seen."
    >
      <div className="flex flex-wrap items-end gap-x-6 gap-y-4">
        <SelectField
          label="Repeat alarms"
          value={now}
          options={options}
          disabled={saving.isPending}
          onChange={(minutes) => saving.mutate({ repeatMinutes: Number(minutes) })}
        />
        {notices.mutedUntilMs === null ? (
          <div className="flex flex-wrap items-end gap-2">
            <MuteFor id={id} />
          </div>
        ) : null}
      </div>
      <ProblemBelow error={saving.error} />
    </Card>
  );
}

/** Lists that rules look things up in: one entry for each line. */
import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactElement, useId, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { Loaded } from '../shared/loaded.tsx';
import { Moment } from '../shared/moment.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { wrongField } from '../shared/wrong-field.ts';
import { type FilterList, fetchList, removeList, saveList } from './filter-api.ts';
import { listNameError, listWords } from './filter-words.ts';
import { useChange } from './queries.ts';

type FilterListsCardProps = { readonly id: string; readonly lists: readonly FilterList[] };

export function FilterListsCard({ id, lists }: FilterListsCardProps): ReactElement {
  const [open, setOpen] = useState<string | undefined>(undefined);
  return (
    <Card
      title="Lists"
      intro="For rules to look things up in: addresses, domains (which count for what lies below them), hosts, IP addresses, SHA-256 of files. The list “bad-hashes” counts as a virus list."
    >
      {lists.length === 0 ? (
        <p>None yet.</p>
      ) : (
        <ul className="divide-y divide-kumo-hairline">
          {lists.map((list) => (
            <li key={list.name} className="py-2.5 first:pt-0">
              <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
                <div className="min-w-0 flex-1 basis-60">
                  <p className="font-semibold break-all">{list.name}</p>
                  <p className="break-words">{listWords(list)}</p>
                  <p className="text-kumo-subtle">
                    <Moment atMs={list.atMs} /> by {list.by}
                  </p>
                </div>
                <Button onClick={() => setOpen(open === list.name ? undefined : list.name)}>
                  {open === list.name ? 'Close' : 'Open'}
                  <span className="sr-only"> {list.name}</span>
                </Button>
              </div>
              {open === list.name ? <OpenList id={id} name={list.name} onDone={() => setOpen(undefined)} /> : null}
            </li>
          ))}
        </ul>
      )}
      <NewList id={id} taken={lists.map(({ name }) => name)} />
    </Card>
  );
}

type OpenListProps = { readonly id: string; readonly name: string; readonly onDone: () => void };

function OpenList({ id, name, onDone }: OpenListProps): ReactElement {
  const entries = useQuery({
    queryKey: ['client', id, 'list', name],
    queryFn: async ({ signal }) => fetchList(id, name, signal),
  });
  return (
    <Loaded query={entries} what="Opening the list…">
      {(found) => <ListForm id={id} name={name} lines={found.join('\n')} onDone={onDone} />}
    </Loaded>
  );
}

function ListForm({ id, name, lines: saved, onDone }: OpenListProps & { readonly lines: string }): ReactElement {
  const [lines, setLines] = useState(saved);
  const [asked, setAsked] = useState(false);
  const saving = useChange(id, saveList);
  const removing = useChange(id, removeList);
  const toasts = useKumoToastManager();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    saving.mutate({ name, lines }, { onSuccess: () => toasts.add({ title: 'Saved. In effect from now on.' }) });
  };
  return (
    <form onSubmit={submit} className="mt-3 flex flex-col gap-3">
      <LinesField label={`Entries of ${name}`} value={lines} onChange={setLines} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" loading={saving.isPending}>
          Save: in effect at once
        </Button>
        {asked ? (
          <>
            <Button onClick={() => setAsked(false)}>Keep it</Button>
            <Button
              variant="destructive"
              loading={removing.isPending}
              onClick={() => removing.mutate(name, { onSuccess: onDone })}
            >
              Remove it
            </Button>
          </>
        ) : (
          <Button onClick={() => setAsked(true)}>Remove the list</Button>
        )}
      </div>
      <ProblemBelow error={saving.error ?? removing.error} />
    </form>
  );
}

function NewList({ id, taken }: { readonly id: string; readonly taken: readonly string[] }): ReactElement {
  const [name, setName] = useState('');
  const [lines, setLines] = useState('');
  const [error, setError] = useState<string | undefined>(undefined);
  const saving = useChange(id, saveList);
  const toasts = useKumoToastManager();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const wrong = listNameError(name, taken);
    setError(wrong);
    if (wrong !== undefined) return;
    saving.mutate(
      { name, lines },
      {
        onSuccess: () => {
          toasts.add({ title: 'Saved.' });
          setName('');
          setLines('');
        },
      },
    );
  };
  return (
    <details className="mt-3">
      <summary className="inline-flex min-h-8 cursor-pointer items-center text-kumo-link underline">A new list</summary>
      <form onSubmit={submit} noValidate className="mt-2 flex flex-col gap-3">
        <div className="max-w-sm">
          <Input
            label="Name"
            placeholder="trusted-senders"
            value={name}
            onChange={(event) => setName(event.target.value)}
            {...wrongField(error)}
          />
        </div>
        <LinesField label="Entries" value={lines} onChange={setLines} />
        <div>
          <Button type="submit" loading={saving.isPending}>
            Make the list
          </Button>
        </div>
        <ProblemBelow error={saving.error} />
      </form>
    </details>
  );
}

type LinesFieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
};

function LinesField({ label, value, onChange }: LinesFieldProps): ReactElement {
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <textarea
        id={id}
        value={value}
        rows={8}
        spellCheck={false}
        aria-describedby={`${id}-help`}
        onChange={(event) => onChange(event.target.value)}
        className="min-w-0 rounded-lg border border-kumo-line bg-kumo-control p-2.5 font-mono text-sm text-kumo-default"
      />
      <p id={`${id}-help`} className="text-kumo-subtle">
        One in each line, as ann@b.example, b.example, 192.0.2.7, or a SHA-256.
      </p>
    </div>
  );
}

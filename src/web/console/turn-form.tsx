/** Says of people or groups that they go first in a replay, or wait. */
import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { type FormEvent, type ReactElement, useId, useState } from 'react';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { SelectField } from '../shared/select-field.tsx';
import { wrongField } from '../shared/wrong-field.ts';
import { useChange, usePeople } from './queries.ts';
import { setTurns } from './replay-api.ts';
import { mailboxes, readWhom } from './turn-words.ts';

// So many lines of suggestions a browser bears well.
const SUGGESTED = 500;
const CHOICES = [
  ['first', 'goes first'],
  ['paused', 'waits until you say otherwise'],
] as const;

export function TurnForm({ id }: { readonly id: string }): ReactElement {
  const { typed, setTyped, turn, setTurn, wrong, saving, submit, known } = useTurnForm(id);
  const list = useId();
  return (
    <form onSubmit={submit} noValidate className="mt-4 flex flex-wrap items-start gap-x-3 gap-y-4">
      <div className="min-w-0 flex-1 basis-64">
        <Input
          label="Address or group"
          description="Several with commas between them"
          list={list}
          autoCapitalize="none"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          {...wrongField(wrong)}
        />
        <datalist id={list}>
          {known.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      </div>
      <SelectField label="In the replay" value={turn} options={CHOICES} onChange={setTurn} />
      {/* Level with the fields, whose labels stand above them. */}
      <div className="pt-7.5">
        <Button type="submit" loading={saving.isPending}>
          Set
        </Button>
      </div>
      <div className="w-full empty:hidden">
        <ProblemBelow error={saving.error} />
      </div>
    </form>
  );
}

function useTurnForm(id: string) {
  const people = usePeople(id);
  const accounts = people.data?.accounts ?? [];
  const groups = [...new Set(accounts.flatMap(({ group }) => group ?? []))].sort();
  const [typed, setTyped] = useState('');
  const [turn, setTurn] = useState<(typeof CHOICES)[number][0]>('first');
  const [wrong, setWrong] = useState<string | undefined>(undefined);
  const toasts = useKumoToastManager();
  const saving = useChange(id, setTurns);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const read = readWhom(typed, turn, groups);
    setWrong(read.kind === 'wrong' ? read.error : undefined);
    if (read.kind === 'wrong') return;
    saving.mutate(read.change, {
      onSuccess: (count) => {
        setTyped('');
        toasts.add({ title: `Set for ${mailboxes(count)}.` });
      },
    });
  };
  const known = [...groups, ...accounts.map(({ address }) => address)].slice(0, SUGGESTED);
  return { typed, setTyped, turn, setTurn, wrong, saving, submit, known };
}

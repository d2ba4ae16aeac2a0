/** One person, and what may be set for them: the group by every administrator, role and password by the operator. */
import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { type FormEvent, type ReactElement, type ReactNode, useState } from 'react';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { wrongField } from '../shared/wrong-field.ts';
import type { Me } from './api.ts';
import { passwordProblem, personWords } from './people-words.ts';
import { useChange } from './queries.ts';
import { type Person, type Role, setGroup, setPassword, setRole } from './settings-api.ts';

type PersonProps = { readonly id: string; readonly person: Person };
type PersonRowProps = PersonProps & { readonly me: Me; readonly groupsId: string };

export function PersonRow({ me, id, person, groupsId }: PersonRowProps): ReactElement {
  const [open, setOpen] = useState<'none' | 'group' | 'password'>('none');
  const changing = useChange(id, async (client, role: Role) => setRole(client, person.id, role));
  const other: Role = person.role === 'admin' ? 'user' : 'admin';
  const close = () => setOpen('none');
  const whose = <span className="sr-only"> of {person.address}</span>;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2.5">
      <div className="min-w-0 flex-1 basis-60">
        <p className="break-words">
          {person.name === '' ? person.address : person.name}
          {person.role === 'admin' ? <span className="font-semibold"> · Administrator</span> : null}
        </p>
        <p className="text-sm break-words">{personWords(person)}</p>
        <ProblemBelow error={changing.error} />
      </div>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => setOpen('group')}>Set group{whose}</Button>
        {me.role === 'operator' ? (
          <>
            <Button onClick={() => setOpen('password')}>Set password{whose}</Button>
            <Button loading={changing.isPending} onClick={() => changing.mutate(other)}>
              {other === 'admin' ? 'Make administrator' : 'Make user'}
              <span className="sr-only">: {person.address}</span>
            </Button>
          </>
        ) : null}
      </div>
      {open === 'group' ? <GroupForm id={id} person={person} groupsId={groupsId} onDone={close} /> : null}
      {open === 'password' ? <PasswordForm id={id} person={person} onDone={close} /> : null}
    </li>
  );
}

type FormProps = PersonProps & { readonly onDone: () => void };

function GroupForm({ id, person, groupsId, onDone }: FormProps & { readonly groupsId: string }): ReactElement {
  const [typed, setTyped] = useState(person.group ?? '');
  const saving = useChange(id, async (client, group: string | null) => setGroup(client, person.id, group));
  const submit = () => saving.mutate(typed.trim() === '' ? null : typed.trim(), { onSuccess: onDone });
  return (
    <SmallForm saving={saving} onSubmit={submit} onLeave={onDone}>
      <Input
        label={`Group of ${person.address} (empty: none)`}
        list={groupsId}
        maxLength={200}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </SmallForm>
  );
}

function PasswordForm({ id, person, onDone }: FormProps): ReactElement {
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string>();
  const saving = useChange(id, async (client, password: string) => setPassword(client, person.id, password));
  const toasts = useKumoToastManager();
  const submit = () => {
    const found = passwordProblem(typed);
    setProblem(found);
    if (found !== undefined) return;
    const done = () => {
      toasts.add({ title: `${person.address} has a new password. Who was logged in with the old one is out.` });
      onDone();
    };
    saving.mutate(typed, { onSuccess: done });
  };
  return (
    <SmallForm saving={saving} onSubmit={submit} onLeave={onDone}>
      <Input
        label={`New password of ${person.address}`}
        type="password"
        autoComplete="new-password"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        {...wrongField(problem)}
      />
    </SmallForm>
  );
}

type SmallFormProps = {
  readonly saving: { readonly isPending: boolean; readonly error: Error | null };
  readonly onSubmit: () => void;
  readonly onLeave: () => void;
  readonly children: ReactNode;
};

function SmallForm({ saving, onSubmit, onLeave, children }: SmallFormProps): ReactElement {
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form onSubmit={submit} noValidate className="basis-full">
      <div className="flex flex-wrap items-end gap-2">
        <div className="min-w-0 flex-1 basis-60">{children}</div>
        <Button type="submit" variant="primary" loading={saving.isPending}>
          Save
        </Button>
        <Button onClick={onLeave}>Leave it as it is</Button>
      </div>
      <ProblemBelow error={saving.error} />
    </form>
  );
}

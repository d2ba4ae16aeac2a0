/** Asked before a declaration: what it brings about, and the reason, which goes into the timeline and the audit log. */
import { Button } from '@cloudflare/kumo/components/button';
import { Dialog } from '@cloudflare/kumo/components/dialog';
import { Input } from '@cloudflare/kumo/components/input';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { type FormEvent, type ReactElement, useState } from 'react';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { type Client, type Declared, declare } from './api.ts';
import { useChange, usePeople } from './queries.ts';
import { consequences } from './state-words.ts';

export type Declaring = 'failure' | 'drill' | 'repair';

type Words = { readonly title: string; readonly yes: string; readonly done: string; readonly example: string };

const WORDS: Record<Declaring, Words> = {
  failure: {
    title: 'Declare that the mail server has failed?',
    yes: 'Declare the failure',
    done: 'The failure is declared. Mailboxes are being opened.',
    example: 'The storage is broken; new disks come tomorrow',
  },
  drill: {
    title: 'Begin a drill?',
    yes: 'Begin the drill',
    done: 'The drill has begun. Mailboxes are being opened.',
    example: 'Our drill of this quarter',
  },
  repair: {
    title: 'Say that the mail server is repaired?',
    yes: 'It is repaired',
    done: 'A few messages go to the server first, as a trial.',
    example: 'New disks are in; mail works again',
  },
};

type DeclareDialogProps = {
  readonly client: Client;
  /** undefined: nothing is asked */
  readonly declaring: Declaring | undefined;
  readonly onClose: () => void;
};

export function DeclareDialog({ client, declaring, onClose }: DeclareDialogProps): ReactElement {
  return (
    <Dialog.Root
      role="alertdialog"
      open={declaring !== undefined}
      onOpenChange={(open) => (open ? undefined : onClose())}
    >
      <Dialog className="p-6">
        {declaring === undefined ? null : <Ask client={client} declaring={declaring} onClose={onClose} />}
      </Dialog>
    </Dialog.Root>
  );
}

type AskProps = { readonly client: Client; readonly declaring: Declaring; readonly onClose: () => void };

function Ask({ client, declaring, onClose }: AskProps): ReactElement {
  const { title, yes, example } = WORDS[declaring];
  const { reason, setReason, lacksReason, change, submit } = useDeclaring(client.id, declaring, onClose);
  return (
    <form onSubmit={submit} noValidate>
      <Dialog.Title className="text-lg font-semibold">{title}</Dialog.Title>
      <Dialog.Description className="mt-1">This is what happens:</Dialog.Description>
      <ul className="mt-1 mb-4 list-disc pl-5">
        {consequences(declaring, client.name).map((line) => (
          <li key={line}>{line}</li>
        ))}
        {declaring === 'repair' ? null : <WhoCanLogIn id={client.id} />}
      </ul>
      <Input
        label="Reason"
        description={`For your colleagues and the log, as: ${example}`}
        value={reason}
        maxLength={500}
        autoFocus
        onChange={(event) => setReason(event.target.value)}
        {...(lacksReason ? { error: 'Say why, in a few words.', variant: 'error' as const } : {})}
      />
      <ProblemBelow error={change.error} />
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Dialog.Close render={<Button>Leave it as it is</Button>} />
        <Button type="submit" variant={declaring === 'repair' ? 'primary' : 'destructive'} loading={change.isPending}>
          {yes}
        </Button>
      </div>
    </form>
  );
}

/** The figure that decides whether opening mailboxes helps anybody. */
function WhoCanLogIn({ id }: { readonly id: string }): ReactElement | null {
  const people = usePeople(id);
  if (people.data === undefined) return null;
  const { total, canLogIn } = people.data;
  return (
    <li>
      {canLogIn} of {total} people known to Breakwater have a password and could log in now.
    </li>
  );
}

function useDeclaring(id: string, declaring: Declaring, onDone: () => void) {
  const [reason, setReason] = useState('');
  const [lacksReason, setLacksReason] = useState(false);
  const toasts = useKumoToastManager();
  const change = useChange(id, declare);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setLacksReason(reason.trim() === '');
    if (reason.trim() === '') return;
    change.mutate(declared(declaring, reason.trim()), {
      onSuccess: () => {
        toasts.add({ title: WORDS[declaring].done });
        onDone();
      },
    });
  };
  return { reason, setReason, lacksReason, change, submit };
}

function declared(declaring: Declaring, reason: string): Declared {
  switch (declaring) {
    case 'failure':
    case 'drill':
      return { kind: 'failure', reason, isDrill: declaring === 'drill' };
    case 'repair':
      return { kind: 'repair', reason };
  }
}

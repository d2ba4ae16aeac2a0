/** Pausing the replay, with the reason that colleagues will read; and letting it go on. */
import { Button } from '@cloudflare/kumo/components/button';
import { Dialog } from '@cloudflare/kumo/components/dialog';
import { Input } from '@cloudflare/kumo/components/input';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { type FormEvent, type ReactElement, useState } from 'react';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { wrongField } from '../shared/wrong-field.ts';
import { useChange } from './queries.ts';
import { pauseReplay, resumeReplay } from './replay-api.ts';
import type { Course } from './replay-words.ts';

type ReplaySteerProps = { readonly id: string; readonly isHeld: boolean; readonly course: Course };

export function ReplaySteer({ id, isHeld, course }: ReplaySteerProps): ReactElement | null {
  const [asking, setAsking] = useState(false);
  const toasts = useKumoToastManager();
  const resuming = useChange(id, resumeReplay);
  if (!isHeld && (course === 'quiet' || course === 'done')) return null;
  const resume = () =>
    resuming.mutate(undefined, {
      onSuccess: () => toasts.add({ title: RESUMED[course] ?? 'It is not paused any more.' }),
    });
  return (
    <div className="w-full">
      {isHeld ? (
        <Button variant="primary" loading={resuming.isPending} onClick={resume}>
          {course === 'held' ? 'Give back now' : 'Take the pause back'}
        </Button>
      ) : (
        <Button onClick={() => setAsking(true)}>
          {course === 'later' || course === 'trial' ? 'Pause it beforehand' : 'Pause'}
        </Button>
      )}
      <ProblemBelow error={resuming.error} />
      <Dialog.Root open={asking} onOpenChange={setAsking}>
        <Dialog className="p-6">{asking ? <AskWhy id={id} onDone={() => setAsking(false)} /> : null}</Dialog>
      </Dialog.Root>
    </div>
  );
}

const RESUMED: Readonly<Partial<Record<Course, string>>> = { held: 'What was kept is being given back.' };

function AskWhy({ id, onDone }: { readonly id: string; readonly onDone: () => void }): ReactElement {
  const [reason, setReason] = useState('');
  const [wrong, setWrong] = useState<string | undefined>(undefined);
  const pausing = useChange(id, pauseReplay);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const why = reason.trim();
    setWrong(why === '' ? 'Say why, in a few words.' : undefined);
    if (why !== '') pausing.mutate(why, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Dialog.Title className="text-lg font-semibold">Pause the replay?</Dialog.Title>
      <Dialog.Description className="mt-1">
        New mail goes to the mail server meanwhile. What was kept stays here, can be read, and does not age.
      </Dialog.Description>
      <div className="mt-4">
        <Input
          label="Reason"
          description="For your colleagues and the log, as: The archive is being moved until noon"
          value={reason}
          maxLength={500}
          autoFocus
          onChange={(event) => setReason(event.target.value)}
          {...wrongField(wrong)}
        />
      </div>
      <ProblemBelow error={pausing.error} />
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Dialog.Close render={<Button>Leave it as it is</Button>} />
        <Button type="submit" variant="primary" loading={pausing.isPending}>
          Pause it
        </Button>
      </div>
    </form>
  );
}

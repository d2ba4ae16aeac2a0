/** One message in quarantine, and what an admin may do with it. */
import { Button } from '@cloudflare/kumo/components/button';
import { Dialog } from '@cloudflare/kumo/components/dialog';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useId, useState } from 'react';
import { fileSize } from '../shared/format.ts';
import { Loaded } from '../shared/loaded.tsx';
import { Moment } from '../shared/moment.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { QuarantinePreview } from '../shared/quarantine-preview.tsx';
import type { Quarantined } from '../shared/quarantine-shapes.ts';
import { notYetWords, senderWords, subjectWords, whyWords } from '../shared/quarantine-words.ts';
import { LetOut } from './let-out.tsx';
import { deleteQuarantined, fetchQuarantined, previewPaths } from './quarantine-api.ts';
import { useChange } from './queries.ts';

type QuarantineRowProps = {
  readonly id: string;
  readonly message: Quarantined;
  readonly isChosen: boolean;
  readonly onChoose: (wanted: boolean) => void;
};

export function QuarantineRow({ id, message, isChosen, onChoose }: QuarantineRowProps): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const preview = useId();
  const subject = subjectWords(message.subject);
  return (
    <li className="py-3">
      <div className="flex items-start gap-3">
        <input
          type="checkbox"
          aria-label={`Choose: ${subject}`}
          checked={isChosen}
          onChange={(event) => onChoose(event.target.checked)}
          className="mt-1 size-4 shrink-0 accent-(--bw-mark)"
        />
        <div className="flex min-w-0 flex-1 flex-wrap items-start gap-x-4 gap-y-2">
          <div className="min-w-0 flex-1 basis-64">
            <p className="font-semibold break-words">{subject}</p>
            <p className="text-sm break-words">
              {senderWords(message)} to {message.recipient}
            </p>
            <p className="text-sm break-words">
              {message.direction === 'outbound' ? 'Written here · ' : null}
              <Moment atMs={message.receivedAtMs} /> · {fileSize(message.sizeBytes)}
            </p>
            <p className="text-sm break-words">{whyWords(message)}</p>
          </div>
          <div className="flex flex-wrap gap-2">
            <Button aria-expanded={isOpen} aria-controls={preview} onClick={() => setOpen(!isOpen)}>
              {isOpen ? 'Close' : 'Look at it'}
              <span className="sr-only">: {subject}</span>
            </Button>
            <LetOut id={id} messages={[message]} variant="secondary">
              Let it out<span className="sr-only">: {subject}</span>
            </LetOut>
            <Delete id={id} message={message} />
          </div>
        </div>
      </div>
      <div id={preview} className="mt-3 empty:hidden sm:pl-7">
        {isOpen ? <Look id={id} messageId={message.id} /> : null}
      </div>
    </li>
  );
}

function Look({ id, messageId }: { readonly id: string; readonly messageId: string }): ReactElement {
  const opened = useQuery({
    queryKey: ['quarantined', id, messageId],
    queryFn: async ({ signal }) => fetchQuarantined(id, messageId, signal),
    // Every look is a line in the audit log.
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Loaded query={opened} what="Opening the message…">
      {(message) => <QuarantinePreview message={message} paths={previewPaths(id, messageId)} />}
    </Loaded>
  );
}

type ActProps = { readonly id: string; readonly message: Quarantined };

function Delete({ id, message }: ActProps): ReactElement {
  const [isAsking, setAsking] = useState(false);
  const deleting = useChange(id, deleteQuarantined);
  const toasts = useKumoToastManager();
  const notYet = notYetWords(message, Date.now());
  if (notYet !== undefined) return <p className="self-center text-sm text-kumo-subtle">{notYet}</p>;
  const remove = (): void =>
    deleting.mutate(message.id, {
      onSuccess: () => {
        toasts.add({ title: 'It is deleted. Its line in reports stays.' });
        setAsking(false);
      },
    });
  return (
    <>
      <Button variant="secondary-destructive" onClick={() => setAsking(true)}>
        Delete…<span className="sr-only">: {subjectWords(message.subject)}</span>
      </Button>
      <Dialog.Root role="alertdialog" open={isAsking} onOpenChange={setAsking}>
        <Dialog className="p-6">
          <Dialog.Title className="text-lg font-semibold">Delete this message for good?</Dialog.Title>
          <Dialog.Description className="mt-1 text-pretty">
            “{subjectWords(message.subject)}” to {message.recipient}. Its content goes and cannot be brought back; that
            it came, and that you deleted it, stays in the reports.
          </Dialog.Description>
          <ProblemBelow error={deleting.error} />
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <Dialog.Close render={<Button>Keep it</Button>} />
            <Button variant="destructive" loading={deleting.isPending} onClick={remove}>
              Delete it
            </Button>
          </div>
        </Dialog>
      </Dialog.Root>
    </>
  );
}

/** The button that lets messages out of the quarantine. Where one of them is dangerous, it asks first. */
import { Button } from '@cloudflare/kumo/components/button';
import { Dialog } from '@cloudflare/kumo/components/dialog';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { type ReactElement, type ReactNode, useState } from 'react';
import { counted } from '../shared/format.ts';
import { ProblemBelow } from '../shared/problem-below.tsx';
import type { Quarantined } from '../shared/quarantine-shapes.ts';
import { releaseQuarantined } from './quarantine-api.ts';
import { dangerWords, releasedWords } from './quarantine-words.ts';
import { useChange } from './queries.ts';

type LetOutProps = {
  readonly id: string;
  readonly messages: readonly Quarantined[];
  readonly variant: 'primary' | 'secondary';
  readonly onDone?: () => void;
  readonly children: ReactNode;
};

export function LetOut({ id, messages, variant, onDone, children }: LetOutProps): ReactElement {
  const [isAsking, setAsking] = useState(false);
  const releasing = useChange(id, releaseQuarantined);
  const toasts = useKumoToastManager();
  const danger = dangerWords(messages);
  const release = (): void =>
    releasing.mutate(
      messages.map((message) => message.id),
      {
        onSuccess: (released) => {
          toasts.add({ title: releasedWords(released, messages.length) });
          setAsking(false);
          onDone?.();
        },
      },
    );
  return (
    <>
      <Button
        variant={variant}
        loading={releasing.isPending}
        onClick={danger === undefined ? release : () => setAsking(true)}
      >
        {children}
      </Button>
      {releasing.error === null || isAsking ? null : (
        <div className="w-full">
          <ProblemBelow error={releasing.error} />
        </div>
      )}
      <Dialog.Root role="alertdialog" open={isAsking} onOpenChange={setAsking}>
        <Dialog className="p-6">
          <Dialog.Title className="text-lg font-semibold">
            Let {messages.length === 1 ? 'this dangerous message' : counted(messages.length, 'message')} out?
          </Dialog.Title>
          <Dialog.Description className="mt-1 text-pretty break-words">{danger}</Dialog.Description>
          <ProblemBelow error={releasing.error} />
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <Dialog.Close render={<Button>Keep {messages.length === 1 ? 'it' : 'them'}</Button>} />
            <Button variant="destructive" loading={releasing.isPending} onClick={release}>
              Let {messages.length === 1 ? 'it' : 'them'} out
            </Button>
          </div>
        </Dialog>
      </Dialog.Root>
    </>
  );
}

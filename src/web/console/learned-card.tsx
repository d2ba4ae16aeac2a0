/** What the client's people have taught the filter, and the way back when somebody has taught it nonsense. */
import { Button } from '@cloudflare/kumo/components/button';
import { Dialog } from '@cloudflare/kumo/components/dialog';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { Loaded } from '../shared/loaded.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { fetchLearned, type Learned, resetLearned } from './quarantine-api.ts';
import { learnedWords } from './quarantine-words.ts';
import { SLOWER_EVERY_MS, useChange, useOfClient } from './queries.ts';

export function LearnedCard({ id }: { readonly id: string }): ReactElement {
  const learned = useOfClient(id, 'learned', fetchLearned, SLOWER_EVERY_MS);
  return (
    <Card
      title="What the filter has learned here"
      intro="What you let out is learned as honest; what you delete as spam, and what people mark as junk, as spam. It counts for your company only, beside what every Breakwater knows."
    >
      <Loaded query={learned} what="Asking what was learned…">
        {(found) => (
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <p>{learnedWords(found)}</p>
            {found.hamMessages + found.spamMessages === 0 ? null : <Forget id={id} learned={found} />}
          </div>
        )}
      </Loaded>
    </Card>
  );
}

function Forget({ id, learned }: { readonly id: string; readonly learned: Learned }): ReactElement {
  const [isAsking, setAsking] = useState(false);
  const forgetting = useChange(id, resetLearned);
  const toasts = useKumoToastManager();
  const forget = (): void =>
    forgetting.mutate(undefined, {
      onSuccess: () => {
        toasts.add({ title: 'It is forgotten. The filter begins anew.' });
        setAsking(false);
      },
    });
  return (
    <>
      <Button variant="secondary-destructive" onClick={() => setAsking(true)}>
        Forget it…
      </Button>
      <Dialog.Root role="alertdialog" open={isAsking} onOpenChange={setAsking}>
        <Dialog className="p-6">
          <Dialog.Title className="text-lg font-semibold">Forget what the filter has learned here?</Dialog.Title>
          <Dialog.Description className="mt-1 text-pretty">
            {learnedWords(learned)} All of it is forgotten, and cannot be brought back. No message is touched.
          </Dialog.Description>
          <ProblemBelow error={forgetting.error} />
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <Dialog.Close render={<Button>Leave it as it is</Button>} />
            <Button variant="destructive" loading={forgetting.isPending} onClick={forget}>
              Forget it
            </Button>
          </div>
        </Dialog>
      </Dialog.Root>
    </>
  );
}

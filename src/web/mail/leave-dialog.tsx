/** Asked before unsent text is left behind: nothing that was written disappears without a decision. */
import { Button } from '@cloudflare/kumo/components/button';
import { Dialog } from '@cloudflare/kumo/components/dialog';
import type { ReactElement } from 'react';

type LeaveDialogProps = {
  readonly open: boolean;
  readonly onStay: () => void;
  readonly onKeep: () => void;
  readonly onDiscard: () => void;
};

export function LeaveDialog({ open, onStay, onKeep, onDiscard }: LeaveDialogProps): ReactElement {
  return (
    <Dialog.Root role="alertdialog" open={open} onOpenChange={(next) => (next ? undefined : onStay())}>
      <Dialog className="p-6">
        <Dialog.Title className="text-lg font-semibold">This message has not been sent</Dialog.Title>
        <Dialog.Description className="mt-1 text-kumo-subtle">
          You can leave it and go on later: it is kept in this browser tab until you close the tab or log out.
        </Dialog.Description>
        <div className="mt-5 flex flex-col gap-2">
          <Button variant="primary" size="lg" className="w-full justify-center" onClick={onStay}>
            Go on writing
          </Button>
          <Button size="lg" className="w-full justify-center" onClick={onKeep}>
            Leave, and keep it for later
          </Button>
          <Button variant="secondary-destructive" size="lg" className="w-full justify-center" onClick={onDiscard}>
            Leave, and throw it away
          </Button>
        </div>
      </Dialog>
    </Dialog.Root>
  );
}

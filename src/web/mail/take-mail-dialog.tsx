/** The own mailbox as a file, for any mail program: whoever wants to have it, has it. */
import { Button } from '@cloudflare/kumo/components/button';
import { Dialog } from '@cloudflare/kumo/components/dialog';
import type { ReactElement } from 'react';
import { DownloadLink } from '../shared/download-link.tsx';

type TakeMailDialogProps = { readonly open: boolean; readonly onOpenChange: (open: boolean) => void };

export function TakeMailDialog({ open, onOpenChange }: TakeMailDialogProps): ReactElement {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog className="p-6">
        <Dialog.Title className="text-lg font-semibold">Download all mail of this mailbox</Dialog.Title>
        <Dialog.Description className="mt-1 text-kumo-subtle">
          Everything in it, received and sent. You need not: your own mail server gets all of it back.
        </Dialog.Description>
        <ul className="mt-4 flex flex-col gap-2">
          <li>
            <DownloadLink href="/api/mail/export?format=mbox">One file, for a mail program (mbox)</DownloadLink>
          </li>
          <li>
            <DownloadLink href="/api/mail/export?format=zip">A file for each message (zip)</DownloadLink>
          </li>
        </ul>
        <div className="mt-5 flex justify-end">
          <Dialog.Close render={<Button>Close</Button>} />
        </div>
      </Dialog>
    </Dialog.Root>
  );
}

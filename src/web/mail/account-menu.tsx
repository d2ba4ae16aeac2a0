/** Whose mail this is, light or dark, help, all of it as a file, and the way out. */
import { Button } from '@cloudflare/kumo/components/button';
import { Dialog } from '@cloudflare/kumo/components/dialog';
import { DropdownMenu } from '@cloudflare/kumo/components/dropdown';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { DownloadSimpleIcon, GaugeIcon, KeyboardIcon, SignOutIcon } from '@phosphor-icons/react';
import { useMutation } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { problemOf } from '../shared/problem.ts';
import { go } from '../shared/router.ts';
import { ThemeChoice } from '../shared/theme-choice.tsx';
import { logOut, type Me } from './api.ts';
import { dropAllDrafts, useUnsent } from './drafts.ts';
import { useEnter } from './queries.ts';
import { initials, nameOf } from './recipients.ts';
import { TakeMailDialog } from './take-mail-dialog.tsx';

type AccountMenuProps = {
  readonly me: Me;
  readonly look: 'full' | 'compact';
  readonly onHelp: () => void;
  readonly onLogOut: () => void;
};

export function AccountMenu({ me, look, onHelp, onLogOut }: AccountMenuProps): ReactElement {
  const leave = useLeave(me, onLogOut);
  const [taking, setTaking] = useState(false);
  return (
    <>
      <DropdownMenu>
        <DropdownMenu.Trigger render={<AccountButton me={me} look={look} />} />
        <DropdownMenu.Content>
          <DropdownMenu.Group>
            <DropdownMenu.Label>{me.address}</DropdownMenu.Label>
          </DropdownMenu.Group>
          <DropdownMenu.Separator />
          <ThemeChoice />
          <DropdownMenu.Separator />
          {me.role === 'admin' ? (
            <DropdownMenu.Item icon={GaugeIcon} onClick={() => window.location.assign('/console')}>
              Console
            </DropdownMenu.Item>
          ) : null}
          <DropdownMenu.Item icon={KeyboardIcon} onClick={onHelp}>
            Keyboard shortcuts
          </DropdownMenu.Item>
          <DropdownMenu.Item icon={DownloadSimpleIcon} onClick={() => setTaking(true)}>
            Download all mail
          </DropdownMenu.Item>
          <DropdownMenu.Item icon={SignOutIcon} onClick={leave.ask}>
            Log out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu>
      <TakeMailDialog open={taking} onOpenChange={setTaking} />
      <Dialog.Root role="alertdialog" open={leave.asking} onOpenChange={leave.setAsking}>
        <Dialog className="p-6">
          <Dialog.Title className="text-lg font-semibold">You have an unsent message</Dialog.Title>
          <Dialog.Description className="mt-1 text-kumo-subtle">
            It exists only in this browser tab. Logging out removes it, so that the next person here cannot read it.
          </Dialog.Description>
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <Dialog.Close render={<Button>Stay</Button>} />
            <Button variant="destructive" onClick={leave.now}>
              Log out and remove it
            </Button>
          </div>
        </Dialog>
      </Dialog.Root>
    </>
  );
}

function AccountButton({ me, look, ...props }: Pick<AccountMenuProps, 'me' | 'look'>): ReactElement {
  const full = look === 'full';
  return (
    <button
      {...props}
      type="button"
      className={`flex min-h-11 items-center gap-2.5 rounded-lg text-left hover:bg-kumo-tint ${full ? 'w-full p-2 md:justify-center lg:justify-start' : 'px-1'}`}
    >
      <span
        aria-hidden="true"
        className="grid size-8 shrink-0 place-items-center rounded-full bg-kumo-brand text-sm font-semibold text-white"
      >
        {initials(me)}
      </span>
      <span className="sr-only">Account </span>
      <span className={full ? 'min-w-0 md:max-lg:sr-only' : 'sr-only'}>
        <span className="block truncate font-medium">{nameOf(me)}</span>
        <span className="block truncate text-sm">{me.clientName}</span>
      </span>
    </button>
  );
}

function useLeave(me: Me, onLogOut: () => void) {
  const unsent = useUnsent(me.address);
  const [asking, setAsking] = useState(false);
  const enter = useEnter();
  const toasts = useKumoToastManager();
  const leaving = useMutation({
    mutationFn: logOut,
    onSuccess: () => {
      dropAllDrafts(me.address);
      onLogOut();
      go('/mail');
      enter(null);
    },
    onError: (error) => {
      const { title, detail } = problemOf(error);
      toasts.add({ variant: 'error', title, description: `${detail} You are still logged in.` });
    },
  });
  const now = (): void => {
    setAsking(false);
    leaving.mutate();
  };
  return { asking, setAsking, now, ask: unsent.length > 0 ? () => setAsking(true) : now };
}

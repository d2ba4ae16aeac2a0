/** Who is here, light or dark, and the way out. */
import { DropdownMenu } from '@cloudflare/kumo/components/dropdown';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { EnvelopeSimpleIcon, SignOutIcon, UserCircleIcon } from '@phosphor-icons/react';
import { useMutation } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { problemOf } from '../shared/problem.ts';
import { go } from '../shared/router.ts';
import { ThemeChoice } from '../shared/theme-choice.tsx';
import { logOut, type Me } from './api.ts';
import { useEnter } from './queries.ts';

type ConsoleMenuProps = { readonly me: Me; readonly onLogOut: () => void };

export function ConsoleMenu({ me, onLogOut }: ConsoleMenuProps): ReactElement {
  const leaving = useLeaving(onLogOut);
  return (
    <DropdownMenu>
      <DropdownMenu.Trigger render={<MenuButton me={me} />} />
      <DropdownMenu.Content>
        <DropdownMenu.Group>
          <DropdownMenu.Label>{me.role === 'admin' ? me.address : 'Operator of this deployment'}</DropdownMenu.Label>
        </DropdownMenu.Group>
        <DropdownMenu.Separator />
        <ThemeChoice />
        <DropdownMenu.Separator />
        {me.role === 'admin' ? (
          <DropdownMenu.Item icon={EnvelopeSimpleIcon} onClick={() => window.location.assign('/mail')}>
            My emergency mailbox
          </DropdownMenu.Item>
        ) : null}
        <DropdownMenu.Item icon={SignOutIcon} onClick={() => leaving.mutate()}>
          Log out
        </DropdownMenu.Item>
      </DropdownMenu.Content>
    </DropdownMenu>
  );
}

function MenuButton({ me, ...props }: { readonly me: Me }): ReactElement {
  return (
    <button
      {...props}
      type="button"
      className="flex min-h-11 max-w-60 items-center gap-2 rounded-lg px-2 hover:bg-kumo-tint"
    >
      <UserCircleIcon size={24} aria-hidden className="shrink-0" />
      <span className="sr-only">Account </span>
      <span className="truncate max-sm:sr-only">{me.role === 'admin' ? me.name || me.address : 'Operator'}</span>
    </button>
  );
}

function useLeaving(onLogOut: () => void) {
  const enter = useEnter();
  const toasts = useKumoToastManager();
  return useMutation({
    mutationFn: logOut,
    onSuccess: async () => {
      onLogOut();
      go('/console');
      await enter();
    },
    onError: (error) => {
      const { title, detail } = problemOf(error);
      toasts.add({ variant: 'error', title, description: `${detail} You are still logged in.` });
    },
  });
}

/** The way between the folders: a column beside the list, a bar at the thumb on a phone. */
import { LinkButton } from '@cloudflare/kumo/components/button';
import { type Icon, NotePencilIcon, PaperPlaneTiltIcon, TrayIcon } from '@phosphor-icons/react';
import type { ReactElement, ReactNode } from 'react';
import { Link } from '../shared/link.tsx';
import { Sign, Wordmark } from '../shared/wordmark.tsx';
import type { Folder, Me } from './api.ts';
import { formatRoute, type Route } from './route.ts';

const FOLDERS: readonly { readonly folder: Folder; readonly name: string; readonly icon: Icon }[] = [
  { folder: 'inbox', name: 'Inbox', icon: TrayIcon },
  { folder: 'sent', name: 'Sent', icon: PaperPlaneTiltIcon },
];

const WRITE = formatRoute({ kind: 'compose', answer: undefined });

type FolderNavProps = { readonly me: Me; readonly folder: Folder; readonly route: Route; readonly account: ReactNode };

export function FolderNav({ me, folder, route, account }: FolderNavProps): ReactElement {
  return (
    <div className="hidden w-18 shrink-0 flex-col gap-5 p-3 md:flex lg:w-56 lg:p-4">
      <header className="flex h-9 items-center justify-center lg:justify-start lg:px-1">
        <span className="hidden lg:block">
          <Wordmark />
        </span>
        <span className="lg:hidden">
          <Sign />
          <span className="sr-only">Breakwater</span>
        </span>
      </header>
      <nav aria-label="Mail" className="flex flex-1 flex-col gap-1">
        {me.mailbox.state === 'open' ? <WriteLink /> : null}
        {FOLDERS.map(({ folder: target, name, icon: Mark }) => (
          <Link
            key={target}
            href={formatRoute({ kind: 'folder', folder: target })}
            aria-current={route.kind === 'folder' && folder === target ? 'page' : undefined}
            title={name}
            className={`relative flex min-h-10 items-center justify-center gap-2.5 rounded-lg px-3 hover:bg-kumo-tint lg:justify-start ${
              folder === target ? 'bg-kumo-tint font-semibold' : ''
            }`}
          >
            <Mark size={20} weight={folder === target ? 'fill' : 'regular'} aria-hidden className="shrink-0" />
            <span className="sr-only flex-1 lg:not-sr-only">{name}</span>
            {target === 'inbox' ? (
              <span className="absolute top-0 right-0 lg:static">
                <UnreadCount count={me.unread} />
              </span>
            ) : null}
          </Link>
        ))}
      </nav>
      {account}
    </div>
  );
}

function WriteLink(): ReactElement {
  return (
    <LinkButton
      href={WRITE}
      variant="primary"
      size="lg"
      icon={<NotePencilIcon size={18} weight="bold" aria-hidden />}
      className="mb-3 w-full justify-center"
    >
      <span className="sr-only lg:not-sr-only">Write</span>
    </LinkButton>
  );
}

export function PhoneBar({ me, folder }: { readonly me: Me; readonly folder: Folder }): ReactElement {
  return (
    <nav
      aria-label="Mail"
      className="flex border-t border-kumo-line bg-kumo-base pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {FOLDERS.map(({ folder: target, name, icon: Mark }) => (
        <Link
          key={target}
          href={formatRoute({ kind: 'folder', folder: target })}
          aria-current={folder === target ? 'page' : undefined}
          className={`relative flex min-h-14 flex-1 flex-col items-center justify-center gap-0.5 text-sm ${folder === target ? 'font-semibold text-(--bw-mark)' : ''}`}
        >
          <Mark size={22} weight={folder === target ? 'fill' : 'regular'} aria-hidden />
          <span className="flex items-center gap-1.5">
            {name}
            {target === 'inbox' ? <UnreadCount count={me.unread} /> : null}
          </span>
        </Link>
      ))}
      {me.mailbox.state === 'open' ? (
        <Link href={WRITE} className="flex min-h-14 flex-1 flex-col items-center justify-center gap-0.5 text-sm">
          <NotePencilIcon size={22} aria-hidden />
          Write
        </Link>
      ) : null}
    </nav>
  );
}

function UnreadCount({ count }: { readonly count: number }): ReactElement | null {
  if (count === 0) return null;
  return (
    <span className="inline-block min-w-5 rounded-full bg-kumo-brand text-center px-1.5 text-xs leading-5 font-semibold text-white tabular-nums">
      {count > 999 ? '999+' : count}
      <span className="sr-only"> unread</span>
    </span>
  );
}

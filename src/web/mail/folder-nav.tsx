/** The way between the folders: a column beside the list, a bar at the thumb on a phone. */
import { LinkButton } from '@cloudflare/kumo/components/button';
import { type Icon, NotePencilIcon, PaperPlaneTiltIcon, ShieldWarningIcon, TrayIcon } from '@phosphor-icons/react';
import type { ReactElement, ReactNode } from 'react';
import { Link } from '../shared/link.tsx';
import { Sign, Wordmark } from '../shared/wordmark.tsx';
import type { Folder, Me } from './api.ts';
import { formatRoute, type Route } from './route.ts';

type Place = Folder | 'quarantine';
type PlaceLook = { readonly place: Place; readonly name: string; readonly icon: Icon; readonly href: string };

const FOLDERS: readonly PlaceLook[] = [
  { place: 'inbox', name: 'Inbox', icon: TrayIcon, href: formatRoute({ kind: 'folder', folder: 'inbox' }) },
  { place: 'sent', name: 'Sent', icon: PaperPlaneTiltIcon, href: formatRoute({ kind: 'folder', folder: 'sent' }) },
];
const QUARANTINE: PlaceLook = {
  place: 'quarantine',
  name: 'Quarantine',
  icon: ShieldWarningIcon,
  href: formatRoute({ kind: 'quarantine' }),
};

/** Where the company lets its people see what was kept back, there is such a place. */
function placesOf({ quarantine }: Me): readonly PlaceLook[] {
  return quarantine.users === 'nothing' ? FOLDERS : [...FOLDERS, QUARANTINE];
}

function placeOf(route: Route, folder: Folder): Place {
  return route.kind === 'quarantine' || route.kind === 'quarantined' ? 'quarantine' : folder;
}

const WRITE = formatRoute({ kind: 'compose', answer: undefined });

type FolderNavProps = { readonly me: Me; readonly folder: Folder; readonly route: Route; readonly account: ReactNode };

export function FolderNav({ me, folder, route, account }: FolderNavProps): ReactElement {
  const here = placeOf(route, folder);
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
        {placesOf(me).map(({ place, name, icon: Mark, href }) => (
          <Link
            key={place}
            href={href}
            aria-current={isList(route) && place === here ? 'page' : undefined}
            title={name}
            className={`relative flex min-h-10 items-center justify-center gap-2.5 rounded-lg px-3 hover:bg-kumo-tint lg:justify-start ${
              place === here ? 'bg-kumo-tint font-semibold' : ''
            }`}
          >
            <Mark size={20} weight={place === here ? 'fill' : 'regular'} aria-hidden className="shrink-0" />
            <span className="sr-only flex-1 lg:not-sr-only">{name}</span>
            {place === 'inbox' ? (
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

function isList({ kind }: Route): boolean {
  return kind === 'folder' || kind === 'quarantine';
}

type PhoneBarProps = { readonly me: Me; readonly folder: Folder; readonly route: Route };

export function PhoneBar({ me, folder, route }: PhoneBarProps): ReactElement {
  const here = placeOf(route, folder);
  return (
    <nav
      aria-label="Mail"
      className="flex border-t border-kumo-line bg-kumo-base pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {placesOf(me).map(({ place, name, icon: Mark, href }) => (
        <Link
          key={place}
          href={href}
          aria-current={place === here ? 'page' : undefined}
          className={`relative flex min-h-14 flex-1 flex-col items-center justify-center gap-0.5 text-sm ${place === here ? 'font-semibold text-(--bw-mark)' : ''}`}
        >
          <Mark size={22} weight={place === here ? 'fill' : 'regular'} aria-hidden />
          <span className="flex items-center gap-1.5">
            {name}
            {place === 'inbox' ? <UnreadCount count={me.unread} /> : null}
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

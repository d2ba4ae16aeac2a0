/** The webmail's frame: what is going on, where one is, the list, and what is read or written beside it. */
import { Toasty } from '@cloudflare/kumo/components/toast';
import { KumoPortalProvider, LinkProvider } from '@cloudflare/kumo/utils';
import { type ReactElement, useEffect, useRef, useState } from 'react';
import { Link } from '../shared/link.tsx';
import { go, navigate, replace, usePath } from '../shared/router.ts';
import { AccountMenu } from './account-menu.tsx';
import type { Folder, Me } from './api.ts';
import { ComposePane } from './compose-pane.tsx';
import { FolderNav, PhoneBar } from './folder-nav.tsx';
import { MessageList } from './message-list.tsx';
import { MessagePane } from './message-pane.tsx';
import { NothingOpen } from './nothing-open.tsx';
import { QuarantineList } from './quarantine-list.tsx';
import { QuarantinePane } from './quarantine-pane.tsx';
import { nameOf } from './recipients.ts';
import { formatRoute, parseRoute, type Route } from './route.ts';
import { focusNearRow, focusRow } from './row-focus.ts';
import { ShortcutHelp } from './shortcut-help.tsx';
import { useShortcuts } from './shortcuts.ts';
import { StateBanner } from './state-banner.tsx';

type MailAppProps = { readonly me: Me; readonly onLogOut: () => void };

export function MailApp(props: MailAppProps): ReactElement {
  return (
    <LinkProvider component={Link}>
      <Toasty>
        <Frame {...props} />
      </Toasty>
    </LinkProvider>
  );
}

function Frame({ me, onLogOut }: MailAppProps): ReactElement {
  const path = usePath();
  const route = parseRoute(path);
  const [folder, setFolder] = useShownFolder(route);
  const [helping, setHelping] = useState(false);
  useFocusOnReturn(route);
  useMailShortcuts(route, folder, () => setHelping(true));
  useEffect(() => {
    if (path === '/') replace('/mail');
  }, [path]);
  const listOnly = route.kind === 'folder' || route.kind === 'quarantine';
  const portal = useRef<HTMLDivElement>(null);
  const account = (look: 'full' | 'compact'): ReactElement => (
    <AccountMenu me={me} look={look} onHelp={() => setHelping(true)} onLogOut={onLogOut} />
  );
  return (
    <div className="flex h-dvh flex-col pt-[env(safe-area-inset-top)]">
      <StateBanner me={me} length={listOnly ? 'full' : 'short-on-phone'} />
      <KumoPortalProvider container={portal}>
        <div className="flex min-h-0 flex-1">
          <FolderNav me={me} folder={folder} route={route} account={account('full')} />
          <main className="flex min-w-0 flex-1">
            <h1 className="sr-only">Breakwater: mail of {nameOf(me)}</h1>
            <section
              aria-label="Messages"
              className={`min-w-0 flex-col border-kumo-line bg-kumo-base md:flex md:w-80 md:shrink-0 md:border-x lg:w-96 ${listOnly ? 'flex w-full' : 'hidden'}`}
            >
              {isQuarantine(route) ? (
                <QuarantineList me={me} route={route} account={account('compact')} />
              ) : (
                <MessageList me={me} folder={folder} route={route} account={account('compact')} />
              )}
            </section>
            <section
              aria-label="Reading and writing"
              className={`min-w-0 flex-1 flex-col bg-kumo-base md:flex ${listOnly ? 'hidden' : 'flex'}`}
            >
              <Pane me={me} route={route} folder={folder} onFolder={setFolder} />
            </section>
            <div ref={portal} />
          </main>
        </div>
        {listOnly ? <PhoneBar me={me} folder={folder} route={route} /> : null}
        <ShortcutHelp open={helping} onOpenChange={setHelping} />
      </KumoPortalProvider>{' '}
    </div>
  );
}

type PaneProps = {
  readonly me: Me;
  readonly route: Route;
  readonly folder: Folder;
  readonly onFolder: (folder: Folder) => void;
};

function Pane({ me, route, folder, onFolder }: PaneProps): ReactElement {
  switch (route.kind) {
    case 'folder':
    case 'quarantine':
      return <NothingOpen what="nothing-chosen" />;
    case 'quarantined':
      return <QuarantinePane key={route.id} me={me} id={route.id} />;
    case 'message':
      return (
        <MessagePane
          key={route.id}
          me={me}
          id={route.id}
          backTo={formatRoute({ kind: 'folder', folder })}
          onFolder={onFolder}
        />
      );
    case 'compose':
      return (
        <ComposePane
          key={formatRoute(route)}
          me={me}
          answer={route.answer}
          backTo={formatRoute({ kind: 'folder', folder })}
        />
      );
    case 'unknown':
      return <NothingOpen what="no-such-page" />;
  }
}

function isQuarantine({ kind }: Route): boolean {
  return kind === 'quarantine' || kind === 'quarantined';
}

/** The folder beside an open message is the one it was opened from; with a link from elsewhere, the one it lies in. */
function useShownFolder(route: Route): readonly [Folder, (folder: Folder) => void] {
  const [folder, setFolder] = useState<Folder>(route.kind === 'folder' ? route.folder : 'inbox');
  if (route.kind === 'folder' && route.folder !== folder) setFolder(route.folder);
  return [folder, setFolder];
}

/** Leaving a message puts the focus where it was opened, not at the top of the page. */
function useFocusOnReturn(route: Route): void {
  const opened = useRef<string | undefined>(undefined);
  const id = route.kind === 'message' ? route.id : undefined;
  const listOnly = route.kind === 'folder';
  useEffect(() => {
    if (id !== undefined) opened.current = id;
    if (!listOnly || opened.current === undefined) return;
    focusRow(opened.current);
    opened.current = undefined;
  }, [id, listOnly]);
}

function useMailShortcuts(route: Route, folder: Folder, help: () => void): void {
  const answer = (kind: 'reply' | 'reply-all') => (): void => {
    if (route.kind === 'message') navigate(formatRoute({ kind: 'compose', answer: { kind, id: route.id } }));
  };
  useShortcuts({
    j: () => focusNearRow('next'),
    k: () => focusNearRow('previous'),
    r: answer('reply'),
    a: answer('reply-all'),
    c: () => navigate(formatRoute({ kind: 'compose', answer: undefined })),
    u: () => {
      const back = formatRoute({ kind: 'folder', folder });
      if (isQuarantine(route)) navigate(formatRoute({ kind: 'quarantine' }));
      else if (route.kind === 'message') go(back);
      else navigate(back);
    },
    '?': help,
  });
}

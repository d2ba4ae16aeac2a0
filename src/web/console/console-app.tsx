/** The console's frame: the bar at the top, and one screen below it. */
import { LinkButton } from '@cloudflare/kumo/components/button';
import { Toasty } from '@cloudflare/kumo/components/toast';
import { KumoPortalProvider, LinkProvider } from '@cloudflare/kumo/utils';
import { CompassIcon } from '@phosphor-icons/react';
import { type ReactElement, useEffect, useRef } from 'react';
import { Link } from '../shared/link.tsx';
import { Notice } from '../shared/notice.tsx';
import { replace, usePath } from '../shared/router.ts';
import { Wordmark } from '../shared/wordmark.tsx';
import type { Me } from './api.ts';
import { ClientList } from './client-list.tsx';
import { ClientPage } from './client-page.tsx';
import { ConsoleMenu } from './console-menu.tsx';
import { clientPath, parseRoute } from './route.ts';

type ConsoleAppProps = { readonly me: Me; readonly onLogOut: () => void };

export function ConsoleApp(props: ConsoleAppProps): ReactElement {
  return (
    <LinkProvider component={Link}>
      <Toasty>
        <Frame {...props} />
      </Toasty>
    </LinkProvider>
  );
}

function Frame({ me, onLogOut }: ConsoleAppProps): ReactElement {
  const portal = useRef<HTMLDivElement>(null);
  return (
    <div className="flex min-h-full flex-col pt-[env(safe-area-inset-top)]">
      <header className="border-b border-kumo-line bg-kumo-base">
        <div className="mx-auto flex h-14 w-full max-w-5xl items-center gap-3 px-4 sm:px-6">
          <Link href="/console" className="flex min-h-11 items-center rounded-lg">
            <Wordmark />
            <span className="ml-2 border-l border-kumo-line pl-2 text-kumo-subtle max-sm:sr-only">Console</span>
          </Link>
          <div className="flex-1" />
          <ConsoleMenu me={me} onLogOut={onLogOut} />
        </div>
      </header>
      <KumoPortalProvider container={portal}>
        <main className="mx-auto w-full max-w-5xl flex-1 px-4 pt-5 pb-16 sm:px-6 sm:pt-7">
          <Screen me={me} />
          <div ref={portal} />
        </main>
      </KumoPortalProvider>
    </div>
  );
}

function Screen({ me }: { readonly me: Me }): ReactElement | null {
  const route = parseRoute(usePath());
  const own = me.role === 'admin' ? clientPath(me.clientId) : undefined;
  const goHome = route.kind === 'home' && own !== undefined;
  useEffect(() => {
    if (goHome) replace(own);
  }, [goHome, own]);
  switch (route.kind) {
    case 'home':
      return me.role === 'operator' ? <ClientList /> : null;
    case 'client':
      return <ClientPage key={route.id} me={me} id={route.id} section={route.section} />;
    case 'unknown':
      return (
        <>
          <h1 className="mb-4 text-2xl font-semibold tracking-tight">There is no such page</h1>
          <Notice
            tone="plain"
            icon={CompassIcon}
            action={
              <LinkButton href="/console" variant="secondary">
                To the console
              </LinkButton>
            }
          >
            The address may be mistyped, or from an older Breakwater.
          </Notice>
        </>
      );
  }
}

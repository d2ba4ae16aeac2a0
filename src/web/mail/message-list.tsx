/** A folder's messages, newest first, kept fresh while one looks at them. */
import { Button } from '@cloudflare/kumo/components/button';
import { NotePencilIcon } from '@phosphor-icons/react';
import { type ReactElement, type ReactNode, useEffect, useRef } from 'react';
import { Freshness } from '../shared/freshness.tsx';
import { Link } from '../shared/link.tsx';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { useTitle } from '../shared/use-title.ts';
import type { Folder, Listing, Me } from './api.ts';
import { useUnsent } from './drafts.ts';
import { EmptyFolder } from './empty-folder.tsx';
import { MessageRow, WaitingRows } from './message-row.tsx';
import { NewMailVoice } from './new-mail-voice.tsx';
import { useListing, useOlder } from './queries.ts';
import { formatRoute, type Route } from './route.ts';

type MessageListProps = {
  readonly me: Me;
  readonly folder: Folder;
  readonly route: Route;
  readonly account: ReactNode;
};

export function MessageList({ me, folder, route, account }: MessageListProps): ReactElement {
  const openId = route.kind === 'message' ? route.id : undefined;
  const listing = useListing(folder);
  const name = folder === 'inbox' ? 'Inbox' : 'Sent';
  return (
    <>
      {route.kind === 'folder' ? <ListTitle name={name} unread={folder === 'inbox' ? me.unread : 0} /> : null}
      <div className="flex min-h-14 items-center gap-3 border-b border-kumo-hairline px-4">
        <h2 className="text-lg font-semibold tracking-tight">{name}</h2>
        <div className="ml-auto">
          <Freshness query={listing} how="This page looks for new mail every 5 seconds" />
        </div>
        <div className="md:hidden">{account}</div>
      </div>
      <UnsentNotes me={me} route={route} />
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
        {listing.data === undefined && listing.isError ? (
          <div className="p-4">
            <ProblemNotice error={listing.error} onRetry={() => void listing.refetch()} />
          </div>
        ) : null}
        {listing.isPending ? <WaitingRows /> : null}
        {listing.data === undefined ? null : <Rows me={me} folder={folder} listing={listing.data} openId={openId} />}
      </div>
      <NewMailVoice key={folder} listing={listing.data} />
    </>
  );
}

function ListTitle({ name, unread }: { readonly name: string; readonly unread: number }): null {
  useTitle(unread > 0 ? `(${unread}) ${name}` : name);
  return null;
}

type RowsProps = {
  readonly me: Me;
  readonly folder: Folder;
  readonly listing: Listing;
  readonly openId: string | undefined;
};

function Rows({ me, folder, listing, openId }: RowsProps): ReactElement {
  if (listing.messages.length === 0) return <EmptyFolder me={me} folder={folder} />;
  const now = Date.now();
  return (
    <>
      <ul>
        {listing.messages.map((message) => (
          <MessageRow key={message.id} message={message} open={message.id === openId} now={now} />
        ))}
      </ul>
      {listing.next === null ? (
        <p className="px-4 py-6 text-center text-sm text-kumo-subtle">That is everything.</p>
      ) : (
        <Older folder={folder} next={listing.next} />
      )}
    </>
  );
}

function Older({ folder, next }: { readonly folder: Folder; readonly next: string }): ReactElement {
  const older = useOlder(folder);
  const end = useRef<HTMLDivElement>(null);
  const { mutate, isPending, isError } = older;
  useEffect(() => {
    const element = end.current;
    if (element === null || isPending || isError) return undefined;
    // Asks before the end comes into sight, so that scrolling rarely has to wait. The button stays for those who do not scroll.
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting === true && mutate(next), {
      rootMargin: '400px',
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [next, isPending, isError, mutate]);
  return (
    <div ref={end} className="flex flex-col items-center gap-3 p-4">
      {isError ? <ProblemNotice error={older.error} /> : null}
      <Button loading={isPending} onClick={() => mutate(next)}>
        {isPending ? 'Loading older messages…' : 'Load older messages'}
      </Button>
    </div>
  );
}

function UnsentNotes({ me, route }: { readonly me: Me; readonly route: Route }): ReactElement | null {
  const here = route.kind === 'compose' ? formatRoute(route) : undefined;
  const unsent = useUnsent(me.address).filter((answer) => formatRoute({ kind: 'compose', answer }) !== here);
  if (unsent.length === 0) return null;
  return (
    <ul className="border-b border-kumo-hairline bg-kumo-tint">
      {unsent.map((answer) => (
        <li key={formatRoute({ kind: 'compose', answer })}>
          <Link
            href={formatRoute({ kind: 'compose', answer })}
            className="flex min-h-11 items-center gap-2.5 px-4 [--focus-offset:-2px] hover:underline"
          >
            <NotePencilIcon size={18} aria-hidden className="shrink-0 text-(--bw-mark)" />
            <span>
              {answer === undefined ? 'Unsent message' : 'Unsent reply'}:{' '}
              <span className="font-semibold">go on writing</span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

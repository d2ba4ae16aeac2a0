/** What was kept back for the person who is logged in, newest first. */
import { Button } from '@cloudflare/kumo/components/button';
import { ShieldCheckIcon } from '@phosphor-icons/react';
import type { ReactElement, ReactNode } from 'react';
import { fullTime, listTime } from '../shared/format.ts';
import { Freshness } from '../shared/freshness.tsx';
import { Link } from '../shared/link.tsx';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import type { Quarantined } from '../shared/quarantine-shapes.ts';
import { senderWords, subjectWords, whyWords } from '../shared/quarantine-words.ts';
import { useTitle } from '../shared/use-title.ts';
import type { Me } from './api.ts';
import { WaitingRows } from './message-row.tsx';
import { useOwnQuarantine } from './quarantine-queries.ts';
import { introWords } from './quarantine-words.ts';
import { formatRoute, type Route } from './route.ts';

type QuarantineListProps = { readonly me: Me; readonly route: Route; readonly account: ReactNode };

export function QuarantineList({ me, route, account }: QuarantineListProps): ReactElement {
  const list = useOwnQuarantine();
  const openId = route.kind === 'quarantined' ? route.id : undefined;
  return (
    <>
      {route.kind === 'quarantine' ? <ListTitle /> : null}
      <div className="flex min-h-14 items-center gap-3 border-b border-kumo-hairline px-4">
        <h2 className="text-lg font-semibold tracking-tight">Quarantine</h2>
        <div className="ml-auto">
          <Freshness query={list} how="This page looks every 30 seconds" />
        </div>
        <div className="md:hidden">{account}</div>
      </div>
      <p className="border-b border-kumo-hairline bg-kumo-tint px-4 py-2 text-pretty">
        {introWords(me.quarantine.users)}
      </p>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
        {list.data === undefined && list.isError ? (
          <div className="p-4">
            <ProblemNotice error={list.error} onRetry={() => void list.refetch()} />
          </div>
        ) : null}
        {list.isPending ? <WaitingRows /> : null}
        {list.data?.length === 0 ? <Empty /> : null}
        <ul>
          {(list.data ?? []).map((message) => (
            <Row key={message.id} message={message} open={message.id === openId} />
          ))}
        </ul>
        {list.hasNextPage ? (
          <div className="p-4">
            <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              Older ones
            </Button>
          </div>
        ) : null}
      </div>
    </>
  );
}

function ListTitle(): null {
  useTitle('Quarantine');
  return null;
}

function Row({ message, open }: { readonly message: Quarantined; readonly open: boolean }): ReactElement {
  const { id, receivedAtMs } = message;
  return (
    <li className="row-contained border-b border-kumo-hairline">
      <Link
        href={formatRoute({ kind: 'quarantined', id })}
        data-message={id}
        aria-current={open ? 'true' : undefined}
        className={`relative grid grid-cols-[1fr_auto] items-baseline gap-x-3 px-4 py-2.5 [--focus-offset:-2px] ${open ? 'bg-kumo-tint' : 'hover:bg-kumo-elevated'}`}
      >
        {open ? <span aria-hidden="true" className="absolute inset-y-0 left-0 w-1 bg-kumo-brand" /> : null}
        <span className="truncate">{senderWords(message)}</span>
        <time dateTime={new Date(receivedAtMs).toISOString()} title={fullTime(receivedAtMs)} className="text-sm">
          {listTime(receivedAtMs, Date.now())}
        </time>
        <span className="col-span-2 truncate font-semibold">{subjectWords(message.subject)}</span>
        <span className="col-span-2 truncate text-sm">{whyWords(message)}</span>
      </Link>
    </li>
  );
}

function Empty(): ReactElement {
  return (
    <div className="flex flex-col items-center gap-2 px-8 py-16 text-center">
      <ShieldCheckIcon size={44} weight="thin" aria-hidden className="mb-1 text-kumo-subtle" />
      <h3 className="text-lg font-semibold">Nothing is kept back for you</h3>
      <p className="max-w-xs text-pretty text-kumo-subtle">What the filter of your company stops appears here.</p>
    </div>
  );
}

/** One message in the list. "Unread" comes first and in words, for ears as well as eyes. */
import { PaperclipIcon } from '@phosphor-icons/react';
import { memo, type ReactElement } from 'react';
import { counted, fullTime, listTime } from '../shared/format.ts';
import { Link } from '../shared/link.tsx';
import { useAfter } from '../shared/opening.tsx';
import type { Summary } from './api.ts';
import { nameOf } from './recipients.ts';
import { formatRoute } from './route.ts';

type MessageRowProps = { readonly message: Summary; readonly open: boolean; readonly now: number };

export const MessageRow = memo(function MessageRow({ message, open, now }: MessageRowProps): ReactElement {
  const unread = !message.seen && message.folder === 'inbox';
  const weight = unread ? 'font-semibold' : '';
  return (
    <li className="row-contained border-b border-kumo-hairline">
      <Link
        href={formatRoute({ kind: 'message', id: message.id })}
        data-message={message.id}
        aria-current={open ? 'true' : undefined}
        className={`relative grid grid-cols-[1fr_auto] items-baseline gap-x-3 py-2.5 pr-4 pl-7 [--focus-offset:-2px] ${open ? 'bg-kumo-tint' : 'hover:bg-kumo-elevated'}`}
      >
        {open ? <span aria-hidden="true" className="absolute inset-y-0 left-0 w-1 bg-kumo-brand" /> : null}
        {unread ? <UnreadMark /> : null}
        <span className={`truncate ${weight}`}>{partners(message)}</span>
        <time
          dateTime={new Date(message.receivedAtMs).toISOString()}
          title={fullTime(message.receivedAtMs)}
          className={`text-sm ${unread ? 'font-semibold' : ''}`}
        >
          {listTime(message.receivedAtMs, now)}
        </time>
        <span className={`truncate ${weight} ${message.attachmentCount === 0 ? 'col-span-2' : ''}`}>
          {subjectOf(message.subject)}
        </span>
        {message.attachmentCount === 0 ? null : <Attachments count={message.attachmentCount} />}
        <span className={`col-span-2 truncate ${open ? '' : 'text-kumo-subtle'}`}>
          {message.preview === '' ? 'No text' : message.preview}
        </span>
      </Link>
    </li>
  );
});

export function subjectOf(subject: string): string {
  return subject.trim() === '' ? '(no subject)' : subject;
}

function partners(message: Summary): string {
  if (message.folder === 'inbox') return nameOf(message.from);
  return message.to.length === 0 ? 'To: (hidden recipients)' : `To: ${message.to.map(nameOf).join(', ')}`;
}

function UnreadMark(): ReactElement {
  return (
    <>
      <span aria-hidden="true" className="absolute top-4 left-2.5 size-2 rounded-full bg-(--bw-mark)" />
      <span className="sr-only">Unread. </span>
    </>
  );
}

function Attachments({ count }: { readonly count: number }): ReactElement {
  return (
    <span className="flex items-center justify-end gap-0.5 text-sm">
      <PaperclipIcon size={15} aria-hidden />
      <span aria-hidden="true">{count}</span>
      <span className="sr-only">{counted(count, 'attachment')}</span>
    </span>
  );
}

/** The shape of a list, while the first answer is on its way. */
export function WaitingRows(): ReactElement {
  const shown = useAfter(300);
  return (
    <div role="status" className={shown ? '' : 'invisible'}>
      <span className="sr-only">Loading messages…</span>
      {['w-2/5', 'w-1/2', 'w-1/3', 'w-3/5', 'w-1/4', 'w-4/6'].map((width) => (
        <div key={width} aria-hidden="true" className="animate-pulse border-b border-kumo-hairline py-3 pr-4 pl-7">
          <div className={`h-3.5 rounded bg-kumo-tint ${width}`} />
          <div className="mt-2.5 h-3.5 w-4/5 rounded bg-kumo-tint" />
          <div className="mt-2.5 h-3.5 w-full rounded bg-kumo-tint" />
        </div>
      ))}
    </div>
  );
}

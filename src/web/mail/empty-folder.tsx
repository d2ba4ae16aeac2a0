import { PaperPlaneTiltIcon, TrayIcon } from '@phosphor-icons/react';
import type { ReactElement } from 'react';
import type { Folder, MailboxState, Me } from './api.ts';

type Words = { readonly title: string; readonly detail: string };

const INBOX: Record<MailboxState, Words> = {
  open: {
    title: 'No mail yet',
    detail: 'New mail appears here by itself. This page looks for it every few seconds; you need not reload.',
  },
  'read-only': { title: 'Nothing was held here', detail: 'Your mail is in your usual mailbox.' },
  closed: {
    title: 'Nothing here, as it should be',
    detail: 'Your company’s mail server is working, so your mail goes to your usual mailbox.',
  },
};

const SENT: Words = {
  title: 'Nothing sent from here',
  detail: 'A copy of everything you send is kept here, and goes to your usual mailbox when it is back.',
};

export function EmptyFolder({ me, folder }: { readonly me: Me; readonly folder: Folder }): ReactElement {
  const { title, detail } = folder === 'inbox' ? INBOX[me.mailbox.state] : SENT;
  const Mark = folder === 'inbox' ? TrayIcon : PaperPlaneTiltIcon;
  return (
    <div className="flex flex-col items-center gap-2 px-8 py-16 text-center">
      <Mark size={44} weight="thin" aria-hidden className="mb-1 text-kumo-subtle" />
      <h3 className="text-lg font-semibold">{title}</h3>
      <p className="max-w-xs text-pretty text-kumo-subtle">{detail}</p>
    </div>
  );
}

/** What can be done with an open message. There is no delete: nothing is destroyed in an emergency (P4). */
import { Button, buttonVariants, LinkButton } from '@cloudflare/kumo/components/button';
import {
  ArrowBendDoubleUpLeftIcon,
  ArrowBendUpLeftIcon,
  ArrowLeftIcon,
  DownloadSimpleIcon,
  EnvelopeSimpleIcon,
  InfoIcon,
} from '@phosphor-icons/react';
import type { ReactElement, ReactNode } from 'react';
import { type Me, type Message, originalPath } from './api.ts';
import { JunkButton } from './judging.tsx';
import { stateWords } from './mailbox-state.ts';
import type { useJudge } from './queries.ts';
import { type Answer, formatRoute } from './route.ts';

type PaneTopProps = { readonly backTo: string; readonly children?: ReactNode };

/** The strip above whatever is open; on a phone it holds the way back. */
export function PaneTop({ backTo, children }: PaneTopProps): ReactElement {
  return (
    <div className="flex min-h-14 flex-wrap items-center gap-2 border-b border-kumo-hairline px-3 py-2 sm:px-6">
      <LinkButton href={backTo} icon={<ArrowLeftIcon size={20} aria-hidden />} className="min-h-11 md:hidden">
        Back
      </LinkButton>
      {children}
    </div>
  );
}

type MessageToolsProps = {
  readonly me: Me;
  readonly message: Message;
  readonly backTo: string;
  readonly judging: ReturnType<typeof useJudge>;
  readonly onMarkUnread: () => void;
};

export function MessageTools({ me, message, backTo, judging, onMarkUnread }: MessageToolsProps): ReactElement {
  const { writingClosed } = stateWords(me, Date.now());
  return (
    <PaneTop backTo={backTo}>
      {writingClosed === undefined ? (
        <div className="hidden gap-2 md:flex">
          <AnswerLink kind="reply" id={message.id} look="primary" />
          <AnswerLink kind="reply-all" id={message.id} look="secondary" />
        </div>
      ) : (
        <p className="flex min-w-0 items-start gap-2 text-kumo-subtle max-lg:order-last max-lg:w-full lg:flex-1">
          <InfoIcon size={18} aria-hidden className="mt-0.5 shrink-0" />
          {writingClosed}
        </p>
      )}
      <div className="ml-auto flex gap-1">
        {message.folder === 'inbox' && message.judged === null ? <JunkButton judging={judging} /> : null}
        {message.folder === 'inbox' ? (
          <Button variant="ghost" onClick={onMarkUnread} icon={<EnvelopeSimpleIcon size={18} aria-hidden />}>
            <span className="sr-only xl:not-sr-only">Mark as unread</span>
          </Button>
        ) : null}
        <a
          href={originalPath(message.id)}
          download="message.eml"
          className={buttonVariants({ variant: 'ghost' })}
          title="Download the original message, every byte (.eml)"
        >
          <DownloadSimpleIcon size={18} aria-hidden />
          <span className="sr-only xl:not-sr-only">Original</span>
        </a>
      </div>
    </PaneTop>
  );
}

/** On a phone the answers lie at the thumb. */
export function PhoneAnswers({ me, message }: { readonly me: Me; readonly message: Message }): ReactElement | null {
  if (stateWords(me, Date.now()).writingClosed !== undefined) return null;
  return (
    <div className="flex gap-2 border-t border-kumo-line bg-kumo-base px-4 py-2 pb-[calc(0.5rem+env(safe-area-inset-bottom))] md:hidden">
      <AnswerLink kind="reply" id={message.id} look="primary" />
      <AnswerLink kind="reply-all" id={message.id} look="secondary" />
    </div>
  );
}

type AnswerLinkProps = Answer & { readonly look: 'primary' | 'secondary' };

function AnswerLink({ kind, id, look }: AnswerLinkProps): ReactElement {
  const Mark = kind === 'reply' ? ArrowBendUpLeftIcon : ArrowBendDoubleUpLeftIcon;
  return (
    <LinkButton
      href={formatRoute({ kind: 'compose', answer: { kind, id } })}
      variant={look}
      icon={<Mark size={18} aria-hidden />}
      className="min-h-11 flex-1 justify-center md:min-h-9 md:flex-none"
    >
      {kind === 'reply' ? 'Reply' : 'Reply all'}
    </LinkButton>
  );
}

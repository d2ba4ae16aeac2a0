/** One message, open. */
import { type ReactElement, useEffect, useRef } from 'react';
import { navigate } from '../shared/router.ts';
import { useTitle } from '../shared/use-title.ts';
import type { Folder, Me, Message } from './api.ts';
import { Attachments } from './attachments.tsx';
import { Deliveries } from './deliveries.tsx';
import { JudgedNotice } from './judging.tsx';
import { MessageBody } from './message-body.tsx';
import { MessageHead } from './message-head.tsx';
import { subjectOf } from './message-row.tsx';
import { MessageTools, PhoneAnswers } from './message-tools.tsx';
import { PaneWaiting } from './pane-waiting.tsx';
import { useJudge, useMarkSeen, useMessage } from './queries.ts';

type MessagePaneProps = {
  readonly me: Me;
  readonly id: string;
  readonly backTo: string;
  readonly onFolder: (folder: Folder) => void;
};

export function MessagePane({ me, id, backTo, onFolder }: MessagePaneProps): ReactElement {
  const { data: message, error, refetch } = useMessage(id);
  if (message !== undefined) return <OpenMessage me={me} message={message} backTo={backTo} onFolder={onFolder} />;
  return <PaneWaiting error={error} onRetry={() => void refetch()} backTo={backTo} />;
}

type OpenMessageProps = {
  readonly me: Me;
  readonly message: Message;
  readonly backTo: string;
  readonly onFolder: (folder: Folder) => void;
};

function OpenMessage({ me, message, backTo, onFolder }: OpenMessageProps): ReactElement {
  useTitle(subjectOf(message.subject));
  const { folder } = message;
  useEffect(() => onFolder(folder), [folder, onFolder]);
  const marking = useSeenOnOpening(message);
  const judging = useJudge(message.id);
  const markUnread = (): void => {
    marking({ message, seen: false });
    navigate(backTo);
  };
  return (
    <>
      <MessageTools me={me} message={message} backTo={backTo} judging={judging} onMarkUnread={markUnread} />
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
        <article className="mx-auto flex min-h-full w-full max-w-4xl flex-col gap-4 px-4 py-5 sm:px-6">
          <MessageHead message={message} />
          {message.folder === 'sent' ? <Deliveries deliveries={message.deliveries} /> : null}
          <JudgedNotice message={message} judging={judging} />
          <Attachments message={message} />
          <MessageBody message={message} />
        </article>
      </div>
      <PhoneAnswers me={me} message={message} />
    </>
  );
}

/** Opening is reading: said once, so that "mark as unread" is not undone by the page itself. */
function useSeenOnOpening(message: Message): ReturnType<typeof useMarkSeen>['mutate'] {
  const { mutate } = useMarkSeen();
  const said = useRef(false);
  useEffect(() => {
    if (said.current) return;
    said.current = true;
    if (!message.seen && message.folder === 'inbox') mutate({ message, seen: true });
  }, [message, mutate]);
  return mutate;
}

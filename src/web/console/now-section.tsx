/** What is going on, why, what is being done, and the two words a person can say about it. */
import { Button } from '@cloudflare/kumo/components/button';
import { QuestionIcon } from '@phosphor-icons/react';
import { type ReactElement, useState } from 'react';
import { Loaded } from '../shared/loaded.tsx';
import { Moment } from '../shared/moment.tsx';
import { Notice } from '../shared/notice.tsx';
import { Alarms } from './alarms.tsx';
import type { Client, Status } from './api.ts';
import { DeclareDialog, type Declaring } from './declare-dialog.tsx';
import { Evidence } from './evidence.tsx';
import { HeldMessages } from './held-messages.tsx';
import { useStatus } from './queries.ts';
import { SpoolNumbers } from './spool-numbers.tsx';
import { STATE_LOOKS } from './state-badge.tsx';
import { openQuestion, standing } from './state-words.ts';

export function NowSection({ client }: { readonly client: Client }): ReactElement {
  const status = useStatus(client.id);
  const [declaring, setDeclaring] = useState<Declaring | undefined>(undefined);
  return (
    <Loaded query={status} what="Asking how it is…">
      {(found) => (
        <div className="flex flex-col gap-4">
          <Question status={found} onAnswer={setDeclaring} />
          <StateCard client={client} status={found} onDeclare={setDeclaring} />
          <Alarms id={client.id} />
          <SpoolNumbers id={client.id} status={found} />
          {found.spool.held > 0 ? <HeldMessages client={client} /> : null}
          <Evidence status={found} />
          <DeclareDialog client={client} declaring={declaring} onClose={() => setDeclaring(undefined)} />
        </div>
      )}
    </Loaded>
  );
}

type StateCardProps = {
  readonly client: Client;
  readonly status: Status;
  readonly onDeclare: (declaring: Declaring) => void;
};

function StateCard({ client, status, onDeclare }: StateCardProps): ReactElement {
  const { health, easing } = status;
  const { title, detail, doing } = standing(status, client, Date.now());
  const { icon, tone } = STATE_LOOKS[health.state];
  const isOpen = health.state === 'down' || health.state === 'recovering';
  return (
    <Notice
      tone={tone}
      icon={icon}
      action={
        isOpen ? (
          <>
            <Button variant="primary" onClick={() => onDeclare('repair')} disabled={health.state === 'recovering'}>
              Say it is repaired
            </Button>
            {health.cause?.kind === 'threshold' ? (
              <Button onClick={() => onDeclare('failure')}>Keep it open until I say so</Button>
            ) : null}
          </>
        ) : (
          <>
            <Button variant="secondary-destructive" onClick={() => onDeclare('failure')}>
              Declare a failure
            </Button>
            {health.state === 'up' ? (
              <Button variant="ghost" onClick={() => onDeclare('drill')}>
                Begin a drill
              </Button>
            ) : null}
          </>
        )
      }
    >
      <div role="status">
        <h2 className="text-lg font-semibold">{title}</h2>
        <p>
          Since <Moment atMs={health.sinceMs} />. {detail}
        </p>
      </div>
      <ul className="mt-2 list-disc pl-5">
        {doing.map((line) => (
          <li key={line}>{line}</li>
        ))}
        {easing === null ? null : (
          <li>
            The server asks for less at once, and gets it since <Moment atMs={easing.sinceMs} />: 1/
            {2 ** easing.level} of the pace. This is not a failure.
          </li>
        )}
      </ul>
    </Notice>
  );
}

type QuestionProps = { readonly status: Status; readonly onAnswer: (declaring: Declaring) => void };

function Question({ status, onAnswer }: QuestionProps): ReactElement | null {
  const question = openQuestion(status);
  if (question === undefined) return null;
  return (
    <Notice
      tone="emergency"
      icon={QuestionIcon}
      title={question.title}
      role="alert"
      action={
        <Button variant="primary" onClick={() => onAnswer(question.kind)}>
          {question.kind === 'failure' ? 'Yes, open them' : 'Yes, switch back'}
        </Button>
      }
    >
      {question.detail} Until you say yes, everything stays as it is; if nobody should ask again, acknowledge the alarm
      below.
    </Notice>
  );
}

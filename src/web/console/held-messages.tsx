/** Messages that wait for a person, each with its reason, and the one thing to do about it here: try again. */
import { Button } from '@cloudflare/kumo/components/button';
import type { ReactElement } from 'react';
import { Card } from '../shared/card.tsx';
import { fileSize } from '../shared/format.ts';
import { Loaded } from '../shared/loaded.tsx';
import { Moment } from '../shared/moment.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { type HeldMessage, retryHeld } from './api.ts';
import { useChange, useHeld } from './queries.ts';

export function HeldMessages({ id }: { readonly id: string }): ReactElement {
  const held = useHeld(id);
  return (
    <Card
      title="Held for a person"
      intro="Your mail server refused these for good, or something about them is odd. None is bounced or lost. When you have mended the reason, try again."
    >
      <Loaded query={held} what="Asking for the held messages…">
        {(messages) => (
          <ul className="divide-y divide-kumo-hairline">
            {messages.map((message) => (
              <Held key={message.id} id={id} message={message} />
            ))}
          </ul>
        )}
      </Loaded>
    </Card>
  );
}

function Held({ id, message }: { readonly id: string; readonly message: HeldMessage }): ReactElement {
  const again = useChange(id, retryHeld);
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-2.5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="break-words">
          To {message.recipient}, <Moment atMs={message.receivedAt} />, {fileSize(message.sizeBytes)}
        </p>
        <p className="text-sm break-words">{message.detail ?? 'No reason was noted.'}</p>
        <ProblemBelow error={again.error} />
      </div>
      <Button loading={again.isPending} onClick={() => again.mutate(message.id)}>
        Try again
      </Button>
    </li>
  );
}

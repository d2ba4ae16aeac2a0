/** Messages that wait for a person, by their reason, and what can be done about each: try again, give to somebody else, take along. */
import { Button } from '@cloudflare/kumo/components/button';
import { type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { counted } from '../shared/format.ts';
import { Loaded } from '../shared/loaded.tsx';
import { Meter } from '../shared/meter.tsx';
import type { Client } from './api.ts';
import { HeldRow } from './held-row.tsx';
import { bulkWords, type HeldGroup, heldByReason } from './held-words.ts';
import { useHeld } from './queries.ts';
import { useRetryAll } from './use-retry-all.ts';

// So many at first: after a half-repaired server there may be thousands.
const STEP = 10;

export function HeldMessages({ client }: { readonly client: Client }): ReactElement {
  const held = useHeld(client.id);
  return (
    <Card
      title="Held for a person"
      intro="Your mail server refused these for good, your filter holds them for you to decide, or something about them is odd. None is bounced or lost. Try again when you have mended the reason: what the filter holds goes on then, as it is. Or give them to somebody else, or download them."
    >
      <Loaded query={held} what="Asking for the held messages…">
        {(messages) =>
          messages.length === 0 ? (
            <p>None any more.</p>
          ) : (
            <div className="flex flex-col gap-5">
              {heldByReason(messages).map((group) => (
                <Group key={group.reason} client={client} group={group} />
              ))}
            </div>
          )
        }
      </Loaded>
    </Card>
  );
}

function Group({ client, group }: { readonly client: Client; readonly group: HeldGroup }): ReactElement {
  const { reason, messages } = group;
  const [shown, setShown] = useState(STEP);
  return (
    <section aria-label={`Held: ${reason}`} className="rounded-lg border border-kumo-line p-3 sm:p-4">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <p className="font-mono text-[13px] break-words">{reason}</p>
          <p className="text-sm text-kumo-subtle">{counted(messages.length, 'message')}</p>
        </div>
        {messages.length > 1 ? <RetryAll id={client.id} group={group} /> : null}
      </div>
      <ul className="mt-2 divide-y divide-kumo-hairline">
        {messages.slice(0, shown).map((message) => (
          <HeldRow key={message.id} client={client} message={message} reason={reason} />
        ))}
      </ul>
      {messages.length > shown ? (
        <Button onClick={() => setShown(shown + STEP * 5)}>
          Show more: {(messages.length - shown).toLocaleString('en-GB')} not shown
        </Button>
      ) : null}
    </section>
  );
}

function RetryAll({ id, group: { messages } }: { readonly id: string; readonly group: HeldGroup }): ReactElement {
  const { bulk, isRunning, begin, stop } = useRetryAll(id);
  return (
    <div className="w-full sm:w-auto sm:max-w-64 sm:text-right">
      {isRunning ? (
        <Button onClick={stop}>Stop after this one</Button>
      ) : (
        <Button onClick={() => void begin(messages.map((message) => message.id))}>
          Try all {messages.length.toLocaleString('en-GB')} again
        </Button>
      )}
      {bulk === undefined ? null : (
        <div className="mt-1.5">
          <p role="status">{bulkWords(bulk)}</p>
          {isRunning ? <Meter label="Tried again" value={bulk.done + bulk.failed} max={bulk.total} /> : null}
        </div>
      )}
    </div>
  );
}

/** What people have written to the world: what waits, what was refused, what has left. No subjects. */
import { Button } from '@cloudflare/kumo/components/button';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { fileSize } from '../shared/format.ts';
import { Loaded } from '../shared/loaded.tsx';
import { Moment } from '../shared/moment.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { SelectField } from '../shared/select-field.tsx';
import { SLOWER_EVERY_MS, useChange } from './queries.ts';
import { fetchOutbound, type OutboundMessage, type OutboundState, steerOutbound } from './world-api.ts';
import { NOTHING, QUEUE_STATES, triesWords } from './world-words.ts';

export function OutboundQueue({ id }: { readonly id: string }): ReactElement {
  const [state, setState] = useState<OutboundState>('waiting');
  const queue = useOutbound(id, state);
  return (
    <Card title="The queue" intro="A refused or stopped message is held here, never deleted; it can be tried again.">
      <div className="mb-3 max-w-xs">
        <SelectField label="Show" value={state} options={QUEUE_STATES} onChange={setState} />
      </div>
      <Loaded query={queue} what="Asking for the queue…">
        {(messages) =>
          messages.length === 0 ? (
            <p>{NOTHING[state]}</p>
          ) : (
            <ul className="divide-y divide-kumo-hairline">
              {messages.map((message) => (
                <Row key={message.id} id={id} message={message} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {queue.hasNextPage ? (
        <div className="mt-3">
          <Button loading={queue.isFetchingNextPage} onClick={() => void queue.fetchNextPage()}>
            Older ones
          </Button>
        </div>
      ) : null}
    </Card>
  );
}

function useOutbound(id: string, state: OutboundState) {
  return useInfiniteQuery({
    queryKey: ['client', id, 'outbound', state],
    queryFn: async ({ pageParam, signal }) => fetchOutbound(id, { state, before: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    select: ({ pages }) => pages.flatMap(({ messages }) => messages),
    refetchInterval: SLOWER_EVERY_MS,
  });
}

function Row({ id, message }: { readonly id: string; readonly message: OutboundMessage }): ReactElement {
  const steering = useChange(id, steerOutbound);
  const act = message.state === 'waiting' ? 'stop' : 'retry';
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-2.5 first:pt-0">
      <div className="min-w-0 flex-1 basis-64">
        <p className="break-words">
          {message.from === '<>' ? 'A notice of this service' : message.from} to {message.to}
        </p>
        <p className="text-sm break-words">
          <Moment atMs={message.receivedAtMs} /> · {fileSize(message.sizeBytes)} · {triesWords(message)}
          {message.nextAttemptAtMs === null ? null : (
            <>
              {' '}
              · next try <Moment atMs={message.nextAttemptAtMs} />
            </>
          )}
        </p>
        {message.detail === '' ? null : <p className="text-sm break-words">{message.detail}</p>}
        <ProblemBelow error={steering.error} />
      </div>
      {message.state === 'delivered' ? null : (
        <Button loading={steering.isPending} onClick={() => steering.mutate({ messageId: message.id, act })}>
          {act === 'stop' ? 'Stop' : 'Try again'}
          <span className="sr-only">: to {message.to}</span>
        </Button>
      )}
    </li>
  );
}

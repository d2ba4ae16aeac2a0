/** The messages that went back, newest first. */
import { Button } from '@cloudflare/kumo/components/button';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { Card } from '../shared/card.tsx';
import { Loaded } from '../shared/loaded.tsx';
import { Moment } from '../shared/moment.tsx';
import { toldWords } from './return-words.ts';
import { fetchExpired } from './returns-api.ts';

export function ExpiredMessages({ id }: { readonly id: string }): ReactElement {
  const expired = useExpired(id);
  return (
    <Card title="Gone back" intro="Each with what your server said last.">
      <Loaded query={expired} what="Asking what went back…">
        {(messages) =>
          messages.length === 0 ? (
            <p>Nothing has gone back.</p>
          ) : (
            <ul className="divide-y divide-kumo-hairline">
              {messages.map((message) => (
                <li key={message.id} className="py-2.5 first:pt-0">
                  <p className="break-words">
                    To {message.recipient}, from <Moment atMs={message.receivedAt} />, back{' '}
                    <Moment atMs={message.expiredAt} />
                  </p>
                  <p className="text-sm break-words">
                    {message.detail ?? 'No reply was noted.'} {toldWords(message)}
                  </p>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {expired.hasNextPage ? (
        <div className="mt-3">
          <Button loading={expired.isFetchingNextPage} onClick={() => void expired.fetchNextPage()}>
            Older ones
          </Button>
        </div>
      ) : null}
    </Card>
  );
}

function useExpired(id: string) {
  return useInfiniteQuery({
    queryKey: ['client', id, 'expired'],
    queryFn: async ({ pageParam, signal }) => fetchExpired(id, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    select: ({ pages }) => pages.flatMap(({ expired: messages }) => messages),
  });
}

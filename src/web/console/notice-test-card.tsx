/** Tries every way of telling people, now, instead of in the emergency. */
import { Button } from '@cloudflare/kumo/components/button';
import { CheckCircleIcon, XCircleIcon } from '@phosphor-icons/react';
import type { ReactElement } from 'react';
import { Card } from '../shared/card.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { useChange } from './queries.ts';
import { testNotices } from './settings-api.ts';

export function NoticeTestCard({ id }: { readonly id: string }): ReactElement {
  const testing = useChange(id, testNotices);
  return (
    <Card
      title="Does it work?"
      intro="Sends a test by every way above and shows what each answered."
      action={
        <Button loading={testing.isPending} onClick={() => testing.mutate()}>
          {testing.isPending ? 'Sending…' : 'Send a test'}
        </Button>
      }
    >
      <ProblemBelow error={testing.error} />
      {testing.data === undefined ? null : (
        <ul role="status">
          {testing.data.map(({ to, taken, answer }) => (
            <li key={to} className="flex items-start gap-2 py-1">
              {taken ? (
                <CheckCircleIcon size={20} aria-hidden className="mt-px shrink-0 text-(--bw-calm-mark)" />
              ) : (
                <XCircleIcon size={20} aria-hidden className="mt-px shrink-0 text-(--bw-trouble-mark)" />
              )}
              <span className="min-w-0 break-words">
                {to}: {taken ? 'taken' : 'not taken'} ({answer})
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

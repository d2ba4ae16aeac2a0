/** Whether each domain's SPF record lets the relay send for it. */
import { Button } from '@cloudflare/kumo/components/button';
import type { ReactElement } from 'react';
import { Card } from '../shared/card.tsx';
import { Loaded } from '../shared/loaded.tsx';
import { useOfClient } from './queries.ts';
import { Standing } from './standing-mark.tsx';
import { fetchSpf } from './world-api.ts';
import { spfLook } from './world-words.ts';

export function SpfCard({ id }: { readonly id: string }): ReactElement {
  const spf = useOfClient(id, 'spf', fetchSpf, false);
  return (
    <Card
      title="SPF: may the relay send for your domains?"
      intro="Receivers look into your DNS. What is missing there sends your mail to junk folders, or back."
      action={
        <Button loading={spf.isFetching} onClick={() => void spf.refetch()}>
          Look again
        </Button>
      }
    >
      <Loaded query={spf} what="Asking the DNS…">
        {({ domains }) => (
          <ul className="divide-y divide-kumo-hairline">
            {domains.map(({ domain, verdict, words, fix, record }) => (
              <li key={domain} className="py-2.5 first:pt-0 last:pb-0">
                <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
                  <span className="font-semibold break-all">{domain}</span>
                  <Standing {...spfLook(verdict)} />
                </p>
                <p className="break-words">
                  {words.charAt(0).toUpperCase()}
                  {words.slice(1)}
                </p>
                {fix === null ? null : <p className="break-words">{fix}</p>}
                {record === null ? null : (
                  <p className="text-sm break-all">
                    Found: <code className="font-mono">{record}</code>
                  </p>
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Card>
  );
}

/** Who is here decides what is shown: nobody yet, nobody, or someone's mail. */
import { lazy, type ReactElement, Suspense, useState } from 'react';
import { Opening } from '../shared/opening.tsx';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { Wordmark } from '../shared/wordmark.tsx';
import { LogIn } from './log-in.tsx';
import { useMe } from './queries.ts';

// Asked for at once, beside the question of who is here: the way in does not wait for the rest.
const mailApp = import('./mail-app.tsx');
const MailApp = lazy(async () => ({ default: (await mailApp).MailApp }));

export function Session(): ReactElement {
  const me = useMe();
  // Remembered so that someone whose session ended is told so, and finds the address filled in.
  const [lastAddress, setLastAddress] = useState('');
  const address = me.data?.address;
  if (address !== undefined && address !== lastAddress) setLastAddress(address);
  if (me.data === null) return <LogIn lastAddress={lastAddress} />;
  if (me.data !== undefined) {
    return (
      <Suspense fallback={<Opening what="Opening your mail…" />}>
        <MailApp key={me.data.address} me={me.data} onLogOut={() => setLastAddress('')} />
      </Suspense>
    );
  }
  if (me.isError) return <Unreachable error={me.error} onRetry={() => void me.refetch()} />;
  return <Opening what="Opening your mail…" />;
}

function Unreachable({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }): ReactElement {
  return (
    <main className="mx-auto flex min-h-full max-w-lg flex-col justify-center gap-6 p-6">
      <h1 className="flex justify-center">
        <Wordmark />
      </h1>
      <ProblemNotice error={error} onRetry={onRetry} />
    </main>
  );
}

/** Who is here decides what is shown: nobody yet, nobody, somebody who may not be here, or the console. */
import { type ReactElement, useState } from 'react';
import { Opening } from '../shared/opening.tsx';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { Wordmark } from '../shared/wordmark.tsx';
import { ConsoleApp } from './console-app.tsx';
import { ConsoleLogIn } from './console-log-in.tsx';
import { useMe } from './queries.ts';

export function ConsoleSession(): ReactElement {
  const me = useMe();
  const [wasHere, setWasHere] = useState(false);
  const isHere = me.data !== undefined && me.data !== null && me.data.role !== 'outsider';
  if (isHere && !wasHere) setWasHere(true);
  if (me.data === undefined) {
    if (!me.isError) return <Opening what="Opening the console…" />;
    return (
      <main className="mx-auto flex min-h-full max-w-lg flex-col justify-center gap-6 p-6">
        <h1 className="flex justify-center">
          <Wordmark />
        </h1>
        <ProblemNotice error={me.error} onRetry={() => void me.refetch()} />
      </main>
    );
  }
  if (me.data === null) return <ConsoleLogIn reason={wasHere ? 'ended' : 'none'} />;
  if (me.data.role === 'outsider') return <ConsoleLogIn reason={me.data.problem} />;
  return <ConsoleApp me={me.data} onLogOut={() => setWasHere(false)} />;
}

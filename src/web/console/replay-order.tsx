/** Who goes first in a replay and who waits: a department, a person; and taking it back. */
import { Button } from '@cloudflare/kumo/components/button';
import type { ReactElement } from 'react';
import { Card } from '../shared/card.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { useChange } from './queries.ts';
import { type Replay, setTurns } from './replay-api.ts';
import { TurnForm } from './turn-form.tsx';
import { mailboxes, TURN_NAMES } from './turn-words.ts';

type Turns = Replay['turns'];
// A department is thousands of lines that nobody reads one by one.
const SHOWN = 50;

export function ReplayOrder({ id, turns }: { readonly id: string; readonly turns: Turns }): ReactElement {
  return (
    <Card
      title="Order"
      intro="Within each mailbox the oldest message goes first, always. Here you say which mailboxes go before the others, and which wait. What is said ends with the replay."
    >
      {turns.length === 0 ? <p>Nobody goes first, and nobody waits.</p> : <SetTurns id={id} turns={turns} />}
      <TurnForm id={id} />
    </Card>
  );
}

function SetTurns({ id, turns }: { readonly id: string; readonly turns: Turns }): ReactElement {
  const taking = useChange(id, setTurns);
  const takeBack = (accounts: readonly string[]) => taking.mutate({ turn: 'ordinary', accounts, groups: [] });
  return (
    <>
      <ul className="divide-y divide-kumo-hairline">
        {turns.slice(0, SHOWN).map(({ recipient, turn }) => (
          <li key={recipient} className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 py-1.5">
            <span className="min-w-0 break-all">
              {recipient} <span className="font-semibold">{TURN_NAMES[turn]}</span>
            </span>
            <Button disabled={taking.isPending} onClick={() => takeBack([recipient])}>
              Take back<span className="sr-only"> for {recipient}</span>
            </Button>
          </li>
        ))}
      </ul>
      {turns.length === 1 ? null : (
        <div className="mt-2 flex flex-wrap items-center gap-3">
          {turns.length > SHOWN ? <span>and {mailboxes(turns.length - SHOWN)} more</span> : null}
          <Button loading={taking.isPending} onClick={() => takeBack(turns.map(({ recipient }) => recipient))}>
            Take all {turns.length} back
          </Button>
        </div>
      )}
      <ProblemBelow error={taking.error} />
    </>
  );
}

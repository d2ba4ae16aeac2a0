/** Whether the mail servers would take a replay: what the last test has shown, a test now, its settings, and those before. */
import { Button } from '@cloudflare/kumo/components/button';
import { PaperPlaneTiltIcon } from '@phosphor-icons/react';
import type { ReactElement } from 'react';
import { Card } from '../shared/card.tsx';
import { Loaded } from '../shared/loaded.tsx';
import { Moment } from '../shared/moment.tsx';
import { Notice } from '../shared/notice.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import type { Client } from './api.ts';
import { beginPreflight, fetchPreflights, type PreflightRun, type Preflights } from './preflight-api.ts';
import { PreflightForm } from './preflight-form.tsx';
import { GatewayOutcome } from './preflight-outcome.tsx';
import { headline, lastDone, nextWords, runningNow, runningWords, runWords } from './preflight-words.ts';
import { SLOWER_EVERY_MS, useChange, useOfClient } from './queries.ts';

const RUNNING_EVERY_MS = 2_000;

export function PreflightSection({ client }: { readonly client: Client }): ReactElement {
  const { id } = client;
  const preflights = useOfClient(id, 'preflight', fetchPreflights, howOften);
  return (
    <Loaded query={preflights} what="Asking for the tests…">
      {(found) => (
        <div className="flex flex-col gap-4">
          <Verdict id={id} found={found} />
          <Outcome run={lastDone(found)} />
          <PreflightForm client={client} saved={found} />
          <History runs={found.runs} />
        </div>
      )}
    </Loaded>
  );
}

function howOften(found: Preflights | undefined): number {
  return found !== undefined && runningNow(found) !== undefined ? RUNNING_EVERY_MS : SLOWER_EVERY_MS;
}

function Verdict({ id, found }: { readonly id: string; readonly found: Preflights }): ReactElement {
  const beginning = useChange(id, beginPreflight);
  const [last, running] = [lastDone(found), runningNow(found)];
  const { tone, words } = headline(last);
  const { recipient } = found;
  return (
    <Notice
      tone={tone}
      icon={PaperPlaneTiltIcon}
      action={
        <div className="w-full">
          <Button
            variant={last === undefined ? 'primary' : 'secondary'}
            loading={beginning.isPending || running !== undefined}
            onClick={() => beginning.mutate()}
          >
            {running === undefined ? 'Try it now' : 'Trying it'}
          </Button>
          <ProblemBelow error={beginning.error} />
        </div>
      }
    >
      <h2 className="text-lg font-semibold">{words}</h2>
      <p>
        {last === undefined ? null : (
          <>
            Last tried: <Moment atMs={last.atMs} />
            {last.recipient === null ? '' : `, with a message to ${last.recipient}`}.{' '}
          </>
        )}
        {nextWords(found, Date.now())}
      </p>
      <p>
        A test leaves one marked message {recipient === null ? 'on each server' : `for ${recipient} on each server`},
        the way a replay would. Whatever comes of it, no mailbox opens.
      </p>
      <div role="status">{running === undefined ? null : <Running run={running} />}</div>
    </Notice>
  );
}

function Running({ run }: { readonly run: PreflightRun }): ReactElement {
  return <p className="mt-1 font-semibold">{runningWords(run, Date.now())}</p>;
}

function Outcome({ run }: { readonly run: PreflightRun | undefined }): ReactElement | null {
  if (run === undefined) return null;
  return (
    <Card title="What each mail server made of it">
      <ul className="divide-y divide-kumo-hairline">
        {run.gateways.map((gateway) => (
          <GatewayOutcome key={gateway.gateway} outcome={gateway} />
        ))}
      </ul>
    </Card>
  );
}

function History({ runs }: { readonly runs: readonly PreflightRun[] }): ReactElement | null {
  if (runs.length === 0) return null;
  return (
    <Card title="The last tests">
      <ol className="divide-y divide-kumo-hairline">
        {runs.map((run) => (
          <li key={run.number} className="py-1.5 break-words first:pt-0 last:pb-0">
            <Moment atMs={run.atMs} />: {runWords(run)}
          </li>
        ))}
      </ol>
    </Card>
  );
}

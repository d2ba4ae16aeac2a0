/** Keys that sign mail to the world: made here, published by the client. */
import { Button } from '@cloudflare/kumo/components/button';
import { type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { CopyButton } from '../shared/copy-button.tsx';
import { Loaded } from '../shared/loaded.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { SelectField } from '../shared/select-field.tsx';
import { useChange, useOfClient } from './queries.ts';
import { Standing } from './standing-mark.tsx';
import { type DkimKey, fetchDkim, makeDkimKey, removeDkimKey } from './world-api.ts';
import { dkimLook } from './world-words.ts';

type DkimCardProps = { readonly id: string; readonly domains: readonly string[] };

export function DkimCard({ id, domains }: DkimCardProps): ReactElement {
  const keys = useOfClient(id, 'dkim', fetchDkim, false);
  return (
    <Card
      title="DKIM: your signature"
      intro="With a key of each domain receivers can tell your mail from forgeries. The secret half never leaves Breakwater."
      action={
        <Button loading={keys.isFetching} onClick={() => void keys.refetch()}>
          Look again
        </Button>
      }
    >
      <Loaded query={keys} what="Asking for the keys…">
        {(found) => (
          <>
            {found.length === 0 ? <p>There is no key yet, so mail leaves without a signature.</p> : null}
            <ul className="divide-y divide-kumo-hairline">
              {found.map((key) => (
                <Key key={key.record.name} id={id} dkim={key} />
              ))}
            </ul>
            <NewKey id={id} domains={domains} />
          </>
        )}
      </Loaded>
    </Card>
  );
}

function NewKey({ id, domains }: DkimCardProps): ReactElement {
  const [chosen, setChosen] = useState(domains[0] ?? '');
  const making = useChange(id, makeDkimKey);
  if (domains.length === 0)
    return <p className="mt-3">This client has no domain yet: whoever runs Breakwater adds one.</p>;
  return (
    <>
      <div className="mt-4 flex flex-wrap items-end gap-2">
        <SelectField
          label="Domain"
          value={chosen}
          options={domains.map((domain) => [domain, domain] as const)}
          onChange={setChosen}
        />
        <Button loading={making.isPending} onClick={() => making.mutate(chosen)}>
          Make a key
        </Button>
      </div>
      <ProblemBelow error={making.error} />
    </>
  );
}

function Key({ id, dkim }: { readonly id: string; readonly dkim: DkimKey }): ReactElement {
  const [asked, setAsked] = useState(false);
  const removing = useChange(id, removeDkimKey);
  const { words, ...look } = dkimLook(dkim);
  return (
    <li className="flex flex-col gap-2 py-3 first:pt-0">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-semibold break-all">{dkim.domain}</span>
        <span className="text-sm break-all">{dkim.selector}</span>
        <Standing {...look} />
      </p>
      <p className="break-words">{words}</p>
      <p className="rounded-lg bg-kumo-recessed px-3 py-2 text-sm break-all text-kumo-default">
        <code className="font-mono">{dkim.record.zoneLine}</code>
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <CopyButton text={dkim.record.zoneLine} words="Copy the record" />
        <CopyButton text={dkim.record.name} words="Copy its name" />
        <CopyButton text={dkim.record.value} words="Copy its value" />
        {asked ? (
          <>
            <Button onClick={() => setAsked(false)}>Keep it</Button>
            <Button
              variant="destructive"
              loading={removing.isPending}
              onClick={() => removing.mutate({ domain: dkim.domain, selector: dkim.selector })}
            >
              Remove it
            </Button>
          </>
        ) : (
          <Button onClick={() => setAsked(true)}>
            Remove<span className="sr-only"> the key {dkim.record.name}</span>
          </Button>
        )}
      </div>
      {asked ? <p role="status">Leave its record published for a week, for mail that is still under way.</p> : null}
      <ProblemBelow error={removing.error} />
    </li>
  );
}

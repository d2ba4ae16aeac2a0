/** Rules that come with Breakwater, each set with its switch and what it does. */
import { Button } from '@cloudflare/kumo/components/button';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import type { ReactElement, ReactNode } from 'react';
import { Card } from '../shared/card.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { type Filter, saveFilter, trySet } from './filter-api.ts';
import { useChange } from './queries.ts';
import { TrialOutcome } from './trial-outcome.tsx';

export function SetsCard({ id, filter }: { readonly id: string; readonly filter: Filter }): ReactElement {
  const saving = useChange(id, saveFilter);
  const toasts = useKumoToastManager();
  const on = filter.sets.filter(({ isOn }) => isOn).map(({ set }) => set);
  const toggle = (set: string, isOn: boolean): void => {
    const sets = isOn ? [...on, set] : on.filter((one) => one !== set);
    saving.mutate({ sets }, { onSuccess: () => toasts.add({ title: 'Saved. In effect from now on.' }) });
  };
  return (
    <Card
      title="Built-in sets"
      intro="Tried after your own rules: what one of yours accepts, these let through as well."
    >
      <ul className="divide-y divide-kumo-hairline">
        {filter.sets.map(({ set, name, isOn, words }) => (
          <SetRow key={set} id={id} set={set} name={name}>
            <label className="flex cursor-pointer gap-3">
              <input
                type="checkbox"
                checked={isOn}
                disabled={saving.isPending}
                onChange={(event) => toggle(set, event.target.checked)}
                className="mt-0.5 size-4 shrink-0 accent-(--bw-mark)"
              />
              <span className="min-w-0">
                <span className="block font-semibold">
                  {name}
                  <span className="font-normal text-kumo-subtle"> · {isOn ? 'on' : 'off'}</span>
                </span>
                {words.map((line) => (
                  <span key={line} className="block text-pretty">
                    {line}
                  </span>
                ))}
              </span>
            </label>
          </SetRow>
        ))}
      </ul>
      <ProblemBelow error={saving.error} />
    </Card>
  );
}

type SetRowProps = {
  readonly id: string;
  readonly set: string;
  readonly name: string;
  /** its switch, and what it does */
  readonly children: ReactNode;
};

function SetRow({ id, set, name, children }: SetRowProps): ReactElement {
  const trying = useChange(id, trySet);
  return (
    <li className="py-2.5 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">{children}</div>
        <Button loading={trying.isPending} onClick={() => trying.mutate(set)}>
          Try<span className="sr-only"> {name} on the last messages</span>
        </Button>
      </div>
      {trying.data === undefined ? null : (
        <div className="mt-2">
          <TrialOutcome trial={trying.data} />
        </div>
      )}
      <ProblemBelow error={trying.error} />
    </li>
  );
}

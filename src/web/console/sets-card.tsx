/** Rules that come with Breakwater, each set with its switch and what it does. */
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import type { ReactElement } from 'react';
import { Card } from '../shared/card.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { type Filter, saveFilter } from './filter-api.ts';
import { useChange } from './queries.ts';

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
          <li key={set} className="py-2.5 first:pt-0 last:pb-0">
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
          </li>
        ))}
      </ul>
      <ProblemBelow error={saving.error} />
    </Card>
  );
}

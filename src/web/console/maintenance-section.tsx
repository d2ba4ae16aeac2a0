/** Planned work on the mail server: what is under way, what is planned, and how to plan more. */
import { Button } from '@cloudflare/kumo/components/button';
import { WrenchIcon } from '@phosphor-icons/react';
import { type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { sinceTime } from '../shared/format.ts';
import { Loaded } from '../shared/loaded.tsx';
import { Moment } from '../shared/moment.tsx';
import { Notice } from '../shared/notice.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { SelectField } from '../shared/select-field.tsx';
import { MaintenanceForm } from './maintenance-form.tsx';
import { MEANINGS, whenWords } from './maintenance-words.ts';
import { useChange, useMaintenance } from './queries.ts';
import { extendMaintenance, type Maintenance, type PlannedWork, saveMaintenance } from './settings-api.ts';

export function MaintenanceSection({ id }: { readonly id: string }): ReactElement {
  const maintenance = useMaintenance(id);
  return (
    <Loaded query={maintenance} what="Opening the plan…">
      {(found) => (
        <div className="flex flex-col gap-4">
          <UnderWay id={id} open={found.open} />
          <Plan id={id} windows={found.windows} />
          <MaintenanceForm id={id} planned={found.windows.map(planOf)} />
        </div>
      )}
    </Loaded>
  );
}

const LONGER = [
  ['15', '15 minutes'],
  ['30', '30 minutes'],
  ['60', '1 hour'],
  ['120', '2 hours'],
  ['480', '8 hours'],
] as const;

function UnderWay({ id, open }: { readonly id: string; readonly open: Maintenance['open'] }): ReactElement | null {
  const [minutes, setMinutes] = useState<(typeof LONGER)[number][0]>('30');
  const extending = useChange(id, extendMaintenance);
  if (open === null) return null;
  return (
    <Notice
      tone="emergency"
      icon={WrenchIcon}
      title={`Under way: ${open.title}`}
      action={
        <div className="flex flex-wrap items-end gap-2">
          <SelectField label="Longer by" value={minutes} options={LONGER} onChange={setMinutes} />
          <Button loading={extending.isPending} onClick={() => extending.mutate(Number(minutes))}>
            Extend
          </Button>
        </div>
      }
    >
      Since <Moment atMs={open.beginMs} />, until <Moment atMs={open.endMs} />. {MEANINGS[open.meaning]}.
      <ProblemBelow error={extending.error} />
    </Notice>
  );
}

type Window = Maintenance['windows'][number];

function Plan({ id, windows }: { readonly id: string; readonly windows: readonly Window[] }): ReactElement {
  const saving = useChange(id, saveMaintenance);
  const remove = (gone: string) => saving.mutate(windows.filter((window) => window.id !== gone).map(planOf));
  if (windows.length === 0)
    return (
      <Card
        title="Planned"
        intro="Nothing. Plan work on your mail server, and nobody is alarmed when it does not answer meanwhile."
      />
    );
  return (
    <Card title="Planned" intro="While planned work goes on, a server that does not answer is no alarm.">
      <ul className="divide-y divide-kumo-hairline">
        {windows.map((window) => (
          <PlannedRow key={window.id} window={window} removing={saving.isPending} onRemove={() => remove(window.id)} />
        ))}
      </ul>
      <ProblemBelow error={saving.error} />
    </Card>
  );
}

type PlannedRowProps = { readonly window: Window; readonly removing: boolean; readonly onRemove: () => void };

function PlannedRow({ window, removing, onRemove }: PlannedRowProps): ReactElement {
  const [asked, setAsked] = useState(false);
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-2.5 first:pt-0">
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-semibold break-words">{window.title}</p>
        <p>{whenWords(window.when, window.timeZone)}</p>
        <p>
          {MEANINGS[window.meaning]}. {nextWords(window.nextBeginMs, Date.now())}
        </p>
      </div>
      {asked ? (
        <div className="flex gap-2">
          <Button onClick={() => setAsked(false)}>Keep it</Button>
          <Button variant="destructive" loading={removing} onClick={onRemove}>
            Remove it
          </Button>
        </div>
      ) : (
        <Button onClick={() => setAsked(true)}>
          Remove<span className="sr-only"> {window.title}</span>
        </Button>
      )}
    </li>
  );
}

function nextWords(beginMs: number | null, now: number): string {
  if (beginMs === null) return 'It is over.';
  return beginMs <= now ? 'It is under way.' : `Next: ${sinceTime(beginMs, now)} your time.`;
}

/** As the API wants it back: without what it reckoned from it. */
function planOf({ id, title, timeZone, meaning, when }: Window): PlannedWork {
  return { id, title, timeZone, meaning, when };
}

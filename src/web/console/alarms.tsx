/** Alarms nobody has seen yet, and quiet for those who know and are at work. */
import { Button } from '@cloudflare/kumo/components/button';
import { BellRingingIcon, BellSlashIcon } from '@phosphor-icons/react';
import { type ReactElement, useState } from 'react';
import { sinceTime } from '../shared/format.ts';
import { Moment } from '../shared/moment.tsx';
import { Notice } from '../shared/notice.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { SelectField } from '../shared/select-field.tsx';
import { eventLook } from './log-words.ts';
import { useChange, useNotices } from './queries.ts';
import { acknowledge, mute, type Notices, unmute } from './settings-api.ts';

export function Alarms({ id }: { readonly id: string }): ReactElement | null {
  const notices = useNotices(id);
  if (notices.data === undefined)
    return notices.isError ? <ProblemNotice error={notices.error} onRetry={() => void notices.refetch()} /> : null;
  return (
    <>
      <Unseen id={id} notices={notices.data} />
      <Muted id={id} untilMs={notices.data.mutedUntilMs} />
    </>
  );
}

function Unseen({ id, notices }: { readonly id: string; readonly notices: Notices }): ReactElement | null {
  const seen = useChange(id, acknowledge);
  const { unacknowledged, repeatMinutes, mutedUntilMs } = notices;
  if (unacknowledged.length === 0) return null;
  return (
    <Notice
      tone="emergency"
      icon={BellRingingIcon}
      title={unacknowledged.length === 1 ? 'An alarm that nobody has seen' : 'Alarms that nobody has seen'}
      action={
        <div className="flex flex-wrap items-end gap-2">
          <Button variant="primary" loading={seen.isPending} onClick={() => seen.mutate()}>
            I have seen this
          </Button>
          {mutedUntilMs === null ? <MuteFor id={id} /> : null}
        </div>
      }
    >
      <ul>
        {unacknowledged.map(({ number, kind, atMs, words }) => (
          <li key={number} className="break-words">
            <Moment atMs={atMs} /> <span className="font-semibold">{eventLook(kind).name}.</span> {words}
          </li>
        ))}
      </ul>
      <p className="mt-1">
        {repeatMinutes === 0
          ? 'It is not repeated: that is how the notices are set.'
          : `It is repeated every ${repeatMinutes} min until somebody has seen it.`}
      </p>
      <ProblemBelow error={seen.error} />
    </Notice>
  );
}

const QUIET = [
  ['60', '1 hour'],
  ['240', '4 hours'],
  ['720', '12 hours'],
  ['1440', '24 hours'],
] as const;

export function MuteFor({ id }: { readonly id: string }): ReactElement {
  const [minutes, setMinutes] = useState<(typeof QUIET)[number][0]>('60');
  const muting = useChange(id, mute);
  return (
    <>
      <SelectField label="Quiet for" value={minutes} options={QUIET} onChange={setMinutes} />
      <Button
        loading={muting.isPending}
        icon={<BellSlashIcon size={18} aria-hidden />}
        onClick={() => muting.mutate(Number(minutes))}
      >
        Mute mail
      </Button>
      <ProblemBelow error={muting.error} />
    </>
  );
}

function Muted({ id, untilMs }: { readonly id: string; readonly untilMs: number | null }): ReactElement | null {
  const unmuting = useChange(id, unmute);
  if (untilMs === null) return null;
  return (
    <Notice
      tone="plain"
      icon={BellSlashIcon}
      action={
        <Button loading={unmuting.isPending} onClick={() => unmuting.mutate()}>
          Let them go on
        </Button>
      }
    >
      Notices by mail are muted until {sinceTime(untilMs, Date.now())}. Webhooks go on meanwhile.
      <ProblemBelow error={unmuting.error} />
    </Notice>
  );
}

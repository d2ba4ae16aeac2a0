/** How the replay stands: how far it is, how fast, when it ends, why it waits; and the two words that stop it and let it go on. */
import { ArrowUUpLeftIcon, CheckCircleIcon, ClockIcon, type Icon, PauseCircleIcon } from '@phosphor-icons/react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { Card } from '../shared/card.tsx';
import { counted, fileSize } from '../shared/format.ts';
import { Freshness } from '../shared/freshness.tsx';
import { Meter } from '../shared/meter.tsx';
import { Notice } from '../shared/notice.tsx';
import type { Replay } from './replay-api.ts';
import { replayFigures, waitsBehind } from './replay-figures.ts';
import { ReplaySteer } from './replay-steer.tsx';
import type { Course, ReplayStanding } from './replay-words.ts';

const ICONS: Readonly<Record<Course, Icon>> = {
  quiet: CheckCircleIcon,
  later: ClockIcon,
  trial: ClockIcon,
  held: PauseCircleIcon,
  running: ArrowUUpLeftIcon,
  stuck: ClockIcon,
  done: CheckCircleIcon,
};

type ReplayNowProps = {
  readonly id: string;
  readonly replay: Replay;
  readonly standing: ReplayStanding;
  readonly query: UseQueryResult<Replay>;
};

export function ReplayNow({ id, replay, standing, query }: ReplayNowProps): ReactElement {
  const { course, tone, title, lines } = standing;
  return (
    <>
      <Notice
        tone={tone}
        icon={ICONS[course]}
        action={<ReplaySteer id={id} isHeld={replay.hold !== null} course={course} />}
      >
        {/* Not the title as a live region: it counts down, and a screen reader would never be silent. */}
        <h2 className="text-lg font-semibold">{title}</h2>
        <p role="status" className="sr-only">
          {SPOKEN[course]}
        </p>
        <ul className="mt-1 list-disc pl-5">
          {[...lines, ...waitsBehind(replay)].map((line) => (
            <li key={line} className="break-words">
              {line}
            </li>
          ))}
        </ul>
      </Notice>
      {course === 'quiet' ? null : <Progress replay={replay} course={course} query={query} />}
    </>
  );
}

const SPOKEN: Readonly<Record<Course, string>> = {
  quiet: 'Nothing waits to be given back.',
  later: 'What is kept waits for the repair.',
  trial: 'A few messages go to the mail server as a trial.',
  held: 'The replay is paused.',
  running: 'The replay is running.',
  stuck: 'What is left waits.',
  done: 'Everything is given back.',
};

type ProgressProps = {
  readonly replay: Replay;
  readonly course: Course;
  readonly query: UseQueryResult<Replay>;
};

function Progress({ replay, course, query }: ProgressProps): ReactElement {
  const { waiting, waitingBytes, replayed, held } = replay;
  const total = waiting + replayed + held;
  return (
    <Card title="How far it is" action={<Freshness query={query} how="This card looks every 2.5 seconds" />}>
      <div className="flex flex-wrap justify-between gap-x-4">
        <span>
          Given back: <span className="font-semibold tabular-nums">{replayed.toLocaleString('en-GB')}</span> of{' '}
          {counted(total, 'message')}
          {held === 0 ? '' : `; ${held.toLocaleString('en-GB')} held for a person`}
        </span>
        <span className="tabular-nums">{waiting === 0 ? '' : `${fileSize(waitingBytes)} to go`}</span>
      </div>
      <Meter label="Given back to the mail server" value={replayed} max={total} />
      {course === 'running' ? <Figures replay={replay} /> : null}
    </Card>
  );
}

function Figures({ replay }: { readonly replay: Replay }): ReactElement {
  return (
    <dl className="mt-4 grid gap-4 sm:grid-cols-3">
      {replayFigures(replay).map(({ name, value, unit, beside }) => (
        <div key={name}>
          <dt className="text-sm font-semibold">{name}</dt>
          <dd>
            <span className="text-2xl font-semibold tabular-nums">{value}</span> {unit}
            <span className="block text-sm text-pretty">{beside}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

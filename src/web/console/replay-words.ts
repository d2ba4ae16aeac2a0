/** How a replay stands, in the words of a colleague. Pure. */
import { counted, fileSize, sinceTime, span } from '../shared/format.ts';
import type { Tone } from '../shared/notice.tsx';
import type { Status } from './api.ts';
import type { Plan, Replay } from './replay-api.ts';

/** `quiet`: nothing is kept; `later`: it is, and the server is not trusted yet; `trial`: a few messages go first */
export type Course = 'quiet' | 'later' | 'trial' | 'held' | 'running' | 'stuck' | 'done';

export type ReplayStanding = {
  readonly course: Course;
  readonly tone: Tone;
  readonly title: string;
  readonly lines: readonly string[];
};

export type Health = Pick<Status['health'], 'state'>;

export function replayStanding(replay: Replay, health: Health, now: number): ReplayStanding {
  const course = courseOf(replay, health);
  const { plan, hold, waiting, held } = replay;
  switch (course) {
    case 'quiet':
      return { course, ...quiet(replay, now) };
    case 'later':
      return { course, ...later(replay, now) };
    case 'trial':
      return {
        course,
        tone: 'emergency',
        title: 'A few messages go first, as a trial',
        lines: [
          'When the mail server takes them, new mail goes straight to it.',
          hold === null ? STARTS[plan.start] : holdWords(hold, now),
        ],
      };
    case 'held':
      return {
        course,
        tone: 'emergency',
        title: `The replay is paused: ${counted(waiting, 'message')} ${waiting === 1 ? 'waits' : 'wait'}`,
        lines: [
          ...(hold === null ? [] : [holdWords(hold, now)]),
          'New mail goes to the mail server meanwhile. What waits can be read in the mailboxes, and does not age.',
        ],
      };
    case 'running':
      return {
        course,
        tone: 'calm',
        title: `Being given back: ${endWords(replay, now)}`,
        lines: ['New mail goes first. What was kept takes what the pace leaves, oldest first for each mailbox.'],
      };
    case 'stuck':
      return {
        course,
        tone: 'emergency',
        title: `What is left waits: ${counted(waiting, 'message')}`,
        lines: ['Everything else is given back. Nothing has to be done for what is only delayed.'],
      };
    case 'done':
      return {
        course,
        tone: 'calm',
        title: 'Everything that could be given back is given back',
        lines: held === 0 ? ['The outage is being closed.'] : [`${counted(held, 'message')} held for a person: below.`],
      };
  }
}

type Words = Omit<ReplayStanding, 'course'>;

function quiet({ plan, hold }: Replay, now: number): Words {
  return {
    tone: 'plain',
    title: hold === null ? 'Nothing waits to be given back' : 'Nothing waits, and the next replay is paused',
    lines: [...(hold === null ? [] : [holdWords(hold, now)]), ...whatWouldHappen(plan)],
  };
}

function later(replay: Replay, now: number): Words {
  const { plan, hold, waiting, waitingBytes, replayed } = replay;
  return {
    tone: 'emergency',
    title: `${counted(waiting, 'message')} ${waiting === 1 ? 'waits' : 'wait'} for the repair of the mail server`,
    lines: [
      `${fileSize(waitingBytes)} in all. At the pace that is set, giving them back takes about ${leastSpan(replay)}.`,
      ...(replayed === 0 ? [] : [`${counted(replayed, 'message')} of this outage went back before.`]),
      hold === null ? STARTS[plan.start] : holdWords(hold, now),
    ],
  };
}

function courseOf({ hold, waiting, paused, delayed, replayed, held }: Replay, { state }: Health): Course {
  if (waiting === 0) return replayed + held > 0 ? 'done' : 'quiet';
  if (state === 'recovering') return 'trial';
  if (state !== 'up') return 'later';
  if (hold !== null) return 'held';
  return paused + delayed >= waiting ? 'stuck' : 'running';
}

const STARTS: Readonly<Record<Plan['start'], string>> = {
  automatic: 'Giving back begins by itself as soon as the server has proved that it works.',
  hold: 'Giving back begins when somebody starts it here, for so it is set; new mail goes to the server before that.',
};

function holdWords({ by, atMs, reason }: NonNullable<Replay['hold']>, now: number): string {
  return `Paused by ${by} at ${sinceTime(atMs, now)}: ${reason}.`.replace(/\.\.$/, '.');
}

/** In quiet times: what the plan means, were it needed now. */
export function whatWouldHappen(plan: Plan): readonly string[] {
  return [
    'After an outage, when the server has answered well for long enough, a few real messages go to it as a trial; then new mail goes straight to it again.',
    STARTS[plan.start],
    `The pace is ${planWords(plan)}. So 1,000 messages take about ${span((1000 / plan.messagesPerMinute) * 60_000)}.`,
  ];
}

/** `at most 120 messages a minute, over up to 4 connections` */
export function planWords({ messagesPerMinute, bytesPerMinute, connections }: Plan): string {
  const bytes = bytesPerMinute === null ? '' : ` and ${fileSize(bytesPerMinute)}`;
  const over = connections === 1 ? 'one connection' : `up to ${connections} connections`;
  return `at most ${counted(messagesPerMinute, 'message')}${bytes} a minute, over ${over}`;
}

function endWords({ endsAtMs, replayed, waiting, paused }: Replay, now: number): string {
  if (endsAtMs === null) return replayed === 0 ? 'it begins just now' : 'no message was counted in the last minute';
  // The end is reckoned as if everything went; what a person has paused does not.
  const left = ((endsAtMs - now) * (waiting - paused)) / waiting;
  const what = paused === 0 ? 'done' : 'done but for the paused mailboxes';
  if (left < 5_000) return `${what} in a moment`;
  return `${what} at about ${sinceTime(now + left, now)}, in ${span(roughly(left))}`;
}

// Seconds beside an hour promise more than anybody knows.
function roughly(ms: number): number {
  const step = ms > 3_600_000 ? 300_000 : ms > 300_000 ? 60_000 : 5_000;
  return Math.max(step, Math.round(ms / step) * step);
}

/** Neither the messages nor the bytes may go faster. */
function leastSpan({ plan, waiting, waitingBytes }: Replay): string {
  const minutes = Math.max(
    waiting / plan.messagesPerMinute,
    plan.bytesPerMinute === null ? 0 : waitingBytes / plan.bytesPerMinute,
  );
  return span(roughly(minutes * 60_000));
}

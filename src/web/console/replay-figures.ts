/** The numbers of a replay with their units: what is measured beside what is set, and why some of it waits. Pure. */
import { counted, fileSize } from '../shared/format.ts';
import type { Replay } from './replay-api.ts';

export type ReplayFigure = {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  readonly beside: string;
};

export function replayFigures(replay: Replay): readonly ReplayFigure[] {
  const { plan, messagesPerMinute, bytesPerMinute, connections } = replay;
  return [
    {
      name: 'Messages',
      value: Math.round(messagesPerMinute).toLocaleString('en-GB'),
      unit: 'a minute',
      beside: `${plan.messagesPerMinute.toLocaleString('en-GB')} a minute set${eased(replay)}`,
    },
    {
      name: 'Amount',
      value: fileSize(Math.round(bytesPerMinute)),
      unit: 'a minute',
      beside: plan.bytesPerMinute === null ? 'no limit set' : `${fileSize(plan.bytesPerMinute)} a minute set`,
    },
    {
      name: 'Connections',
      value: String(connections),
      unit: connections === 1 ? 'may be open' : 'may be open at a time',
      beside: `${plan.connections} set${ceilingWords(replay)}`,
    },
  ];
}

function eased({ easedBy }: Replay): string {
  if (easedBy === 0) return '';
  return `; the server asked for less and gets 1/${2 ** easedBy} of it, a step more after each good minute`;
}

function ceilingWords({ ceiling }: Replay): string {
  if (ceiling === null) return '; the server has refused none';
  return ceiling === 1
    ? '; the server bears one at once'
    : `; the server bears ${ceiling} at once, and one of them is left for new mail`;
}

/** Why some of what waits does not go now; a sentence each. */
export function waitsBehind({ paused, delayed }: Pick<Replay, 'paused' | 'delayed'>): readonly string[] {
  return [
    ...(paused === 0 ? [] : [`${counted(paused, 'message')} for mailboxes you have paused: below, under “Order”.`]),
    ...(delayed === 0
      ? []
      : [
          `${counted(delayed, 'message')} put off by the server for one recipient or one message, mostly a full mailbox: asked again by themselves, and nobody else waits for them.`,
        ]),
  ];
}

/** What each way of going about a failure brings about. Pure. */
import type { ModeSettings } from './modes-api.ts';

type Way<Value extends string> = { readonly value: Value; readonly name: string; readonly words: string };

export const FAILOVERS: readonly Way<ModeSettings['failover']>[] = [
  {
    value: 'automatic',
    name: 'Open by themselves',
    words: 'The emergency mailboxes open as soon as a threshold is crossed. Nobody has to be awake.',
  },
  {
    value: 'ask',
    name: 'Ask first',
    words:
      'You are asked, by a link in the notice and here. Until somebody says yes, mail is kept but nobody can read it.',
  },
  {
    value: 'manual',
    name: 'Only when declared',
    words: 'You are told, and nothing else happens. The mailboxes open only when a person declares a failure.',
  },
];

export const FAILBACKS: readonly Way<ModeSettings['failback']>[] = [
  {
    value: 'automatic',
    name: 'Switch back by itself',
    words:
      'When the server has answered well for long enough, a few messages are tried, then all mail goes to it again.',
  },
  {
    value: 'hold',
    name: 'Ask first',
    words:
      'When the server has answered well for long enough, you are asked. People go on in the emergency mailboxes meanwhile.',
  },
];

export const REFUSALS: readonly Way<ModeSettings['whenRefused']>[] = [
  {
    value: 'keep',
    name: 'Keep mail and tell',
    words:
      'Mail is kept and you are told; the mailboxes stay closed, for a certificate or a password is soon put right.',
  },
  {
    value: 'failover',
    name: 'Treat as a failure',
    words: 'If it goes on past the thresholds, the emergency mailboxes open as for a server that is down.',
  },
];

export type ModeChoices = Pick<ModeSettings, 'failover' | 'failback' | 'whenRefused'>;

/** For those who may not choose: what is chosen. */
export function chosenWords({ failover, failback, whenRefused }: ModeChoices): readonly string[] {
  const sentence = <T extends string>(ways: readonly Way<T>[], value: T) =>
    ways.find((way) => way.value === value)?.words ?? '';
  return [
    `When a threshold is crossed: ${sentence(FAILOVERS, failover)}`,
    `After the repair: ${sentence(FAILBACKS, failback)}`,
    `When the server answers but TLS or our login fails: ${sentence(REFUSALS, whenRefused)}`,
  ];
}

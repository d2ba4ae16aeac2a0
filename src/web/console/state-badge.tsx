/** A client's state in one or two words: colour and icon for the quick eye, the word for everybody. */
import {
  ArrowsClockwiseIcon,
  CheckCircleIcon,
  type Icon,
  LifebuoyIcon,
  LockKeyOpenIcon,
  ProhibitIcon,
  QuestionIcon,
  WarningIcon,
} from '@phosphor-icons/react';
import type { ReactElement } from 'react';
import type { Tone } from '../shared/notice.tsx';
import type { State } from './api.ts';
import { STATE_NAMES } from './state-words.ts';

export const STATE_LOOKS: Record<State, { readonly icon: Icon; readonly tone: Tone }> = {
  up: { icon: CheckCircleIcon, tone: 'calm' },
  suspect: { icon: WarningIcon, tone: 'emergency' },
  'tls-broken': { icon: LockKeyOpenIcon, tone: 'trouble' },
  'refused-us': { icon: ProhibitIcon, tone: 'trouble' },
  down: { icon: LifebuoyIcon, tone: 'trouble' },
  recovering: { icon: ArrowsClockwiseIcon, tone: 'emergency' },
};

const FRAMES: Record<Tone, string> = {
  plain: 'border-kumo-line bg-kumo-elevated',
  calm: 'border-(--bw-calm-line) bg-(--bw-calm)',
  emergency: 'border-(--bw-emergency-line) bg-(--bw-emergency)',
  trouble: 'border-(--bw-trouble-line) bg-(--bw-trouble)',
};

export function StateBadge({ state }: { readonly state: State | null }): ReactElement {
  const { icon: Mark, tone } = state === null ? { icon: QuestionIcon, tone: 'plain' as const } : STATE_LOOKS[state];
  return (
    <span
      className={`inline-flex items-center gap-1.5 rounded-full border px-2.5 py-0.5 text-sm font-semibold whitespace-nowrap text-kumo-default ${FRAMES[tone]}`}
    >
      <Mark size={16} aria-hidden />
      {state === null ? 'No answer' : STATE_NAMES[state]}
    </span>
  );
}

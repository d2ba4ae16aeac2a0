/** A word on how something stands, in the tint of its tone. */
import type { ReactElement } from 'react';
import type { Tone } from '../shared/notice.tsx';

const TINTS: Readonly<Record<Tone, string>> = {
  plain: 'border-kumo-line bg-kumo-elevated',
  emergency: 'border-(--bw-emergency-line) bg-(--bw-emergency)',
  calm: 'border-(--bw-calm-line) bg-(--bw-calm)',
  trouble: 'border-(--bw-trouble-line) bg-(--bw-trouble)',
};

export function Standing({ name, tone }: { readonly name: string; readonly tone: Tone }): ReactElement {
  return (
    <span className={`rounded-full border px-2.5 text-sm whitespace-nowrap text-kumo-default ${TINTS[tone]}`}>
      {name}
    </span>
  );
}

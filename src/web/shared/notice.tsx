/** A strip that says what is going on. Tint and icon carry the tone; the words carry the meaning. */
import type { Icon } from '@phosphor-icons/react';
import type { ReactElement, ReactNode } from 'react';

export type Tone = 'plain' | 'emergency' | 'calm' | 'trouble';

const FRAME: Record<Tone, string> = {
  plain: 'border-kumo-line bg-kumo-elevated',
  emergency: 'border-(--bw-emergency-line) bg-(--bw-emergency)',
  calm: 'border-(--bw-calm-line) bg-(--bw-calm)',
  trouble: 'border-(--bw-trouble-line) bg-(--bw-trouble)',
};

const MARK: Record<Tone, string> = {
  plain: 'text-kumo-subtle',
  emergency: 'text-(--bw-emergency-mark)',
  calm: 'text-(--bw-calm-mark)',
  trouble: 'text-(--bw-trouble-mark)',
};

type NoticeProps = {
  readonly tone: Tone;
  readonly icon: Icon;
  readonly title?: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** `alert` interrupts a screen reader: for what has just gone wrong */
  readonly role?: 'alert' | 'status';
};

export function Notice({ tone, icon: Mark, title, children, action, role }: NoticeProps): ReactElement {
  return (
    <div
      role={role}
      className={`flex items-start gap-3 rounded-lg border px-3.5 py-3 text-kumo-default ${FRAME[tone]}`}
    >
      <Mark size={20} weight="duotone" aria-hidden className={`mt-px shrink-0 ${MARK[tone]}`} />
      <div className="min-w-0 flex-1">
        {title === undefined ? null : <p className="font-semibold">{title}</p>}
        {children === undefined ? null : <div className="text-pretty">{children}</div>}
        {action === undefined ? null : <div className="mt-2.5 flex flex-wrap gap-2">{action}</div>}
      </div>
    </div>
  );
}

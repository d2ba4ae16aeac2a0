/** What is going on, above everything else. A change is announced; the words stay until the state changes. */
import { CheckCircleIcon, type Icon, LifebuoyIcon, ShieldCheckIcon } from '@phosphor-icons/react';
import type { ReactElement } from 'react';
import type { MailboxState, Me } from './api.ts';
import { stateWords } from './mailbox-state.ts';

type Look = { readonly icon: Icon; readonly strip: string; readonly mark: string };

const LOOK: Record<MailboxState, Look> = {
  open: {
    icon: LifebuoyIcon,
    strip: 'border-(--bw-emergency-line) bg-(--bw-emergency)',
    mark: 'text-(--bw-emergency-mark)',
  },
  'read-only': {
    icon: CheckCircleIcon,
    strip: 'border-(--bw-calm-line) bg-(--bw-calm)',
    mark: 'text-(--bw-calm-mark)',
  },
  closed: { icon: ShieldCheckIcon, strip: 'border-kumo-line bg-kumo-base', mark: 'text-kumo-subtle' },
};

/** `short-on-phone`: beside an open message, a small screen keeps the first sentence only */
type StateBannerProps = { readonly me: Me; readonly length: 'full' | 'short-on-phone' };

export function StateBanner({ me, length }: StateBannerProps): ReactElement {
  const { icon: Mark, strip, mark } = LOOK[me.mailbox.state];
  const { title, detail } = stateWords(me, Date.now());
  return (
    <div role="status" className={`flex items-start gap-2.5 border-b px-4 py-2 text-kumo-default sm:px-5 ${strip}`}>
      <Mark size={20} weight="duotone" aria-hidden className={`mt-px shrink-0 ${mark}`} />
      <p className="min-w-0 text-pretty">
        <strong className="font-semibold">{title}</strong>{' '}
        <span className={length === 'full' ? '' : 'max-md:sr-only'}>{detail}</span>
      </p>
    </div>
  );
}

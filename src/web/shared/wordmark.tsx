/** The sign and the name: a wall with quiet water behind it. */
import type { ReactElement } from 'react';

export function Sign({ className = 'size-7' }: { readonly className?: string }): ReactElement {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false" className={`shrink-0 ${className}`}>
      <rect width="32" height="32" rx="8" fill="var(--color-kumo-brand)" />
      <path d="M7 21v-4a9 9 0 0 1 18 0v4" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
      <path
        d="M12 20.5c1.4-1.6 2.7-1.6 4 0s2.7 1.6 4 0"
        fill="none"
        stroke="#a8d8f0"
        strokeWidth="2.5"
        strokeLinecap="round"
      />
    </svg>
  );
}

export function Wordmark(): ReactElement {
  return (
    <span className="inline-flex items-center gap-2.5">
      <Sign />
      <span className="text-[17px] font-semibold tracking-tight text-kumo-default">Breakwater</span>
    </span>
  );
}

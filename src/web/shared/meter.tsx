/** How much of something there is already; the words beside it carry the numbers. */
import type { ReactElement } from 'react';

type MeterProps = { readonly label: string; readonly value: number; readonly max: number };

export function Meter({ label, value, max }: MeterProps): ReactElement {
  const percent = max === 0 ? 0 : Math.min(100, (value / max) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={0}
      aria-valuemax={Math.max(max, 1)}
      className="mt-1.5 h-2 w-full overflow-hidden rounded-full bg-kumo-line"
    >
      <div className="h-full rounded-full bg-(--bw-mark)" style={{ width: `${percent}%` }} />
    </div>
  );
}

/** A part of a screen with a heading of its own. */
import { type ReactElement, type ReactNode, useId } from 'react';

type CardProps = {
  readonly title: string;
  readonly intro?: ReactNode;
  readonly action?: ReactNode;
  readonly children?: ReactNode;
};

export function Card({ title, intro, action, children }: CardProps): ReactElement {
  const id = useId();
  return (
    <section aria-labelledby={id} className="rounded-xl border border-kumo-line bg-kumo-base p-4 sm:p-5">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0 flex-1 basis-60">
          <h2 id={id} className="text-base font-semibold">
            {title}
          </h2>
          {intro === undefined ? null : <p className="mt-0.5 max-w-3xl text-pretty text-kumo-subtle">{intro}</p>}
        </div>
        {action}
      </div>
      {children === undefined ? null : <div className="mt-4 empty:hidden">{children}</div>}
    </section>
  );
}

/** Shown while something loads. Quick answers show nothing: a flash of "loading" only makes people nervous. */
import { Loader } from '@cloudflare/kumo/components/loader';
import { type ReactElement, useEffect, useState } from 'react';

// Below this, waiting is not noticed.
const SILENT_MS = 400;

export function Opening({ what }: { readonly what: string }): ReactElement {
  const shown = useAfter(SILENT_MS);
  return (
    <div role="status" className="flex min-h-40 flex-1 flex-col items-center justify-center gap-3 p-6 text-kumo-subtle">
      {shown ? (
        <>
          <span aria-hidden="true">
            <Loader size="lg" />
          </span>
          <span>{what}</span>
        </>
      ) : null}
    </div>
  );
}

export function useAfter(delayMs: number): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setPassed(true), delayMs);
    return () => clearTimeout(timer);
  }, [delayMs]);
  return passed;
}

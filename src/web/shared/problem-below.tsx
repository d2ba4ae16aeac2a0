/** What went wrong with the thing above it, if anything did. */
import type { ReactElement } from 'react';
import { ProblemNotice } from './problem-notice.tsx';

export function ProblemBelow({ error }: { readonly error: Error | null }): ReactElement | null {
  if (error === null) return null;
  return (
    <div className="mt-3">
      <ProblemNotice error={error} />
    </div>
  );
}

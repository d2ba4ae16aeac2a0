/** A link to a file. Says in place why there is none, and offers the parts of one that is too large. */
import { buttonVariants } from '@cloudflare/kumo/components/button';
import { DownloadSimpleIcon } from '@phosphor-icons/react';
import { useMutation } from '@tanstack/react-query';
import type { MouseEvent, ReactElement, ReactNode } from 'react';
import { problemOf } from './problem.ts';
import { ProblemBelow } from './problem-below.tsx';
import { startDownload } from './start-download.ts';

type DownloadLinkProps = { readonly href: string; readonly children: ReactNode };

export function DownloadLink({ href, children }: DownloadLinkProps): ReactElement {
  const asking = useMutation({ mutationFn: async (path: string) => startDownload(path) });
  const follow = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (!asking.isPending) asking.mutate(href);
  };
  const { parts } = problemOf(asking.error);
  return (
    <>
      <a
        href={href}
        download
        aria-busy={asking.isPending}
        onClick={follow}
        className={buttonVariants({ variant: 'ghost' })}
      >
        <DownloadSimpleIcon size={18} aria-hidden />
        {children}
      </a>
      {asking.error === null ? null : parts === undefined ? (
        <div className="w-full">
          <ProblemBelow error={asking.error} />
        </div>
      ) : (
        <Parts href={href} count={parts} />
      )}
    </>
  );
}

function Parts({ href, count }: { readonly href: string; readonly count: number }): ReactElement {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return (
    <div className="w-full">
      <p role="status">This is too much for one file. It comes in {count} parts:</p>
      <ul className="mt-1 flex flex-wrap gap-1">
        {numbers.map((part) => (
          <li key={part}>
            <a href={`${href}&part=${part}`} download className={buttonVariants({ variant: 'ghost' })}>
              Part {part}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

import { useEffect } from 'react';

/** The window's title: what screen readers say first, and what a row of tabs shows. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – Breakwater`;
  }, [title]);
}

/** Moving the focus through the list's rows. The rows are links, so that Enter opens them without our help. */

const ROW = 'a[data-message]';

export function focusRow(id: string): void {
  rows()
    .find((row) => row.dataset['message'] === id)
    ?.focus();
}

/** From the focused row, or else from the open message, or else the first. */
export function focusNearRow(direction: 'next' | 'previous'): void {
  const all = rows();
  const from = all.findIndex((row) => row.matches(':focus'));
  const start = from >= 0 ? from : all.findIndex((row) => row.getAttribute('aria-current') === 'true');
  const target = start < 0 ? 0 : start + (direction === 'next' ? 1 : -1);
  const row = all[target];
  row?.focus();
  row?.scrollIntoView({ block: 'nearest' });
}

function rows(): readonly HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(ROW)];
}

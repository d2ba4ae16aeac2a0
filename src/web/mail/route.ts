/** Every screen has an address: what a path means, and the path of each screen. Pure. */
import type { Folder } from './api.ts';

export type Answer = { readonly kind: 'reply' | 'reply-all'; readonly id: string };

export type Route =
  | { readonly kind: 'folder'; readonly folder: Folder }
  | { readonly kind: 'message'; readonly id: string }
  | { readonly kind: 'quarantine' }
  | { readonly kind: 'quarantined'; readonly id: string }
  | { readonly kind: 'compose'; readonly answer: Answer | undefined }
  | { readonly kind: 'unknown' };

export function parseRoute(path: string): Route {
  const { pathname, searchParams } = new URL(path, 'https://breakwater.invalid');
  const parts = pathname.split('/').filter((part) => part !== '');
  const [app, screen, id] = parts;
  if (app === undefined || (app === 'mail' && screen === undefined)) return { kind: 'folder', folder: 'inbox' };
  if (app !== 'mail') return { kind: 'unknown' };
  if (screen === 'sent' && id === undefined) return { kind: 'folder', folder: 'sent' };
  if (screen === 'quarantine' && id === undefined) return { kind: 'quarantine' };
  if (screen === 'quarantine' && id !== undefined && parts.length === 3) return { kind: 'quarantined', id: decode(id) };
  if (screen === 'compose' && id === undefined) return { kind: 'compose', answer: parseAnswer(searchParams) };
  if (screen === 'm' && id !== undefined && parts.length === 3) return { kind: 'message', id: decode(id) };
  return { kind: 'unknown' };
}

export function formatRoute(route: Exclude<Route, { kind: 'unknown' }>): string {
  switch (route.kind) {
    case 'folder':
      return route.folder === 'inbox' ? '/mail' : '/mail/sent';
    case 'message':
      return `/mail/m/${encodeURIComponent(route.id)}`;
    case 'quarantine':
      return '/mail/quarantine';
    case 'quarantined':
      return `/mail/quarantine/${encodeURIComponent(route.id)}`;
    case 'compose':
      return route.answer === undefined
        ? '/mail/compose'
        : `/mail/compose?${new URLSearchParams({ [route.answer.kind]: route.answer.id })}`;
  }
}

export function composeTitle(answer: Answer | undefined): string {
  switch (answer?.kind) {
    case undefined:
      return 'New message';
    case 'reply':
      return 'Reply';
    case 'reply-all':
      return 'Reply to all';
  }
}

function parseAnswer(query: URLSearchParams): Answer | undefined {
  for (const kind of ['reply', 'reply-all'] as const) {
    const id = query.get(kind);
    if (id !== null && id !== '') return { kind, id };
  }
  return undefined;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

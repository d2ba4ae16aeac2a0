/** A router of the size we need: one current path, one possible guard, the History API. */
import { useEffect, useSyncExternalStore } from 'react';

type Guard = (target: string) => void;

const listeners = new Set<() => void>();
let current = locationPath();
let guard: Guard | undefined;

/** The path with its query, `/mail/compose?reply=7`. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => current);
}

export function navigate(target: string): void {
  if (guard === undefined) go(target);
  else guard(target);
}

/** Past the guard: what a person decided, or what the program must do. */
export function go(target: string): void {
  if (target !== current) history.pushState(null, '', target);
  update(target);
}

export function replace(target: string): void {
  history.replaceState(null, '', target);
  update(target);
}

/** While `active`, every way out of the page inside the application is handed to `onLeave` instead. */
export function useGuard(active: boolean, onLeave: Guard): void {
  useEffect(() => {
    if (!active) return undefined;
    guard = onLeave;
    // The browser words this warning itself; it only asks whether there is one.
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => {
      guard = undefined;
      window.removeEventListener('beforeunload', warn);
    };
  }, [active, onLeave]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function update(path: string): void {
  current = path;
  for (const listener of listeners) listener();
}

function locationPath(): string {
  return window.location.pathname + window.location.search;
}

window.addEventListener('popstate', () => {
  const target = locationPath();
  if (guard === undefined || target === current) {
    update(target);
    return;
  }
  // Back and forward cannot be refused, only undone: the guarded page gets its entry again.
  history.pushState(null, '', current);
  guard(target);
});

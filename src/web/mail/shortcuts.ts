/** Single-letter shortcuts, as mail programs have them. WCAG 2.1.4 asks that they can be switched off: see shortcut-help.tsx. */
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';

export type Shortcut = 'j' | 'k' | 'r' | 'a' | 'c' | 'u' | '?';

export const SHORTCUT_WORDS: readonly (readonly [string, string])[] = [
  ['j', 'Next message in the list'],
  ['k', 'Previous message in the list'],
  ['Enter', 'Open the message'],
  ['u', 'Back to the list'],
  ['r', 'Reply'],
  ['a', 'Reply all'],
  ['c', 'Write a message'],
  ['Ctrl + Enter', 'Send what you are writing'],
  ['?', 'This list'],
];

const KEY = 'breakwater.shortcuts';
const listeners = new Set<() => void>();

export function useShortcuts(actions: Readonly<Record<Shortcut, () => void>>): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!isShortcut(event.key) || !shortcutsOn() || isBusy(event)) return;
    event.preventDefault();
    actions[event.key]();
  });
  useEffect(() => {
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

export function useShortcutsOn(): readonly [boolean, (on: boolean) => void] {
  return [useSyncExternalStore(subscribe, shortcutsOn), switchShortcuts];
}

function isShortcut(key: string): key is Shortcut {
  return key.length === 1 && 'jkracu?'.includes(key);
}

/** A letter typed into a field, or while a dialog or menu is open, is not a command. */
function isBusy(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  const target = event.target;
  if (target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)))
    return true;
  return document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;
}

function shortcutsOn(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}

function switchShortcuts(on: boolean): void {
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off');
  } catch {
    // Storage may be forbidden: the shortcuts then stay as they are, which the switch shows.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * What has been written and not sent, kept in this browser tab (sessionStorage): it survives a reload, a lost session and
 * a failed send, and ends with the tab. Scoped by account, so that the next person at this screen never meets it.
 */
import { useSyncExternalStore } from 'react';
import * as z from 'zod/mini';
import { type Draft, EMPTY_DRAFT } from './answer.ts';
import type { Answer } from './route.ts';

/** `key` is this one wish to send: the server can tell a second try from a second message. */
export type StoredDraft = Draft & { readonly key: string };
export type DraftPlace = { readonly account: string; readonly answer: Answer | undefined };

const PREFIX = 'breakwater.draft.';
const people = z.array(z.object({ name: z.string(), address: z.string() }));
const stored = z.object({
  to: people,
  cc: people,
  bcc: people,
  subject: z.string(),
  text: z.string(),
  key: z.string(),
});

const listeners = new Set<() => void>();
let version = 0;

export function readDraft(place: DraftPlace): StoredDraft | undefined {
  const text = guarded(() => sessionStorage.getItem(itemName(place)));
  if (text === null || text === undefined) return undefined;
  const parsed = stored.safeParse(guarded<unknown>(() => JSON.parse(text)));
  return parsed.success ? parsed.data : undefined;
}

export function keepDraft(place: DraftPlace, draft: StoredDraft): void {
  guarded(() => sessionStorage.setItem(itemName(place), JSON.stringify(draft)));
  changed();
}

export function dropDraft(place: DraftPlace): void {
  guarded(() => sessionStorage.removeItem(itemName(place)));
  changed();
}

export function dropAllDrafts(account: string): void {
  for (const answer of draftsOf(account)) dropDraft({ account, answer });
}

/** Where this account has something unsent; `undefined` stands for a new message. */
export function useUnsent(account: string): readonly (Answer | undefined)[] {
  useSyncExternalStore(subscribe, () => version);
  return draftsOf(account);
}

export function newDraft(draft: Draft = EMPTY_DRAFT): StoredDraft {
  return { ...draft, key: crypto.randomUUID() };
}

function draftsOf(account: string): readonly (Answer | undefined)[] {
  const prefix = `${PREFIX}${account}/`;
  const names = guarded(() => Object.keys(sessionStorage)) ?? [];
  return names.filter((name) => name.startsWith(prefix)).map((name) => parseAnswer(name.slice(prefix.length)));
}

function parseAnswer(text: string): Answer | undefined {
  const match = /^(reply|reply-all):(.+)$/.exec(text);
  if (match === null) return undefined;
  return { kind: match[1] === 'reply' ? 'reply' : 'reply-all', id: match[2] ?? '' };
}

function itemName({ account, answer }: DraftPlace): string {
  return `${PREFIX}${account}/${answer === undefined ? 'new' : `${answer.kind}:${answer.id}`}`;
}

// Storage may be forbidden or full. Then a draft lives in the page only, which the form still guards with a warning.
function guarded<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function changed(): void {
  version += 1;
  for (const listener of listeners) listener();
}

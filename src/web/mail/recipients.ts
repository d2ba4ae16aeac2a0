/** Recipients as people type and paste them. What the server accepts is decided there; this catches slips early. Pure. */
import type { Person } from './api.ts';

// RFC 5321 §4.5.3.1: 64 octets before the @, 255 after it. The rest of the grammar is left to the server.
const ADDRESS = /^[^\s@<>(),;:"[\]\\]{1,64}@(?=.{1,255}$)[^\s@<>(),;:"[\]\\.]+(\.[^\s@<>(),;:"[\]\\.]+)+$/;

/** Takes `a@b.example`, `Anna <a@b.example>` and `"Berg, Anna" <a@b.example>`, separated by commas, semicolons or line ends. */
export function parseRecipients(typed: string): readonly Person[] {
  return splitOutsideQuotes(typed)
    .map(parseOne)
    .filter((person) => person.address !== '');
}

export function isAddress(text: string): boolean {
  return ADDRESS.test(text);
}

export function addRecipients(present: readonly Person[], added: readonly Person[]): readonly Person[] {
  const known = new Set(present.map(sameKey));
  const fresh = added.filter((person) => !known.has(sameKey(person)) && known.add(sameKey(person)));
  return fresh.length === 0 ? present : [...present, ...fresh];
}

/** Domains do not know case, and in practice no mailbox does either (RFC 5321 §2.4 allows it, nobody relies on it). */
export function sameKey(person: Person): string {
  return person.address.toLowerCase();
}

export function nameOf(person: Person): string {
  return person.name.trim() === '' ? person.address : person.name;
}

/** One or two letters for the round sign beside a name. */
export function initials(person: Person): string {
  const words = nameOf(person)
    .replace(/@.*$/, '')
    .split(/[\s._-]+/u)
    .filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => /^./u.exec(word ?? '')?.[0] ?? '')
    .join('');
  return letters === '' ? '@' : letters.toUpperCase();
}

function parseOne(text: string): Person {
  const trimmed = text.trim();
  const open = trimmed.lastIndexOf('<');
  if (open < 0 || !trimmed.endsWith('>')) return { name: '', address: trimmed };
  const name = trimmed
    .slice(0, open)
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .replaceAll('\\"', '"');
  return { name, address: trimmed.slice(open + 1, -1).trim() };
}

function splitOutsideQuotes(typed: string): readonly string[] {
  return typed.match(/(?:"(?:\\.|[^"\\])*"|[^,;\r\n"]|")+?(?=[,;\r\n]|$)/g) ?? [];
}

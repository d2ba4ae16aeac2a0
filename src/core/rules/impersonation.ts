/**
 * The names of a client's people as numbers, so that a plan of ten thousand of them is 40 KB and tells nobody who they are. Case, accents,
 * look-alike letters, the order of words and what stands in brackets do not count.
 */
import { plainLetters } from './confusables.ts';

/** uint32 of the normalised name (FNV-1a, 32 bits) */
export function nameKey(name: string): number {
  let hash = 0x81_1c_9d_c5;
  for (const byte of new TextEncoder().encode(wordsOf(name).join(' '))) {
    hash ^= byte;
    hash = Math.imul(hash, 0x01_00_01_93) >>> 0;
  }
  return hash;
}

/** base64 of little-endian uint32, sorted. One word is no name: every Anna in the world would be one of theirs. */
export function nameKeysOf(names: readonly string[]): string {
  const keys = [...new Set(names.filter(isFullName).map(nameKey))].sort((one, other) => one - other);
  const bytes = new Uint8Array(keys.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, key] of keys.entries()) view.setUint32(index * 4, key, true);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** Whether a name is one of those behind the keys. A plan that does not decode has no names. */
export function ownNames(base64: string): (name: string) => boolean {
  let keys: ReadonlySet<number> | undefined;
  return (name) => {
    if (base64 === '' || !isFullName(name)) return false;
    keys ??= decoded(base64);
    return keys.has(nameKey(name));
  };
}

function isFullName(name: string): boolean {
  return wordsOf(name).length > 1;
}

// "Ann Adams (Sales)", "Adams, Ann", "Ann Adams via Forms", "Ann Adams <ann@firm.example>"
const BESIDE_THE_NAME = /\(.*?\)|\[.*?\]|<.*?>|\S+@\S+|\bvia\b.*$/g;
// Nobody has a name of so many words; a header of 2,000 of them must not be sorted for every message.
const MAX_NAME_LENGTH = 200;

function wordsOf(name: string): readonly string[] {
  const plain = plainLetters(name.slice(0, MAX_NAME_LENGTH)).replace(BESIDE_THE_NAME, ' ');
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !TITLES.test(word)).sort();
}

const TITLES = /^(?:dr|prof|mr|mrs|ms|herr|frau|ing|dipl|mba|phd)$/;

function decoded(base64: string): ReadonlySet<number> {
  try {
    const text = atob(base64);
    const view = new DataView(Uint8Array.from(text, (character) => character.charCodeAt(0)).buffer);
    return new Set(Array.from({ length: Math.floor(text.length / 4) }, (_, index) => view.getUint32(index * 4, true)));
  } catch {
    return new Set();
  }
}

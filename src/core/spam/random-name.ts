/** Names nobody chose: made by a program for one mailing. Judged by how their letters and digits follow each other. */

const VOWELS = /[aeiouy]/g;
const CONSONANTS = /[bcdfghjklmnpqrstvwxz]{5,}/;
// Between letters and digits, and back: `z2x9q` has four.
const CHANGES = /[a-z](?=\d)|\d(?=[a-z])/g;

export function isRandomName(name: string): boolean {
  const label = name.toLowerCase();
  if (label.length < 8 || !/^[a-z0-9]+$/.test(label)) return false;
  const letters = label.replace(/\d/g, '');
  const vowelShare = (letters.match(VOWELS)?.length ?? 0) / Math.max(1, letters.length);
  const changes = label.match(CHANGES)?.length ?? 0;
  if (changes >= 3) return true;
  if (letters.length >= 8 && vowelShare < 0.15) return true;
  return letters.length >= 10 && vowelShare < 0.3 && CONSONANTS.test(letters);
}

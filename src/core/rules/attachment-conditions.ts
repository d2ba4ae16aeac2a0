/** Conditions about what is attached. */
import type { PartFacts } from '../message-facts.ts';
import { dangerousName, isBomb } from './dangerous.ts';
import type { AttachmentTest } from './rule.ts';
import type { Subject } from './subject.ts';
import { type Text, testTexts } from './text-test.ts';
import { NO, type Truth, yes } from './truth.ts';

export function judgeAttachment(subject: Subject, test: AttachmentTest): Truth {
  const { parts } = subject.facts;
  switch (test.kind) {
    case 'any':
      return first(
        parts.filter(({ isAttachment }) => isAttachment),
        (part) => `${nameOf(part)} is attached`,
      );
    case 'name':
      return testTexts(subject, test.test, parts.filter(isFile).flatMap(namesOf));
    case 'type':
      return first(
        parts.filter((part) => isFile(part) && isOfType(part, test.types)),
        (part) => `${nameOf(part)} is ${part.trueMime ?? part.contentType}`,
      );
    case 'hash':
      return judgeHash(parts, new Set(test.sha256.map((hash) => hash.toLowerCase())));
    case 'encrypted':
      return first(parts.filter(isLocked), (part) => `${nameOf(part)} is encrypted`);
    case 'macro':
      return first(
        parts.filter(({ hasMacros }) => hasMacros),
        (part) => `${nameOf(part)} has macros`,
      );
    case 'dangerous':
      return first(
        parts.flatMap((part) => (isFile(part) ? (dangerousName(part) ?? []) : [])),
        (name) => `${name} can run`,
      );
    case 'tricked-name':
      return first(
        parts.filter(({ tricks }) => tricks.length > 0),
        (part) => `the name ${nameOf(part)} deceives (${part.tricks.join(', ')})`,
      );
    case 'bomb':
      return first(
        parts.filter(({ archive }) => archive !== undefined && isBomb(archive)),
        (part) => `${nameOf(part)} unpacks to ${Math.round(part.archive?.ratio ?? 0)} times its size`,
      );
  }
}

/** SHA-256 of every file, and of those within archives whose content was read. */
export function hashesOf(parts: readonly PartFacts[]): readonly string[] {
  return parts.flatMap((part) => [part.sha256, ...(part.archive?.entries.flatMap(({ sha256 }) => sha256 ?? []) ?? [])]);
}

/** Everything but the text of the message itself: images within it too, which carry names and types. */
export function isFile(part: PartFacts): boolean {
  return part.isAttachment || part.fileName !== undefined || !part.contentType.startsWith('text/');
}

export function nameOf(part: PartFacts): string {
  return part.fileName ?? `part ${part.path}`;
}

function first<T>(found: readonly T[], words: (one: T) => string): Truth {
  const [one] = found;
  return one === undefined ? NO : yes(words(one));
}

/** Also the names within archives, without their folders. */
export function namesOf(part: PartFacts): readonly Text[] {
  const within = part.archive?.entries.map(({ name }) => name.slice(name.search(/[^/\\]*$/))) ?? [];
  const own = part.fileName === undefined ? [] : [part.fileName];
  return [...own, ...within].map((text) => ({ what: `the file name ${text}`, text }));
}

function judgeHash(parts: readonly PartFacts[], hashes: ReadonlySet<string>): Truth {
  return first(
    parts.filter((part) => hashesOf([part]).some((hash) => hashes.has(hash))),
    (part) => `${nameOf(part)} is one of the named contents`,
  );
}

function isOfType({ contentType, trueMime, trueType }: PartFacts, types: readonly string[]): boolean {
  const known = [contentType, trueMime ?? '', trueType];
  return types.some((type) => {
    const wanted = type.toLowerCase();
    return wanted.endsWith('/*') ? known.some((one) => one.startsWith(wanted.slice(0, -1))) : known.includes(wanted);
  });
}

function isLocked({ isEncrypted, archive }: PartFacts): boolean {
  return isEncrypted || archive?.isEncrypted === true || archive?.entries.some((entry) => entry.isEncrypted) === true;
}

/** Conditions about what is attached. */
import type { PartFacts } from '../message-facts.ts';
import { dangerousName, isBomb } from './dangerous.ts';
import { hashesOf, isFile, nameOf } from './files.ts';
import type { AttachmentTest } from './rule.ts';
import type { Subject } from './subject.ts';
import { testTexts } from './text-test.ts';
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
      return testTexts(subject, test.test, subject.fileNames);
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

function first<T>(found: readonly T[], words: (one: T) => string): Truth {
  const [one] = found;
  return one === undefined ? NO : yes(words(one));
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

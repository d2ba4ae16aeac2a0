/** The files of a message, as conditions speak of them. */
import type { PartFacts } from '../message-facts.ts';

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

/** Also the names within archives, without their folders. */
export function namesOf(part: PartFacts): readonly { readonly what: string; readonly text: string }[] {
  const within = part.archive?.entries.map(({ name }) => name.slice(folderEnd(name))) ?? [];
  const own = part.fileName === undefined ? [] : [part.fileName];
  return [...own, ...within].map((text) => ({ what: `the file name ${text}`, text }));
}

function folderEnd(name: string): number {
  return Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1;
}

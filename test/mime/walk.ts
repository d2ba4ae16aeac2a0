import type { ContentFacts } from '../../src/mime/facts.ts';
import type { WalkLimits } from '../../src/mime/walk-limits.ts';
import { createWalker } from '../../src/mime/walker.ts';

/** One character per byte where the text is Latin-1 on purpose; UTF-8 otherwise. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function walk(message: string | Uint8Array, limits?: WalkLimits): ContentFacts {
  const walker = createWalker(limits);
  walker.write(typeof message === 'string' ? utf8(message) : message);
  return walker.end();
}

/** `cuts`: sizes of the chunks, repeated until the message is at its end. */
export function walkInChunks(message: Uint8Array, cuts: readonly number[]): ContentFacts {
  const walker = createWalker();
  for (let at = 0, turn = 0; at < message.length; turn += 1) {
    const size = Math.max(1, cuts[turn % cuts.length] ?? 1);
    walker.write(message.slice(at, at + size));
    at += size;
  }
  return walker.end();
}

/** Lines with CRLF, the last one too. */
export function lines(...text: readonly string[]): string {
  return text.map((line) => `${line}\r\n`).join('');
}

import type { InspectedFacts } from '../../src/core/message-facts.ts';
import { createInspector, type Inspected } from '../../src/filter/inspect.ts';
import { lines, utf8 } from '../mime/walk.ts';

export function inspect(message: string | Uint8Array): InspectedFacts {
  return inspectInChunks(message, [Number.POSITIVE_INFINITY]).inspected;
}

/** `cuts`: sizes of the chunks, repeated until the message is at its end. The buffer is one and overwritten: nothing may keep it. */
export function inspectInChunks(message: string | Uint8Array, cuts: readonly number[]): Inspected {
  const bytes = typeof message === 'string' ? utf8(message) : message;
  const inspector = createInspector();
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const chunk = bytes.slice(at, at + Math.max(1, cuts[turn % cuts.length] ?? 1));
    inspector.write(chunk);
    at += chunk.length;
    chunk.fill(0x2a);
  }
  return inspector.end();
}

export function htmlMessage(html: string): string {
  return lines('From: a@harbour.example', 'Content-Type: text/html; charset=utf-8', '', html);
}

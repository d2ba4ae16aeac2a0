/** The only places where time, chance and new ids come from. */
import { v7 } from 'uuid';
import type { AccountId, MailboxId, MessageId, OutageId } from '../core/ids.ts';
import type { Timer } from '../pipeline/timer.ts';

export const now = (): number => Date.now();

export const wait = (ms: number): Promise<void> => scheduler.wait(ms);

export function startTimer(ms: number): Timer {
  let handle: ReturnType<typeof setTimeout> | undefined;
  const expired = new Promise<void>((resolve) => {
    handle = setTimeout(resolve, ms);
  });
  return { expired, cancel: () => clearTimeout(handle) };
}

export const random = (): number => Math.random();

/** 256 random bits, in letters that a URL takes as they are. */
export const newToken = (): string => crypto.getRandomValues(Buffer.alloc(32)).toString('base64url');

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

/** 5 random bits for each letter: 32 letters divide a byte evenly, so that none comes more often. */
export const newLetters = (length: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => LETTERS[byte % LETTERS.length]).join('');

// Time-ordered (RFC 9562 §5.7), so that rows written together lie together.
export const newMessageId = (): MessageId => v7() as MessageId;
export const newOutageId = (): OutageId => v7() as OutageId;
export const newAccountId = (): AccountId => v7() as AccountId;
export const newMailboxId = (): MailboxId => v7() as MailboxId;

/** The only places where time, chance and new ids come from. */
import { v7 } from 'uuid';
import type { AccountId, MailboxId, MessageId, OutageId } from '../core/ids.ts';
import type { Timer } from '../pipeline/receive.ts';

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

// Time-ordered (RFC 9562 §5.7), so that rows written together lie together.
export const newMessageId = (): MessageId => v7() as MessageId;
export const newOutageId = (): OutageId => v7() as OutageId;
export const newAccountId = (): AccountId => v7() as AccountId;
export const newMailboxId = (): MailboxId => v7() as MailboxId;

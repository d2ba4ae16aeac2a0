/** What is said of messages in quarantine. Pure. */
import { sinceTime } from './format.ts';
import type { Quarantined } from './quarantine-shapes.ts';

type Cause = Quarantined['cause'];

export function causeName(cause: Cause): string {
  switch (cause) {
    case 'spam':
      return 'Spam';
    case 'threat':
      return 'Dangerous';
    case 'rule':
      return 'By a rule';
  }
}

/** `Spam, 97 of 100: Too much like spam` */
export function whyWords({ cause, spamScore, reason }: Pick<Quarantined, 'cause' | 'spamScore' | 'reason'>): string {
  const score = spamScore === null ? '' : `, ${Math.round(spamScore)} of 100`;
  return `${causeName(cause)}${cause === 'spam' ? score : ''}: ${reason}`;
}

export function senderWords({ from }: Pick<Quarantined, 'from'>): string {
  if (from.name === '' && from.address === '') return '(no sender)';
  return from.name === '' ? from.address : `${from.name} <${from.address}>`;
}

export function subjectWords(subject: string): string {
  return subject.trim() === '' ? '(no subject)' : subject;
}

/** Undefined from when on it may be deleted. */
export function notYetWords(
  { deletableFromMs }: Pick<Quarantined, 'deletableFromMs'>,
  nowMs: number,
): string | undefined {
  return nowMs >= deletableFromMs ? undefined : `Can be deleted from ${sinceTime(deletableFromMs, nowMs)}`;
}

/** Before a file leaves the quarantine. */
export function warningWords(cause: Cause): string {
  const suspect =
    cause === 'threat'
      ? 'This message was kept because it is dangerous.'
      : 'This message is in quarantine for a reason, and nobody has looked into this file.';
  return `${suspect} Opened, it may do harm to your computer and to your colleagues’. Save it only if you know what you are doing, and do not open it on a computer that matters.`;
}

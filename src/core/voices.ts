/** How often each sender and each recipient has met a failure, in one slice of the window. Pure. */
import { NOBODY, type Witness, type Witnesses, witnessed } from './witnesses.ts';

type Counts = Readonly<Record<string, number>>;
export type Voices = { readonly senders: Counts; readonly recipients: Counts };

export const NO_VOICES: Voices = { senders: {}, recipients: {} };

// Who makes most of the noise is among the first in most slices; a flood of others must not grow the row.
const MOST = 4;

export function voiced({ senders, recipients }: Voices, { sender, recipient }: Witness): Voices {
  return { senders: oneMore(senders, sender), recipients: oneMore(recipients, recipient) };
}

/** What the loudest sender, or the loudest recipient, contributes: the larger of the two. */
export function mostBySame(slices: readonly Voices[]): number {
  const senders = loudest(slices.map((voices) => voices.senders));
  const recipients = loudest(slices.map((voices) => voices.recipients));
  return Math.max(senders, recipients);
}

export function witnessesOf(slices: readonly Voices[]): Witnesses {
  const senders = slices.flatMap((voices) => Object.keys(voices.senders));
  const recipients = slices.flatMap((voices) => Object.keys(voices.recipients));
  const heard = senders.reduce((all, sender) => witnessed(all, { sender, recipient: '' }), NOBODY).senders;
  const hit = recipients.reduce((all, recipient) => witnessed(all, { sender: '', recipient }), NOBODY).recipients;
  return { senders: heard, recipients: hit };
}

function oneMore(counts: Counts, key: string): Counts {
  const known = counts[key];
  if (known === undefined && Object.keys(counts).length >= MOST) return counts;
  return { ...counts, [key]: (known ?? 0) + 1 };
}

function loudest(slices: readonly Counts[]): number {
  const totals = new Map<string, number>();
  for (const counts of slices)
    for (const [key, count] of Object.entries(counts)) totals.set(key, (totals.get(key) ?? 0) + count);
  return Math.max(0, ...totals.values());
}

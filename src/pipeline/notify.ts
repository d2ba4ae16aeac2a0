/**
 * Tells people by mail, at addresses that do not depend on what failed (P9). A notice is an outbound row like any other: kept,
 * attempted, retried; its retry key makes a notice that was half written before a restart the same notice.
 */
import { type Address, parseAddress } from '../core/address.ts';
import type { ClientSnapshot } from '../core/client.ts';
import type { HealthState } from '../core/health-state.ts';
import type { OutageId } from '../core/ids.ts';
import type { NewEntry } from '../core/ledger.ts';
import { type Link, type NoticeWords, noticeWords } from '../core/notice-words.ts';
import type { Occasion, TimelineKind, Urgency } from '../core/timeline.ts';
import { type OwnLetterNeeds, ownLetter } from './own-letter.ts';

/** One line of the timeline, as it is told. */
export type Occurrence = {
  readonly number: number;
  readonly at: number;
  readonly kind: TimelineKind;
  readonly urgency: Urgency;
  readonly occasion: Occasion;
  /** when the line was written */
  readonly state: HealthState;
  readonly outageId: OutageId | null;
  readonly words: string;
  readonly evidence: readonly string[];
};

export type NotifyNeeds = OwnLetterNeeds & {
  /** the operator hears of every client's alarms (R12) */
  readonly operatorAddresses: readonly string[];
};

export type Letter = {
  readonly occurrence: Occurrence;
  /** 0: the first; each later one is a reminder */
  readonly mail: number;
  readonly now: number;
  /** what has happened since the line was written */
  readonly since: readonly { readonly at: number; readonly words: string }[];
  /** of each one's own, made when the notice is written */
  readonly linksFor: (recipient: Address) => readonly Link[];
};

/**
 * Who hears of a line by mail. Nobody at the client's own domains, also when the domain came after the address: there a notice is mail
 * to what has failed, and its link is a key in the webmail (P9).
 */
export function recipientsOf(
  urgency: Urgency,
  snapshot: Pick<ClientSnapshot, 'noticeAddresses' | 'domains'>,
  { operatorAddresses }: Pick<NotifyNeeds, 'operatorAddresses'>,
): readonly Address[] {
  const texts = [...snapshot.noticeAddresses, ...(urgency === 'alarm' ? operatorAddresses : [])];
  const addresses = texts
    .map(parseAddress)
    .filter((address) => address !== undefined)
    .filter(({ domain }) => !snapshot.domains.includes(domain));
  return [...new Map(addresses.map((address) => [address.key, address])).values()];
}

/** Rows of the ledger that are notices have retry keys that begin so, and no others have. */
export const NOTICE_PREFIX = 'notice ';

/** All mails about one line begin their retry keys with this. */
export function noticeKeyOf(occurrence: Pick<Occurrence, 'number'>): string {
  return `${NOTICE_PREFIX}${occurrence.number} `;
}

/** The rows to spool, one for each recipient. Throws when the bytes cannot be kept. */
export async function notices(
  letter: Letter,
  recipients: readonly Address[],
  snapshot: ClientSnapshot,
  needs: NotifyNeeds,
): Promise<readonly NewEntry[]> {
  const entries: NewEntry[] = [];
  for (const recipient of recipients) {
    const { clientId } = snapshot;
    const words = wordsOf(letter, recipient, snapshot);
    const retryKey = `${noticeKeyOf(letter.occurrence)}${letter.mail} ${recipient.key}`;
    const entry = await ownLetter({ clientId, kind: 'outbound', retryKey, recipient, words, now: letter.now }, needs);
    // A preview could show a link, which is a key.
    entries.push({ ...entry, summary: { ...entry.summary, preview: '' } });
  }
  return entries;
}

function wordsOf(
  { occurrence, mail, since, linksFor }: Letter,
  recipient: Address,
  snapshot: ClientSnapshot,
): NoticeWords {
  const { kind, occasion, words, evidence, at } = occurrence;
  return noticeWords({
    kind,
    occasion,
    words,
    evidence,
    when: utc(at),
    clientName: snapshot.name,
    links: linksFor(recipient),
    repeatMinutes: snapshot.noticeRepeatMs / 60_000,
    ...(mail === 0
      ? {}
      : { reminder: { number: mail, since: since.map((line) => ({ when: utc(line.at), words: line.words })) } }),
  });
}

function utc(at: number): string {
  return `${new Date(at).toISOString().replace('T', ' ').slice(0, 19)} UTC`;
}

/** Digests of the quarantine go out: a few people in each run of the alarm, the administrators first. */
import { parseAddress } from '../core/address.ts';
import { adminDigest, type DigestLine, personalDigest } from '../core/digest-words.ts';
import type { NoticeWords } from '../core/notice-words.ts';
import { type Digest, digestEntry } from '../pipeline/digest.ts';
import { recipientsOf } from '../pipeline/notify.ts';
import { noticeWay } from '../pipeline/relay.ts';
import type { ClientState } from './client-state.ts';

import type { ErrandNeeds } from './errand-needs.ts';
import type { DigestRound } from './meta.ts';
import type { QuarantineRow } from './quarantine.ts';

// The alarm's other errands run beside it; a run of a second leaves them the object.
const BOXES = 20;
// Who has more looks at the list.
const MAX_LINES = 30;

/** Throws when bytes cannot be kept or D1 is away; the caller comes back, and nobody is told twice. */
export async function sendDigests(state: ClientState, needs: ErrandNeeds): Promise<void> {
  const { digests } = state;
  const round = digests.round ?? digests.begin(needs.now());
  if (round === undefined) return;
  // Again when that was broken off: what is spooled already is the same one.
  if (round.after === '') await tellAdmins(round, state, needs);
  const boxes = digests.boxes(round, BOXES);
  const known = await knownOf(
    boxes.map(({ box }) => box),
    state,
    needs,
  );
  for (const { box, count } of boxes) {
    if (known.has(box)) await tellPerson({ box, count }, { round, state, needs });
    digests.told(round, box);
  }
  if (boxes.length < BOXES) digests.end(round);
}

/** A digest for somebody who is nobody would come back, or lie held: strangers write to addresses that they guess. */
async function knownOf(
  boxes: readonly string[],
  { recipients, snapshot }: ClientState,
  { index }: ErrandNeeds,
): Promise<ReadonlySet<string>> {
  if (snapshot.filter.quarantine.users === 'nothing') return new Set();
  const unsure = boxes.filter((box) => !recipients.knows(box));
  const accounts = unsure.length === 0 ? [] : await index.accountsAmong(snapshot.clientId, unsure);
  return new Set([...boxes.filter((box) => recipients.knows(box)), ...accounts]);
}

type InRound = { readonly round: DigestRound; readonly state: ClientState; readonly needs: ErrandNeeds };

async function tellPerson(
  { box, count }: { readonly box: string; readonly count: number },
  { round, state, needs }: InRound,
): Promise<void> {
  const { users, digestHours: hours } = state.snapshot.filter.quarantine;
  const recipient = parseAddress(box);
  if (recipient === undefined || users === 'nothing') return;
  const lines = state.quarantine.between(box, { ...round, limit: MAX_LINES }).map(lineOf);
  const words = personalDigest({ lines, count, users, hours, url: `${needs.publicUrl}/mail/quarantine` });
  await keep({ whose: 'person', recipient, words }, { round, state, needs });
}

async function tellAdmins(round: DigestRound, state: ClientState, needs: ErrandNeeds): Promise<void> {
  const { snapshot, digests, notices } = state;
  if (noticeWay(snapshot, needs) === undefined || notices.mutedUntil(needs.now()) !== undefined) return;
  const words = adminDigest({
    clientName: snapshot.name,
    counts: digests.counts(round),
    hours: snapshot.filter.quarantine.digestHours,
    url: `${needs.publicUrl}/console/c/${snapshot.clientId}/quarantine`,
  });
  for (const recipient of recipientsOf('turn', snapshot, needs))
    await keep({ whose: 'admin', recipient, words }, { round, state, needs });
}

async function keep(
  digest: Pick<Digest, 'whose' | 'recipient'> & { readonly words: NoticeWords },
  { round: { upTo }, state, needs }: InRound,
): Promise<void> {
  const now = needs.now();
  const entry = await digestEntry({ ...digest, clientId: state.snapshot.clientId, upTo, now }, needs);
  const outageId = digest.whose === 'person' ? state.openOutage()?.id : undefined;
  const kind = state.ledger.add(entry, { kind: 'waiting' }, { now, dueAt: now, outageId });
  if (kind === 'already-held') await needs.contents.delete(entry.contentKey);
}

function lineOf({ receivedAt, summary, reason, cause }: QuarantineRow): DigestLine {
  return {
    when: `${new Date(receivedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    fromName: summary.fromName,
    fromAddress: summary.fromAddress,
    subject: summary.subject,
    reason,
    cause,
  };
}

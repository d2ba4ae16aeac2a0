/** The quarantine as people ask for it: who sees what, and what may follow. Loads, asks core, stores. */
import type { MessageId } from '../core/ids.ts';
import { deletableFrom, mayRelease } from '../core/quarantine.ts';
import type {
  Asker,
  Deletion,
  Quarantined,
  QuarantinedMessage,
  QuarantinePage,
  QuarantineQuery,
  Released,
} from '../pipeline/quarantine-port.ts';
import type { ClientState } from './client-state.ts';
import { boxOfAddress, type QuarantineRow } from './quarantine.ts';

// A page holds a subject and a sender a row, some 500 bytes.
const MAX_PAGE = 200;
// One call stays within what an object answers at once; who wants more asks again.
const MAX_RELEASED = 200;

export function quarantinePage(state: ClientState, asker: Asker, query: QuarantineQuery): QuarantinePage {
  const box = boxAsked(state, asker, query.recipient);
  if (box === 'nobody') return { messages: [] };
  const limit = Math.min(query.limit, MAX_PAGE);
  const rows = state.quarantine.page(box === 'everybody' ? undefined : box.key, { ...query, limit: limit + 1 });
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    messages: rows.slice(0, limit).map((row) => shown(row, state, asker)),
    ...(last === undefined ? {} : { next: last.seq }),
  };
}

export function ownQuarantine(state: ClientState, address: string) {
  const { users } = state.snapshot.filter.quarantine;
  const box = ownKey(address);
  return { users, count: users === 'nothing' || box === undefined ? 0 : state.quarantine.count(box) };
}

export function quarantinedMessage(state: ClientState, asker: Asker, id: MessageId): QuarantinedMessage | null {
  const row = visible(state, asker, id);
  if (row === undefined) return null;
  const { to, cc, dateMs, partCount } = row.summary;
  const { reversePath, recipient, helo, remoteIp } = row;
  return {
    ...shown(row, state, asker),
    contentKey: row.contentKey,
    envelope: { reversePath, recipient, helo, remoteIp },
    partCount,
    to,
    cc,
    ...(dateMs === undefined ? {} : { dateMs }),
  };
}

/** Each for itself: one that is gone meanwhile keeps no other. */
export function releaseAll(
  state: ClientState,
  asker: Asker,
  { ids, now }: { readonly ids: readonly MessageId[]; readonly now: number },
): readonly Released[] {
  const outageId = state.openOutage()?.id;
  const moment = { now, outageId, isShown: outageId !== undefined };
  return ids.slice(0, MAX_RELEASED).map((id): Released => {
    const row = visible(state, asker, id);
    if (row === undefined) return { id, result: 'not-there' };
    if (!isReleasable(row, state, asker)) return { id, result: 'not-allowed' };
    state.held.retry(id, moment);
    return { id, result: 'released', cause: row.cause };
  });
}

export function deleteOne(
  state: ClientState,
  id: MessageId,
  { by, now }: { readonly by: string; readonly now: number },
): Deletion {
  const row = state.quarantine.find(id);
  if (row === undefined) return { kind: 'not-there' };
  const possibleFrom = deletableFrom(row.receivedAt, state.snapshot.filter.quarantine);
  if (now < possibleFrom) return { kind: 'too-early', possibleFrom };
  state.quarantine.delete(row, by, now);
  return { kind: 'deleted', cause: row.cause };
}

type Box = 'nobody' | 'everybody' | { readonly key: string };

function boxAsked(state: ClientState, asker: Asker, recipient: string | undefined): Box {
  switch (asker.kind) {
    case 'admin': {
      if (recipient === undefined || recipient === '') return 'everybody';
      const key = boxOfAddress(recipient);
      return key === undefined ? 'nobody' : { key };
    }
    case 'user':
      return ownBox(state, asker.address);
  }
}

function ownBox(state: ClientState, address: string): 'nobody' | { readonly key: string } {
  const key = ownKey(address);
  return key === undefined || state.snapshot.filter.quarantine.users === 'nothing' ? 'nobody' : { key };
}

/** An account that is a sub-address of another's has no quarantine of its own, and never that one's. */
function ownKey(address: string): string | undefined {
  const key = boxOfAddress(address);
  return key === address.toLowerCase() ? key : undefined;
}

/** The one place where it is said whose a quarantined message is. */
function visible(state: ClientState, asker: Asker, id: MessageId): QuarantineRow | undefined {
  const row = state.quarantine.find(id);
  if (asker.kind === 'admin') return row;
  const box = ownBox(state, asker.address);
  return box !== 'nobody' && row?.box === box.key ? row : undefined;
}

function isReleasable({ cause }: QuarantineRow, state: ClientState, asker: Asker): boolean {
  return asker.kind === 'admin' || mayRelease(state.snapshot.filter.quarantine.users, cause);
}

function shown(row: QuarantineRow, state: ClientState, asker: Asker): Quarantined {
  const { id, summary, recipient, receivedAt, sizeBytes, reason, ruleId, cause, spamScore } = row;
  return {
    id,
    direction: row.isOwnWriting ? 'outbound' : 'inbound',
    from: { name: summary.fromName, address: summary.fromAddress },
    recipient,
    subject: summary.subject,
    receivedAt,
    sizeBytes,
    reason,
    ruleId,
    cause,
    spamScore,
    mayRelease: isReleasable(row, state, asker),
    deletableFrom: deletableFrom(receivedAt, state.snapshot.filter.quarantine),
  };
}

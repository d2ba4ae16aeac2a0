/** A message is kept: bytes first, then its row. What is not ours to keep leaves again. */
import type { NewEntry } from '../core/ledger.ts';
import { markedSubject } from '../core/marks.ts';
import { problemOf } from '../core/problem-of.ts';
import { type Arrival, type ReceiveNeeds, retryKey } from './arrival.ts';
import type { Placement, Spooled } from './client-port.ts';
import { summarise } from './summary.ts';

type Kept = 'spooled' | 'quarantined';

/** The row never speaks of bytes that are not there. */
export async function spool(
  arrival: Arrival,
  placement: Placement,
  needs: Pick<ReceiveNeeds, 'contents' | 'spool' | 'abandon'>,
): Promise<{ readonly kind: Kept; readonly id: Arrival['id'] }> {
  const { content, id } = arrival;
  if (content.buffer !== undefined) await needs.contents.put(content.key, content.buffer, content.buffer.byteLength);
  const spooled = await commit(arrival, placement, needs);
  if (spooled.kind === 'already-held') await needs.contents.delete(content.key);
  return { kind: placement.kind === 'quarantined' ? 'quarantined' : 'spooled', id };
}

/**
 * When the commit fails we throw, but it may have happened all the same. Only a definite "not held" lets the bytes go;
 * without one they stay, because a row may speak of them.
 */
async function commit(
  arrival: Arrival,
  placement: Placement,
  needs: Pick<ReceiveNeeds, 'contents' | 'spool' | 'abandon'>,
): Promise<Spooled> {
  try {
    return await needs.spool(entryOf(arrival), placement);
  } catch (cause) {
    const verdict = await needs.abandon(arrival.clientId, arrival.id).catch(() => 'held' as const);
    if (verdict === 'not-held') await needs.contents.delete(arrival.content.key).catch(() => undefined);
    throw new Error('the message could not be committed', { cause });
  }
}

/** What its ledger row is, or would be. */
export function entryOf(arrival: Arrival): NewEntry {
  const { incoming, content, clientId, id, passage } = arrival;
  const { recipient, marks } = passage;
  const summary = summarise(content.facts);
  return {
    id,
    clientId,
    kind: 'inbound',
    retryKey: retryKey(arrival),
    reversePath: incoming.reversePath,
    recipient,
    contentKey: content.key,
    sizeBytes: content.facts.sizeBytes,
    sha256: content.facts.sha256,
    receivedAt: arrival.receivedAt,
    origin: incoming.origin,
    summary: { ...summary, subject: markedSubject(summary.subject, marks) },
    ...(recipient.key === incoming.recipient.key ? {} : { originalRecipient: incoming.recipient.text }),
    ...(marks === undefined ? {} : { marks }),
  };
}

/** Before any row was asked for: when this fails, the message stays with its sender and its bytes with nobody. */
export async function orForget<Result>(
  work: Promise<Result>,
  arrival: Arrival,
  needs: Pick<ReceiveNeeds, 'contents' | 'log'>,
): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    await forgetContent(arrival, needs);
    throw cause;
  }
}

/** A large message is in R2 before its fate is known; where it is not ours to keep, it leaves again. A failure leaves bytes nobody refers to. */
export async function forgetContent(arrival: Arrival, needs: Pick<ReceiveNeeds, 'contents' | 'log'>): Promise<void> {
  if (arrival.content.buffer !== undefined) return;
  await needs.contents.delete(arrival.content.key).catch((problem: unknown) => {
    needs.log({ kind: 'trouble', clientId: arrival.clientId, where: 'forget-content', problem: problemOf(problem) });
  });
}

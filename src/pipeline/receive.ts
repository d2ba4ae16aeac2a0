/**
 * One message comes in: find its client, read it once, dispose of it.
 * The accept contract lives here: a receipt that takes the message is returned only when the gateway answered 2xx, or the
 * bytes are in R2 and the row is committed in the client object, or the client's own rule decided (P1). Anything else is
 * `not-taken` or a throw, and either way the sender keeps the message (P2). Nothing here may read D1.
 */
import { formatReply } from '../core/reply.ts';
import type { Arrival, Incoming, Receipt, ReceiveNeeds } from './arrival.ts';
import type { SystemMessage } from './client-port.ts';
import { contentKey } from './contents.ts';
import { dispose } from './dispose.ts';
import { forgetContent, orForget } from './keep.ts';
import { readOnce } from './read-once.ts';
import { retryOf, systemMeaning, whyNoDeclaration } from './system-message.ts';

// The platform ends a handler after some 30 s without a word (platform.md 5). Ours ends first, so that the sender is told to keep the
// message. What is still under way then may yet be committed; the sender's retry is recognised.
const RECEIVE_MS = 25_000;

export async function receive(incoming: Incoming, needs: ReceiveNeeds): Promise<Receipt> {
  const { expired, cancel } = needs.startTimer(RECEIVE_MS);
  try {
    return await Promise.race([
      take(incoming, needs),
      expired.then((): Receipt => ({ kind: 'not-taken', why: 'it took too long' })),
    ]);
  } finally {
    cancel();
  }
}

async function take(incoming: Incoming, needs: ReceiveNeeds): Promise<Receipt> {
  const clientId = await needs.findClient(incoming.recipient.domain);
  if (clientId === undefined) {
    needs.log({ kind: 'unknown-domain', domain: incoming.recipient.domain });
    return { kind: 'not-taken', why: 'this domain is not set up here yet' };
  }
  const view = await needs.view(clientId);
  if (!view.snapshot.domains.includes(incoming.recipient.domain)) {
    // What an isolate remembers of a domain may be half a minute old: it must not take mail to a client that gave the domain up (P8).
    needs.forgetDomain(incoming.recipient.domain);
    return { kind: 'not-taken', why: 'this domain is being moved; please try again' };
  }
  const id = needs.newMessageId();
  const content = await readOnce(incoming, contentKey(clientId, id), needs.contents);
  const passage = { recipient: incoming.recipient };
  const arrival: Arrival = { incoming, clientId, id, view, content, passage, receivedAt: needs.now() };
  const meaning = systemMeaning(incoming.recipient, view.snapshot);
  if (meaning !== undefined) return declare(meaning, arrival, needs);
  const receipt = await dispose(arrival, needs);
  needs.log(
    receipt.kind === 'refused'
      ? { kind: 'refused', clientId, id, why: formatReply(receipt.reply) }
      : { kind: 'received', clientId, id, sizeBytes: incoming.sizeBytes, disposition: receipt.kind },
  );
  return receipt;
}

/** The client's own word: obeyed in every state, and nothing of it is kept but what it says. */
async function declare(meaning: SystemMessage['meaning'], arrival: Arrival, needs: ReceiveNeeds): Promise<Receipt> {
  const { clientId, id, incoming, content } = arrival;
  const { reversePath, recipient, sizeBytes } = incoming;
  const why = whyNoDeclaration(content.facts.headers, { reversePath, clientId, serviceHost: needs.serviceHost });
  if (why === undefined) {
    const message = { meaning, from: reversePath, ...retryOf(content.facts, recipient) };
    await orForget(needs.declareByMessage(clientId, message), arrival, needs);
  }
  await forgetContent(arrival, needs);
  const disposition = why === undefined ? `declared ${meaning}` : `no declaration of ${meaning}: ${why}`;
  needs.log({ kind: 'received', clientId, id, sizeBytes, disposition });
  return { kind: 'discarded', id };
}

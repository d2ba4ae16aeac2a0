/** A person says of a message in the own mailbox that it is junk, or is not, or takes that back. The message itself stays where it is (P4). */
import type { Context } from 'hono';
import type { MessageId } from '../../core/ids.ts';
import type { Label } from '../../core/spam/model.ts';
import type { StoredMessage } from '../../pipeline/stores.ts';
import type { HttpNeeds } from '../needs.ts';
import { problem } from '../problem.ts';
import type { MailScope } from './session.ts';

export async function judge(
  context: Context<MailScope>,
  stored: StoredMessage,
  as: Label | 'nothing',
  needs: HttpNeeds,
): Promise<Response> {
  if (stored.folder !== 'inbox') return ownWriting(context);
  const { clientId, address } = context.get('account');
  const tokens = await needs.readTokens({
    contentKey: stored.contentKey,
    direction: stored.submissionId === null ? 'inbound' : 'outbound',
    receivedAt: stored.receivedAt,
    author: stored.fromAddress,
  });
  if (tokens === undefined) throw new Error('the bytes of an indexed message are not in R2');
  const lesson = { id: stored.id as MessageId, as, tokens };
  const [taught] = await needs.quarantines(clientId).learn({ kind: 'user', address }, [lesson]);
  return taught === 'enough' ? enough(context) : context.json({ judged: as === 'nothing' ? null : as });
}

/** Null as well while nobody can say: a message is not kept from being read by that. */
export async function judgedOf(context: Context<MailScope>, id: string, needs: HttpNeeds): Promise<Label | null> {
  return needs
    .quarantines(context.get('account').clientId)
    .taughtOf(id as MessageId)
    .catch(() => null);
}

function ownWriting(context: Context): Response {
  return problem(context, {
    status: 409,
    title: 'You have written this yourself',
    detail: 'The filter learns from what comes to you.',
    fix: 'Mark a message in the inbox.',
  });
}

function enough(context: Context): Response {
  return problem(context, {
    status: 429,
    title: 'That is enough for today',
    detail: 'One person can teach the filter of the company so much in a day, and no more.',
    fix: 'Mark it tomorrow, or ask your administrator to have a look.',
  });
}

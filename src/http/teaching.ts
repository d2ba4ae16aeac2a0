/** The filter learns from what people do: what they let out is honest, what an administrator deletes as spam is spam. */
import type { ClientId, MessageId } from '../core/ids.ts';
import { problemOf } from '../core/problem-of.ts';
import type { Label } from '../core/spam/model.ts';
import type { Asker, Lesson, QuarantinedMessage } from '../pipeline/quarantine-port.ts';
import type { Teachable } from '../pipeline/read-tokens.ts';
import type { HttpNeeds } from './needs.ts';

type TeachingNeeds = Pick<HttpNeeds, 'quarantines' | 'readTokens' | 'log'>;

export type Teacher = { readonly clientId: ClientId; readonly asker: Asker };

/** Before it is let out or deleted: afterwards it may be gone. What cannot be read is not learned of; nothing else waits for it. */
export async function lessonsOf(
  messages: readonly QuarantinedMessage[],
  as: Label,
  { clientId }: Teacher,
  needs: TeachingNeeds,
): Promise<readonly Lesson[]> {
  const lessons: Lesson[] = [];
  // One after another: each may have 25 MiB, and the isolate 128 MB.
  for (const message of messages) {
    const tokens = await tokensOf(teachableOf(message), clientId, needs);
    if (tokens !== undefined) lessons.push({ id: message.id, as, tokens });
  }
  return lessons;
}

/** Of those among them whom it concerns. A failure is told in the log: what was done is done. */
export async function teach(
  lessons: readonly Lesson[],
  ids: readonly MessageId[],
  { clientId, asker }: Teacher,
  needs: TeachingNeeds,
): Promise<void> {
  const concerned = lessons.filter(({ id }) => ids.includes(id));
  if (concerned.length === 0) return;
  await needs
    .quarantines(clientId)
    .learn(asker, concerned)
    .catch((problem: unknown) => trouble(problem, clientId, needs));
}

async function tokensOf(
  message: Teachable,
  clientId: ClientId,
  needs: TeachingNeeds,
): Promise<Uint32Array | undefined> {
  try {
    return await needs.readTokens(message);
  } catch (problem) {
    trouble(problem, clientId, needs);
    return undefined;
  }
}

function teachableOf({ contentKey, direction, receivedAt, from, envelope }: QuarantinedMessage): Teachable {
  return { contentKey, direction, receivedAt, author: from.address, envelope };
}

function trouble(problem: unknown, clientId: ClientId, { log }: TeachingNeeds): void {
  log({ kind: 'trouble', clientId, where: 'teach', problem: problemOf(problem) });
}

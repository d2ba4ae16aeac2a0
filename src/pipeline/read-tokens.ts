/** What the filter learns of a stored message: read again from its bytes, in one pass, the same that a score is made of. */
import { type EnvelopeFacts, type MessageFacts, NOT_AUTHENTICATED } from '../core/message-facts.ts';
import { tokensOf } from '../core/spam/tokens.ts';
import { createInspector } from '../filter/inspect.ts';
import type { AuthenticationSubject } from './authenticate.ts';
import type { ContentStore } from './contents.ts';

/** `envelope`: absent where only the mailbox index is asked, which does not know it: then the author stands for it */
export type Teachable = Pick<MessageFacts, 'direction' | 'receivedAt'> & {
  readonly contentKey: string;
  readonly author: string;
  readonly envelope?: EnvelopeFacts;
};

export type ReadTokensNeeds = {
  readonly contents: Pick<ContentStore, 'get'>;
  /** never throws, and is bounded in time */
  authenticate(subject: AuthenticationSubject): Promise<MessageFacts['authentication']>;
};

/** Undefined when the bytes are gone. Throws when the store cannot be asked. */
export async function readTokens(message: Teachable, needs: ReadTokensNeeds): Promise<Uint32Array | undefined> {
  const { contentKey, direction, receivedAt, author, envelope } = message;
  const content = await needs.contents.get(contentKey);
  if (content === undefined) return undefined;
  const inspector = createInspector();
  for await (const chunk of content) inspector.write(chunk);
  const { inspected } = inspector.end();
  const authentication =
    envelope === undefined
      ? NOT_AUTHENTICATED
      : await needs.authenticate({ direction, envelope, content: () => needs.contents.get(contentKey) });
  const facts: MessageFacts = {
    ...inspected,
    direction,
    receivedAt,
    envelope: envelope ?? { reversePath: author, recipient: '', helo: '', remoteIp: '' },
    authentication,
    scans: [],
  };
  return tokensOf(facts);
}

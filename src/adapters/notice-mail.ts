/**
 * Notices by the platform's own sending, for a deployment without a relay: a session like any other, so that a notice is kept,
 * attempted and retried as by the relay. It writes to verified addresses only (platform.md 17).
 */
import { EmailMessage } from 'cloudflare:email';
import { problemOf } from '../core/problem-of.ts';
import type { OpenedPeer } from '../pipeline/deliver.ts';
import type { Outgoing, Session } from '../smtp/session-types.ts';

export type SendBinding = Pick<SendEmail, 'send'>;

/** `from`: an address of a domain with Email Routing; the platform wants it in the envelope, where a relay takes the null path. */
export function platformOpener(binding: SendBinding, from: string): () => Promise<OpenedPeer> {
  return async () => ({ kind: 'open', session: sessionOver(binding, from), peer: "the platform's sending" });
}

function sessionOver(binding: SendBinding, from: string): Session {
  return {
    async send({ recipient }, outgoing) {
      try {
        await binding.send(new EmailMessage(from, recipient.text, await textOf(outgoing)));
        return { kind: 'delivered', reply: { code: 250, text: 'taken by the platform' } };
      } catch (problem) {
        // An address nobody has verified yet, or a limit: both pass. It concerns this recipient, and no other has to wait for it.
        const text = `the platform did not take it: ${problemOf(problem)}`;
        return { kind: 'deferred', cause: { kind: 'reply', stage: 'rcpt', reply: { code: 450, text } } };
      }
    },
    probe: async () => ({ kind: 'asked', replies: [] }),
    usable: true,
    roundTripMs: undefined,
    facts: { tls: 'implicit', isLoggedIn: true, extensions: [], replies: [] },
    close: async () => undefined,
  };
}

/** A notice is ASCII of a few kilobytes (mime/notice.ts). */
async function textOf({ head, body }: Outgoing): Promise<string> {
  return `${new TextDecoder().decode(head)}${await new Response(body).text()}`;
}

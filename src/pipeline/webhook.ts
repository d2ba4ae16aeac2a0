/** What a webhook is told, and by whom it is called. The body holds what the timeline holds: no content, no secret, no link. */
import type { ClientSnapshot, Webhook } from '../core/client.ts';
import type { Occurrence } from './notify.ts';

export type WebhookAnswer =
  /** 2xx */
  { readonly kind: 'taken'; readonly answer: string } | { readonly kind: 'failed'; readonly answer: string };

/** `at`: epoch ms, signed with the body. Never throws. */
export type CallWebhook = (
  webhook: Webhook,
  call: { readonly body: string; readonly at: number },
) => Promise<WebhookAnswer>;

type Named = Pick<ClientSnapshot, 'clientId' | 'name'>;

/** JSON; `id` is the same in every try, so that a receiver knows a call it has had. docs/operations.md describes it. */
export function webhookBody(occurrence: Occurrence, { clientId, name }: Named): string {
  const { number, kind, at, urgency, occasion, words, evidence, state, outageId } = occurrence;
  return JSON.stringify({
    type: `breakwater.${kind}`,
    id: `${clientId}-${number}`,
    client: { id: clientId, name },
    at: new Date(at).toISOString(),
    urgency,
    occasion,
    words,
    evidence,
    state,
    outageId,
  });
}

/** A call that says nothing but that calls arrive. */
export function testBody(id: string, at: number, { clientId, name }: Named): string {
  const words = 'a test: nothing has happened';
  const client = { id: clientId, name };
  return JSON.stringify({ type: 'breakwater.test', id, client, at: new Date(at).toISOString(), words });
}

/** A line of the audit log as D1 keeps it: written in the batch of the change that it tells of, so that neither is without the other. */
import type { ClientId } from '../core/ids.ts';
import type { audit } from '../db/schema.ts';
import type { Change } from '../pipeline/stores.ts';
import { newMessageId } from './clock.ts';

export function auditRow(clientId: ClientId, { at, actor, action, detail }: Change): typeof audit.$inferInsert {
  return { id: newMessageId(), clientId, at, actor, action, detail: JSON.stringify(detail) };
}

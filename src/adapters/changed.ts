/** The statements that go with every change of a client's configuration, in its own batch: the version, and the line of the audit log. */
import { eq, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { ClientId } from '../core/ids.ts';
import { audit, clients } from '../db/schema.ts';
import type { Change } from '../pipeline/stores.ts';
import { auditRow } from './audit-row.ts';

export function changed(db: DrizzleD1Database, clientId: ClientId, change: Change) {
  return [
    db
      .update(clients)
      .set({ version: sql`${clients.version} + 1` })
      .where(eq(clients.id, clientId)),
    db.insert(audit).values(auditRow(clientId, change)),
  ] as const;
}

/** A row of D1 as the account that the rest of the house knows: its password hash stays behind. */
import type { AccountId, ClientId } from '../core/ids.ts';
import type { accounts } from '../db/schema.ts';
import type { Account } from '../pipeline/stores.ts';

export function accountOf(row: typeof accounts.$inferSelect): Account {
  const { id, clientId, address, name, source, role, groupName } = row;
  return {
    id: id as AccountId,
    clientId: clientId as ClientId,
    address,
    name,
    source,
    role,
    group: groupName,
    canLogIn: row.passwordHash !== null,
  };
}

/** Who may log in, the tries that were made, and sessions, in D1. What a password is compared with leaves only to be verified. */
import { and, eq, gt, inArray, lt, lte, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { accounts, loginTries, sessions } from '../db/schema.ts';
import type { AccountStore } from '../pipeline/stores.ts';
import { accountOf } from './account-row.ts';

type LoginStore = Pick<
  AccountStore,
  'credentials' | 'countTry' | 'forgetTries' | 'openSession' | 'closeSession' | 'accountOfSession'
>;

export function createLoginStore(db: DrizzleD1Database): LoginStore {
  return {
    async credentials(clientId, address) {
      const [row] = await db
        .select()
        .from(accounts)
        .where(and(eq(accounts.clientId, clientId), eq(accounts.address, address)));
      return row === undefined ? undefined : { account: accountOf(row), passwordHash: row.passwordHash };
    },

    async countTry(door, key, { now, until, atMost }) {
      const [, rows] = await db.batch([
        // In passing: whoever makes up addresses fills the table for minutes only.
        db.delete(loginTries).where(lte(loginTries.until, now)),
        db
          .insert(loginTries)
          .values({ clientId: door, address: key, tries: 1, until })
          .onConflictDoUpdate({
            target: [loginTries.clientId, loginTries.address],
            set: {
              tries: sql`${loginTries.tries} + 1`,
              until: sql`CASE WHEN ${loginTries.tries} < ${atMost} THEN excluded.until ELSE ${loginTries.until} END`,
            },
          })
          .returning({ tries: loginTries.tries, until: loginTries.until }),
      ]);
      const [row] = rows;
      if (row === undefined) throw new Error('D1 counted a try and did not say how many there are');
      return row;
    },

    async forgetTries(door, keys) {
      await db.delete(loginTries).where(and(eq(loginTries.clientId, door), inArray(loginTries.address, [...keys])));
    },

    async openSession(account, tokenHash, times) {
      await db.batch([
        db.delete(sessions).where(lt(sessions.expiresAt, times.now)),
        db
          .insert(sessions)
          .values({ tokenHash, clientId: account.clientId, accountId: account.id, expiresAt: times.expiresAt }),
      ]);
    },

    async closeSession(tokenHash) {
      await db.delete(sessions).where(eq(sessions.tokenHash, tokenHash));
    },

    async accountOfSession(tokenHash, now) {
      const [row] = await db
        .select({ account: accounts })
        .from(sessions)
        .innerJoin(accounts, and(eq(accounts.id, sessions.accountId), eq(accounts.clientId, sessions.clientId)))
        .where(and(eq(sessions.tokenHash, tokenHash), gt(sessions.expiresAt, now)));
      return row === undefined ? undefined : accountOf(row.account);
    },
  };
}

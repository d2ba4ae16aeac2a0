/** Accounts, sessions and what a person sees of the mailbox, in D1. Every query is scoped to its client here (P8). */
import { and, asc, desc, eq, gt, lt, or, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { AccountId, ClientId, MailboxId } from '../core/ids.ts';
import { accounts, mailboxes, messages, sessions } from '../db/schema.ts';
import type { Account, AccountStore, Box } from '../pipeline/stores.ts';
import { newAccountId } from './clock.ts';

export function createAccountStore(d1: D1Database): AccountStore {
  const db = drizzle(d1);
  return {
    async list(clientId) {
      return (
        await db.select().from(accounts).where(eq(accounts.clientId, clientId)).orderBy(asc(accounts.address))
      ).map(accountOf);
    },

    async put(clientId, added, context) {
      const rows = added.map((account) => ({ ...account, id: newAccountId() }));
      const batches = Array.from({ length: Math.ceil(rows.length / PUT_ROWS) }, (_, n) =>
        JSON.stringify(rows.slice(n * PUT_ROWS, (n + 1) * PUT_ROWS)),
      );
      await d1.batch([
        ...batches.flatMap((json) => [
          d1.prepare(PUT_ACCOUNTS).bind(clientId, context.source, context.now, json),
          d1.prepare(OPEN_THEIR_MAILBOXES).bind(clientId, json, context.now),
        ]),
        d1.prepare(HAND_OVER_UNCLAIMED).bind(clientId),
      ]);
    },

    async setPassword(clientId, accountId, passwordHash) {
      const [row] = await db
        .update(accounts)
        .set({ passwordHash, failedLogins: 0, lockedUntil: 0 })
        .where(and(eq(accounts.clientId, clientId), eq(accounts.id, accountId)))
        .returning({ id: accounts.id });
      if (row === undefined) return 'unknown';
      // Whoever had the old password is out.
      await db.delete(sessions).where(and(eq(sessions.clientId, clientId), eq(sessions.accountId, accountId)));
      return 'set';
    },

    async credentials(clientId, address) {
      const [row] = await db
        .select()
        .from(accounts)
        .where(and(eq(accounts.clientId, clientId), eq(accounts.address, address)));
      if (row === undefined) return undefined;
      return {
        account: accountOf(row),
        passwordHash: row.passwordHash,
        failedLogins: row.failedLogins,
        lockedUntil: row.lockedUntil,
      };
    },

    async noteLogin(clientId, accountId, standing) {
      await db
        .update(accounts)
        .set(standing)
        .where(and(eq(accounts.clientId, clientId), eq(accounts.id, accountId)));
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

    async colleagues(clientId, part) {
      // instr, not LIKE: what a person types is no pattern.
      const hit = sql`(instr(${accounts.address}, ${part.toLowerCase()}) > 0 OR instr(lower(${accounts.name}), ${part.toLowerCase()}) > 0)`;
      return db
        .select({ name: accounts.name, address: accounts.address })
        .from(accounts)
        .where(and(eq(accounts.clientId, clientId), hit))
        .orderBy(asc(accounts.address))
        .limit(10);
    },

    async mailboxOf(account) {
      const [row] = await db
        .select()
        .from(mailboxes)
        .where(
          and(
            eq(mailboxes.clientId, account.clientId),
            eq(mailboxes.address, account.address),
            eq(mailboxes.kind, 'account'),
          ),
        );
      return row === undefined ? undefined : { id: row.id as MailboxId, openedAt: row.openedAt };
    },

    async unread(box) {
      const [row] = await db
        .select({ count: sql<number>`count(*)` })
        .from(messages)
        .where(and(inMailbox(box), eq(messages.folder, 'inbox'), sql`${messages.seenAt} IS NULL`));
      return row?.count ?? 0;
    },

    /** By keyset: a page costs its own rows, not the ones before it. */
    async page(box, query) {
      const { before } = query;
      const earlier =
        before === undefined
          ? undefined
          : or(
              lt(messages.receivedAt, before.receivedAt),
              and(eq(messages.receivedAt, before.receivedAt), lt(messages.id, before.id)),
            );
      return db
        .select()
        .from(messages)
        .where(and(inMailbox(box), eq(messages.folder, query.folder), earlier))
        .orderBy(desc(messages.receivedAt), desc(messages.id))
        .limit(query.limit);
    },

    async message(box, id) {
      const [row] = await db
        .select()
        .from(messages)
        .where(and(inMailbox(box), eq(messages.id, id)));
      return row;
    },

    async setSeen(box, id, seenAt) {
      await db
        .update(messages)
        .set({ seenAt })
        .where(and(inMailbox(box), eq(messages.id, id)));
    },

    async unclaimed(clientId) {
      return db
        .select({ recipient: messages.recipient, count: sql<number>`count(*)` })
        .from(messages)
        .innerJoin(mailboxes, eq(mailboxes.id, messages.mailboxId))
        .where(and(eq(messages.clientId, clientId), eq(mailboxes.clientId, clientId), eq(mailboxes.kind, 'unclaimed')))
        .groupBy(messages.recipient)
        .orderBy(asc(messages.recipient));
    },
  };
}

// A parameter may hold 2 MB; a row with its password hash is some 300 bytes.
const PUT_ROWS = 1_000;

const PUT_ACCOUNTS = `
  INSERT INTO accounts (id, client_id, address, name, source, password_hash, created_at)
  SELECT value ->> 'id', ?1, value ->> 'address', value ->> 'name', ?2, value ->> 'passwordHash', ?3 FROM json_each(?4) WHERE true
  ON CONFLICT (client_id, address) DO UPDATE SET name = coalesce(nullif(excluded.name, ''), name), source = excluded.source,
    password_hash = coalesce(excluded.password_hash, password_hash), failed_logins = 0, locked_until = 0`;

const OPEN_THEIR_MAILBOXES = `
  INSERT INTO mailboxes (id, client_id, kind, address, opened_at, opened_outage_id)
  SELECT a.id, ?1, 'account', a.address, ?3, u.opened_outage_id FROM accounts a
    JOIN mailboxes u ON u.client_id = ?1 AND u.kind = 'unclaimed'
  WHERE a.client_id = ?1 AND a.address IN (SELECT value ->> 'address' FROM json_each(?2))
  ON CONFLICT (client_id, address) DO NOTHING`;

const HAND_OVER_UNCLAIMED = `
  UPDATE messages SET mailbox_id = (SELECT b.id FROM mailboxes b WHERE b.client_id = ?1 AND b.address = messages.recipient)
  WHERE client_id = ?1 AND mailbox_id = (SELECT u.id FROM mailboxes u WHERE u.client_id = ?1 AND u.kind = 'unclaimed')
    AND recipient IN (SELECT b.address FROM mailboxes b WHERE b.client_id = ?1 AND b.kind = 'account')`;

function inMailbox({ clientId, mailboxId }: Box) {
  return and(eq(messages.clientId, clientId), eq(messages.mailboxId, mailboxId));
}

function accountOf(row: typeof accounts.$inferSelect): Account {
  const { id, clientId, address, name, source } = row;
  return {
    id: id as AccountId,
    clientId: clientId as ClientId,
    address,
    name,
    source,
    canLogIn: row.passwordHash !== null,
  };
}

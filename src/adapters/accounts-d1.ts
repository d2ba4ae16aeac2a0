/** Accounts, and what a person sees of the mailbox, in D1. Every query is scoped to its client here (P8). */
import { and, asc, desc, eq, inArray, lt, or, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { AccountId, ClientId, MailboxId } from '../core/ids.ts';
import { accounts, audit, loginTries, mailboxes, messages, sessions } from '../db/schema.ts';
import type { AccountStore, Box, Change } from '../pipeline/stores.ts';
import { accountOf } from './account-row.ts';
import { auditRow } from './audit-row.ts';
import { newAccountId } from './clock.ts';
import { createLoginStore } from './logins-d1.ts';
import { HAND_OVER_UNCLAIMED, OPEN_THEIR_MAILBOXES } from './mailbox-statements.ts';

// Behind the network (`triesKeys`), which holds no space.
const ADDRESS_OF_TRIES = sql`substr(${loginTries.address}, instr(${loginTries.address}, ' ') + 1)`;

export function createAccountStore(d1: D1Database): AccountStore {
  const db = drizzle(d1);

  /** Of an account that is not there nothing was changed, so nothing is told. */
  const recordIfThere = (clientId: ClientId, accountId: AccountId, change: Change) => {
    const { id, at, actor, action, detail } = auditRow(clientId, change);
    return db.insert(audit).select(sql`
      SELECT ${id}, ${clientId}, ${at}, ${actor}, ${action}, ${detail}
      WHERE EXISTS (SELECT 1 FROM accounts WHERE client_id = ${clientId} AND id = ${accountId})`);
  };
  return {
    ...createLoginStore(db),

    async list(clientId) {
      return (
        await db.select().from(accounts).where(eq(accounts.clientId, clientId)).orderBy(asc(accounts.address))
      ).map(accountOf);
    },

    async put(clientId, added, source, change) {
      const rows = added.map((account) => ({ ...account, id: newAccountId() }));
      const batches = Array.from({ length: Math.ceil(rows.length / PUT_ROWS) }, (_, n) =>
        JSON.stringify(rows.slice(n * PUT_ROWS, (n + 1) * PUT_ROWS)),
      );
      const recorded = db.insert(audit).values(auditRow(clientId, change)).toSQL();
      await d1.batch([
        ...batches.flatMap((json) => [
          d1.prepare(PUT_ACCOUNTS).bind(clientId, source, change.at, json),
          d1.prepare(SET_GIVEN_ROLES).bind(clientId, json),
          d1.prepare(SET_GIVEN_GROUPS).bind(clientId, json),
          d1.prepare(END_SESSIONS_OF_NEW_PASSWORDS).bind(clientId, json),
          d1.prepare(FORGET_TRIES_AT_NEW_PASSWORDS).bind(clientId, json),
          d1.prepare(OPEN_THEIR_MAILBOXES).bind(clientId, json, change.at),
        ]),
        d1.prepare(HAND_OVER_UNCLAIMED).bind(clientId),
        // The filter knows its people by their names: they are a part of what the client object is told.
        ...(added.some(({ name }) => name !== '') ? [d1.prepare(RAISE_VERSION).bind(clientId)] : []),
        d1.prepare(recorded.sql).bind(...recorded.params),
      ]);
    },

    async setPassword(clientId, accountId, passwordHash, change) {
      const mine = and(eq(accounts.clientId, clientId), eq(accounts.id, accountId));
      const address = db.select({ address: accounts.address }).from(accounts).where(mine);
      const [rows] = await db.batch([
        db.update(accounts).set({ passwordHash }).where(mine).returning({ id: accounts.id }),
        // Whoever had the old password is out.
        db.delete(sessions).where(and(eq(sessions.clientId, clientId), eq(sessions.accountId, accountId))),
        db.delete(loginTries).where(and(eq(loginTries.clientId, clientId), inArray(ADDRESS_OF_TRIES, address))),
        recordIfThere(clientId, accountId, change),
      ]);
      return rows.length === 0 ? 'unknown' : 'set';
    },

    async addressesIn(clientId, groups) {
      const rows = await db
        .select({ address: accounts.address })
        .from(accounts)
        .where(and(eq(accounts.clientId, clientId), inArray(accounts.groupName, [...groups])));
      return rows.map(({ address }) => address);
    },

    async setRole(clientId, accountId, role, change) {
      const mine = and(eq(accounts.clientId, clientId), eq(accounts.id, accountId));
      const [rows] = await db.batch([
        db.update(accounts).set({ role }).where(mine).returning({ id: accounts.id }),
        recordIfThere(clientId, accountId, change),
      ]);
      return rows.length === 0 ? 'unknown' : 'set';
    },

    async setGroup(clientId, accountId, group, change) {
      const mine = and(eq(accounts.clientId, clientId), eq(accounts.id, accountId));
      const [rows] = await db.batch([
        db.update(accounts).set({ groupName: group }).where(mine).returning({ id: accounts.id }),
        recordIfThere(clientId, accountId, change),
      ]);
      return rows.length === 0 ? 'unknown' : 'set';
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
    password_hash = coalesce(excluded.password_hash, password_hash)`;

const SET_GIVEN_ROLES = `
  UPDATE accounts SET role = given.value ->> 'role' FROM json_each(?2) given
  WHERE client_id = ?1 AND address = given.value ->> 'address' AND given.value ->> 'role' IS NOT NULL`;

const SET_GIVEN_GROUPS = `
  UPDATE accounts SET group_name = given.value ->> 'group' FROM json_each(?2) given
  WHERE client_id = ?1 AND address = given.value ->> 'address' AND given.value ->> 'group' IS NOT NULL`;

const END_SESSIONS_OF_NEW_PASSWORDS = `
  DELETE FROM sessions WHERE client_id = ?1 AND account_id IN (
    SELECT a.id FROM accounts a JOIN json_each(?2) given ON a.address = given.value ->> 'address'
    WHERE a.client_id = ?1 AND given.value ->> 'passwordHash' IS NOT NULL)`;

const RAISE_VERSION = 'UPDATE clients SET version = version + 1 WHERE id = ?1';

const FORGET_TRIES_AT_NEW_PASSWORDS = `
  DELETE FROM login_tries WHERE client_id = ?1
    AND substr(address, instr(address, ' ') + 1) IN (SELECT value ->> 'address' FROM json_each(?2) WHERE value ->> 'passwordHash' IS NOT NULL)`;

function inMailbox({ clientId, mailboxId }: Box) {
  return and(eq(messages.clientId, clientId), eq(messages.mailboxId, mailboxId));
}

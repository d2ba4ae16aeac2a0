/** A client's own rules, version by version, and its lists, in D1. Every query is scoped to its client here (P8). */
import { and, asc, desc, eq, lt, lte, ne, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { ClientId } from '../core/ids.ts';
import { nameKeysOf } from '../core/rules/impersonation.ts';
import { asksForOwnNames } from '../core/rules/references.ts';
import { accounts, filterLists, ruleSets } from '../db/schema.ts';
import type { FilterStore, RuleSet, RuleVersion } from '../pipeline/filter-store.ts';
import { changed } from './changed.ts';

// A script that saves every minute must not fill the database; the audit log tells of those that went.
const KEPT_VERSIONS = 500;

// 200 KB of keys in the client's snapshot, which is one row of 2 MB. The largest client we think of has 10,000 people.
const MAX_NAMES = 50_000;

const NO_RULES: RuleSet = { number: 0, at: 0, actor: '', note: '', count: 0, rules: [] };

const HEAD = {
  number: ruleSets.number,
  at: ruleSets.at,
  actor: ruleSets.actor,
  note: ruleSets.note,
  count: sql<number>`json_array_length(${ruleSets.rules})`,
};

export function createFilterStore(d1: D1Database): FilterStore {
  const db = drizzle(d1);

  const newest = async (clientId: ClientId): Promise<RuleVersion> => {
    const [row] = await db
      .select(HEAD)
      .from(ruleSets)
      .where(eq(ruleSets.clientId, clientId))
      .orderBy(desc(ruleSets.number))
      .limit(1);
    return row ?? headOf(NO_RULES);
  };

  return {
    async rules(clientId) {
      const [row] = await db
        .select()
        .from(ruleSets)
        .where(eq(ruleSets.clientId, clientId))
        .orderBy(desc(ruleSets.number))
        .limit(1);
      return row === undefined ? NO_RULES : ruleSetOf(row);
    },

    async ruleVersion(clientId, number) {
      const [row] = await db
        .select()
        .from(ruleSets)
        .where(and(eq(ruleSets.clientId, clientId), eq(ruleSets.number, number)));
      return row === undefined ? undefined : ruleSetOf(row);
    },

    async ruleVersions(clientId, { before, limit }) {
      return db
        .select(HEAD)
        .from(ruleSets)
        .where(and(eq(ruleSets.clientId, clientId), lt(ruleSets.number, before)))
        .orderBy(desc(ruleSets.number))
        .limit(limit);
    },

    /** The key of the table lets one of two through that save at the same moment; the other is told by whom it was overtaken. */
    async saveRules(clientId, { rules, basedOn, note }, change) {
      const before = await newest(clientId);
      if (before.number !== basedOn) return { kind: 'overtaken', newest: before };
      const number = basedOn + 1;
      const row = { clientId, number, rules: JSON.stringify(rules), at: change.at, actor: change.actor, note };
      try {
        await db.batch([
          db.insert(ruleSets).values(row),
          db.delete(ruleSets).where(and(eq(ruleSets.clientId, clientId), lte(ruleSets.number, number - KEPT_VERSIONS))),
          ...changed(db, clientId, change),
        ]);
      } catch (cause) {
        const now = await newest(clientId);
        if (now.number === basedOn) throw cause;
        return { kind: 'overtaken', newest: now };
      }
      return { kind: 'saved', number };
    },

    async lists(clientId) {
      const { name, entries, at, actor } = filterLists;
      const count = sql<number>`json_array_length(${entries})`;
      const sizeBytes = sql<number>`octet_length(${entries})`;
      return db
        .select({ name, count, sizeBytes, at, actor })
        .from(filterLists)
        .where(eq(filterLists.clientId, clientId))
        .orderBy(asc(filterLists.name));
    },

    async list(clientId, name) {
      const [row] = await db.select().from(filterLists).where(isList(clientId, name));
      return row === undefined ? undefined : JSON.parse(row.entries);
    },

    async putList(clientId, name, entries, change) {
      const values = { entries: JSON.stringify(entries), at: change.at, actor: change.actor };
      await db.batch([
        db
          .insert(filterLists)
          .values({ clientId, name, ...values })
          .onConflictDoUpdate({ target: [filterLists.clientId, filterLists.name], set: values }),
        ...changed(db, clientId, change),
      ]);
    },

    async removeList(clientId, name, change) {
      if ((await this.list(clientId, name)) === undefined) return 'unknown';
      await db.batch([db.delete(filterLists).where(isList(clientId, name)), ...changed(db, clientId, change)]);
      return 'removed';
    },

    async entries(clientId) {
      const rows = await db.select().from(filterLists).where(eq(filterLists.clientId, clientId));
      return Object.fromEntries(rows.map(({ name, entries }) => [name, JSON.parse(entries)]));
    },

    async nameKeys(clientId) {
      const rows = await db
        .select({ name: accounts.name })
        .from(accounts)
        .where(and(eq(accounts.clientId, clientId), ne(accounts.name, '')))
        .orderBy(asc(accounts.createdAt), asc(accounts.address))
        .limit(MAX_NAMES);
      return nameKeysOf(rows.map(({ name }) => name));
    },

    async planParts(clientId, sets) {
      const [{ rules }, lists] = await Promise.all([this.rules(clientId), this.entries(clientId)]);
      const asksForNames = sets.includes('own-name-impersonation') || rules.some(asksForOwnNames);
      return { rules, lists, nameKeys: asksForNames ? await this.nameKeys(clientId) : '' };
    },
  };
}

function isList(clientId: ClientId, name: string) {
  return and(eq(filterLists.clientId, clientId), eq(filterLists.name, name));
}

function ruleSetOf({ number, at, actor, note, rules }: typeof ruleSets.$inferSelect): RuleSet {
  const parsed: RuleSet['rules'] = JSON.parse(rules);
  return { number, at, actor, note, count: parsed.length, rules: parsed };
}

function headOf({ number, at, actor, note, count }: RuleSet): RuleVersion {
  return { number, at, actor, note, count };
}

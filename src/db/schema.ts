/**
 * D1: the control plane and what people list. Never in the accept path (platform.md 24).
 * migrations/ is generated from this file by `npm run generate`.
 */
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const clients = sqliteTable('clients', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** rises with every change of the client's configuration */
  version: integer('version').notNull(),
  /** the version the client object has confirmed; behind `version` only while a push has failed */
  pushedVersion: integer('pushed_version').notNull(),
  /** JSON of ClientSettings (adapters/settings.ts) */
  settings: text('settings').notNull(),
  /** where the client object was asked to live; counts only at its first start (docs/platform.md 22), so it never changes */
  locationHint: text('location_hint'),
  createdAt: integer('created_at').notNull(),
});

export const domains = sqliteTable(
  'domains',
  {
    domain: text('domain').primaryKey(),
    clientId: text('client_id').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('domains_client').on(table.clientId)],
);

export const gateways = sqliteTable(
  'gateways',
  {
    clientId: text('client_id').notNull(),
    /** tried in this order */
    position: integer('position').notNull(),
    host: text('host').notNull(),
    port: integer('port').notNull(),
    tls: text('tls', { enum: ['none', 'starttls', 'implicit'] }).notNull(),
    username: text('username'),
    sealedPassword: text('sealed_password'),
    /** JSON of OAuth (core/client.ts), instead of a password */
    oauth: text('oauth'),
    /** messages per minute it can take; absent: unknown */
    capacityPerMinute: integer('capacity_per_minute'),
    /** degrees; absent: unknown */
    latitude: real('latitude'),
    longitude: real('longitude'),
  },
  (table) => [primaryKey({ columns: [table.clientId, table.position] })],
);

/** A client's own rules, a row for each time they were saved: the highest number counts, the others say what held before, and who changed it. */
export const ruleSets = sqliteTable(
  'rule_sets',
  {
    clientId: text('client_id').notNull(),
    number: integer('number').notNull(),
    /** JSON of Rule[] (core/rules/rule.ts), in the order in which they are tried */
    rules: text('rules').notNull(),
    at: integer('at').notNull(),
    actor: text('actor').notNull(),
    /** why, in the words of whoever saved them; `''`: nothing was said */
    note: text('note').notNull(),
  },
  (table) => [primaryKey({ columns: [table.clientId, table.number] })],
);

/** What rules look things up in. */
export const filterLists = sqliteTable(
  'filter_lists',
  {
    clientId: text('client_id').notNull(),
    name: text('name').notNull(),
    /** JSON of strings in lower case */
    entries: text('entries').notNull(),
    at: integer('at').notNull(),
    actor: text('actor').notNull(),
  },
  (table) => [primaryKey({ columns: [table.clientId, table.name] })],
);

export const accounts = sqliteTable(
  'accounts',
  {
    id: text('id').primaryKey(),
    clientId: text('client_id').notNull(),
    /** lower case: the key of core/address.ts */
    address: text('address').notNull(),
    name: text('name').notNull(),
    source: text('source', { enum: ['imported', 'manual', 'learned'] }).notNull(),
    /** an admin sees and steers the one client the account belongs to */
    role: text('role', { enum: ['user', 'admin'] })
      .notNull()
      .default('user'),
    /** a department, a site: a replay can be steered by it */
    groupName: text('group_name'),
    /** absent: this person cannot log in yet */
    passwordHash: text('password_hash'),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [uniqueIndex('accounts_address').on(table.clientId, table.address)],
);

export const mailboxes = sqliteTable(
  'mailboxes',
  {
    id: text('id').primaryKey(),
    clientId: text('client_id').notNull(),
    /** `unclaimed` is the one box per client for recipients nobody knows yet; its address is '' */
    kind: text('kind', { enum: ['account', 'unclaimed'] }).notNull(),
    address: text('address').notNull(),
    openedAt: integer('opened_at').notNull(),
    openedOutageId: text('opened_outage_id').notNull(),
  },
  (table) => [uniqueIndex('mailboxes_address').on(table.clientId, table.address)],
);

export const messages = sqliteTable(
  'messages',
  {
    /** the ledger's id: the index is a projection of the ledger and can be made again from it */
    id: text('id').primaryKey(),
    clientId: text('client_id').notNull(),
    mailboxId: text('mailbox_id').notNull(),
    folder: text('folder', { enum: ['inbox', 'sent'] }).notNull(),
    outageId: text('outage_id').notNull(),
    recipient: text('recipient').notNull(),
    fromName: text('from_name').notNull(),
    fromAddress: text('from_address').notNull(),
    /** JSON arrays of {name, address} */
    toJson: text('to_json').notNull(),
    ccJson: text('cc_json').notNull(),
    subject: text('subject').notNull(),
    preview: text('preview').notNull(),
    dateMs: integer('date_ms'),
    headerMessageId: text('header_message_id'),
    receivedAt: integer('received_at').notNull(),
    sizeBytes: integer('size_bytes').notNull(),
    attachmentCount: integer('attachment_count').notNull(),
    partCount: integer('part_count').notNull(),
    contentKey: text('content_key').notNull(),
    submissionId: text('submission_id'),
    seenAt: integer('seen_at'),
    /** JSON of what the client's filter has put on it (core/marks.ts); absent for most */
    marks: text('marks'),
  },
  (table) => [
    index('messages_mailbox').on(table.mailboxId, table.folder, table.receivedAt, table.id),
    index('messages_outage').on(table.outageId),
  ],
);

export const sessions = sqliteTable(
  'sessions',
  {
    /** hex SHA-256 of the cookie: a copy of this table opens nothing */
    tokenHash: text('token_hash').primaryKey(),
    clientId: text('client_id').notNull(),
    accountId: text('account_id').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [index('sessions_account').on(table.accountId)],
);

export const loginTries = sqliteTable(
  'login_tries',
  {
    clientId: text('client_id').notNull(),
    /** as it was typed, in the form of core/address.ts: counted alike whether there is such an account or not */
    address: text('address').notNull(),
    tries: integer('tries').notNull(),
    /** when they are forgotten */
    until: integer('until').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.clientId, table.address] }),
    // Each try sweeps out what has expired; without it that would read the whole table.
    index('login_tries_until').on(table.until),
  ],
);

export const audit = sqliteTable(
  'audit',
  {
    id: text('id').primaryKey(),
    clientId: text('client_id').notNull(),
    at: integer('at').notNull(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    /** JSON of what was asked for, secrets left out */
    detail: text('detail').notNull(),
  },
  (table) => [index('audit_client').on(table.clientId, table.at)],
);

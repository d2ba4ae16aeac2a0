/**
 * Clients and their configuration in D1. Every query is scoped to its client here. A change raises the client's version in the
 * same batch; `snapshot` is what is then pushed to the client object.
 */
import { and, asc, desc, eq, lt, or, type SQL, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { ClientSnapshot, Login, Peer } from '../core/client.ts';
import type { ClientId } from '../core/ids.ts';
import { parseLocationHint } from '../core/region.ts';
import { audit, clients, domains, gateways } from '../db/schema.ts';
import { DEFAULT_SETTINGS, parseSettings, thresholdsInForce } from '../pipeline/settings.ts';
import type { ClientPatch, ClientRecord, ClientStore } from '../pipeline/stores.ts';
import { auditRow } from './audit-row.ts';
import { changed } from './changed.ts';
import { createFilterStore } from './filters-d1.ts';

export function createClientStore(d1: D1Database): ClientStore {
  const db = drizzle(d1);
  const filters = createFilterStore(d1);

  return {
    async create(client, change) {
      const { id, name, locationHint } = client;
      const settings = JSON.stringify(client.settings);
      const row = { id, name, version: 0, pushedVersion: 0, settings, locationHint, createdAt: change.at };
      if ((await this.find(client.id)) !== undefined) return 'exists';
      await db.batch([
        db.insert(clients).values(row),
        ...gatewayRows(id, client.gateways).map((gateway) => db.insert(gateways).values(gateway)),
        ...changed(db, id, change),
      ]);
      return 'created';
    },

    async find(clientId) {
      const [row] = await db.select().from(clients).where(eq(clients.id, clientId));
      return row === undefined ? undefined : clientRecord(row);
    },

    async list() {
      return (await db.select().from(clients).orderBy(asc(clients.id))).map(clientRecord);
    },

    async unpushed() {
      const rows = await db
        .select({ id: clients.id })
        .from(clients)
        .where(sql`${clients.pushedVersion} < ${clients.version}`);
      return rows.map((row) => row.id as ClientId);
    },

    async pushed(clientId, version) {
      await db.update(clients).set({ pushedVersion: version }).where(eq(clients.id, clientId));
    },

    async update(clientId, patch, change) {
      const values = {
        ...settingsSet(patch.settings ?? {}),
        ...(patch.name === undefined ? {} : { name: patch.name }),
      };
      if (Object.keys(values).length === 0) return this.record(clientId, change);
      await db.batch([
        db.update(clients).set(values).where(eq(clients.id, clientId)),
        ...changed(db, clientId, change),
      ]);
    },

    async domainsOf(clientId) {
      const rows = await db
        .select()
        .from(domains)
        .where(eq(domains.clientId, clientId))
        .orderBy(asc(domains.createdAt), asc(domains.domain));
      return rows.map((row) => row.domain);
    },

    async addDomain(clientId, domain, change) {
      const [known] = await db.select().from(domains).where(eq(domains.domain, domain));
      if (known !== undefined) return known.clientId === clientId ? 'added' : 'taken';
      await db.batch([
        db.insert(domains).values({ domain, clientId, createdAt: change.at }),
        ...changed(db, clientId, change),
      ]);
      return 'added';
    },

    async removeDomain(clientId, domain, change) {
      const mine = and(eq(domains.clientId, clientId), eq(domains.domain, domain));
      await db.batch([db.delete(domains).where(mine), ...changed(db, clientId, change)]);
    },

    async gatewaysOf(clientId) {
      const rows = await db
        .select()
        .from(gateways)
        .where(eq(gateways.clientId, clientId))
        .orderBy(asc(gateways.position));
      return rows.map(peerOf);
    },

    async replaceGateways(clientId, peers, change) {
      await db.batch([
        db.delete(gateways).where(eq(gateways.clientId, clientId)),
        ...gatewayRows(clientId, peers).map((row) => db.insert(gateways).values(row)),
        ...changed(db, clientId, change),
      ]);
    },

    async record(clientId, change) {
      await db.insert(audit).values(auditRow(clientId, change));
    },

    /** By keyset, like the mailbox: the log of years is read a page at a time. */
    async auditOf(clientId, { before, limit }) {
      const earlier =
        before === undefined
          ? undefined
          : or(lt(audit.at, before.at), and(eq(audit.at, before.at), lt(audit.id, before.id)));
      const rows = await db
        .select()
        .from(audit)
        .where(and(eq(audit.clientId, clientId), earlier))
        .orderBy(desc(audit.at), desc(audit.id))
        .limit(limit);
      return rows.map(({ id, at, actor, action, detail }) => ({ id, at, actor, action, detail: JSON.parse(detail) }));
    },

    async snapshot(clientId) {
      const record = await this.find(clientId);
      if (record === undefined) return undefined;
      const [own, peers, parts] = await Promise.all([
        this.domainsOf(clientId),
        this.gatewaysOf(clientId),
        filters.planParts(clientId, record.settings.filter.sets),
      ]);
      return snapshotOf(record, {
        domains: own,
        gateways: peers,
        filter: { ...record.settings.filter, ...parts },
      });
    },
  };
}

/**
 * Only what is given is written, over what is stored at that moment: two changes made at once undo nothing of each other. json_set
 * and not json_patch, which merges objects deeply and takes null for "remove" (https://sqlite.org/json1.html#jpatch).
 */
function settingsSet({ outbound, filter, ...whole }: NonNullable<ClientPatch['settings']>): { settings?: SQL } {
  const given = Object.entries(whole).filter(([, value]) => value !== undefined);
  const pairs = given.map(([key, value]) => sql`${`$.${key}`}, ${jsonOf(value)}`);
  for (const [key, parts] of Object.entries({ outbound, filter }))
    if (parts !== undefined) pairs.push(sql`${`$.${key}`}, ${partsOver(key as PartlySet, parts)}`);
  if (pairs.length === 0) return {};
  return { settings: sql`json_set(${clients.settings}, ${sql.join(pairs, sql`, `)})` };
}

type PartlySet = 'outbound' | 'filter';

/** Settings of an earlier version have none. */
function partsOver(key: PartlySet, parts: object): SQL {
  const stored = sql`coalesce(json_extract(${clients.settings}, ${`$.${key}`}), ${JSON.stringify(DEFAULT_SETTINGS[key])})`;
  const given = Object.entries(parts).filter(([, value]) => value !== undefined);
  const pairs = given.map(([name, value]) => sql`${`$.${name}`}, ${jsonOf(value)}`);
  return pairs.length === 0 ? stored : sql`json_set(${stored}, ${sql.join(pairs, sql`, `)})`;
}

function jsonOf(value: unknown): SQL {
  return sql`json(${JSON.stringify(value)})`;
}

function clientRecord(row: typeof clients.$inferSelect): ClientRecord {
  const locationHint = parseLocationHint(row.locationHint) ?? null;
  return { ...row, id: row.id as ClientId, settings: parseSettings(row.settings), locationHint };
}

function gatewayRows(clientId: ClientId, peers: readonly Peer[]): readonly (typeof gateways.$inferInsert)[] {
  return peers.map((peer, position) => ({
    clientId,
    position,
    host: peer.host,
    port: peer.port,
    tls: peer.tls,
    username: peer.login?.username ?? null,
    sealedPassword: peer.login !== undefined && 'sealedPassword' in peer.login ? peer.login.sealedPassword : null,
    oauth: peer.login !== undefined && 'oauth' in peer.login ? JSON.stringify(peer.login.oauth) : null,
    capacityPerMinute: peer.capacityPerMinute ?? null,
    latitude: peer.place?.latitude ?? null,
    longitude: peer.place?.longitude ?? null,
  }));
}

function peerOf(row: typeof gateways.$inferSelect): Peer {
  const { host, port, tls, capacityPerMinute, latitude, longitude } = row;
  const login = loginOf(row);
  return {
    host,
    port,
    tls,
    ...(login === undefined ? {} : { login }),
    ...(capacityPerMinute === null ? {} : { capacityPerMinute }),
    ...(latitude === null || longitude === null ? {} : { place: { latitude, longitude } }),
  };
}

function loginOf({ username, sealedPassword, oauth }: typeof gateways.$inferSelect): Login | undefined {
  if (username === null) return undefined;
  if (oauth !== null) return { username, oauth: JSON.parse(oauth) };
  return sealedPassword === null ? undefined : { username, sealedPassword };
}

function snapshotOf(
  record: ClientRecord,
  parts: Pick<ClientSnapshot, 'domains' | 'gateways' | 'filter'>,
): ClientSnapshot {
  const { probe, recovery, replay, failover, failback, whenRefused, maintenance, choice } = record.settings;
  const { noticeAddresses, webhooks, noticeRepeatMinutes, systemTokenHash } = record.settings;
  const { expiry, outbound, dkim, preflight } = record.settings;
  return {
    ...parts,
    clientId: record.id,
    version: record.version,
    name: record.name,
    thresholds: thresholdsInForce(record.settings.thresholds),
    probe: {
      firstMs: probe.firstSeconds * 1000,
      capMs: probe.capSeconds * 1000,
      idleMs: probe.idleSeconds * 1000,
      testMessage: probe.testMessage,
      ...(probe.address === null ? {} : { address: probe.address }),
    },
    recovery: { probes: recovery.probes, spanMs: recovery.spanSeconds * 1000 },
    replay: {
      messagesPerMinute: replay.messagesPerMinute,
      ...(replay.bytesPerMinute === null ? {} : { bytesPerMinute: replay.bytesPerMinute }),
      connections: replay.connections,
      start: replay.start,
    },
    expiry: {
      afterMs: expiry.afterHours * 3_600_000,
      ...(expiry.delayNoticeAfterHours === null
        ? {}
        : { delayNoticeAfterMs: expiry.delayNoticeAfterHours * 3_600_000 }),
    },
    outbound: {
      perUserPerHour: outbound.perUserPerHour,
      perClientPerHour: outbound.perClientPerHour,
      ...(outbound.relay === null ? {} : { relay: outbound.relay }),
    },
    dkim,
    preflight: {
      everyMs: preflight.everyDays * 86_400_000,
      ...(preflight.address === null ? {} : { address: preflight.address }),
    },
    failover,
    failback,
    whenRefused,
    maintenance,
    choice,
    ...(record.locationHint === null ? {} : { home: record.locationHint }),
    noticeAddresses,
    webhooks,
    noticeRepeatMs: noticeRepeatMinutes * 60_000,
    ...(systemTokenHash === null ? {} : { systemTokenHash }),
  };
}

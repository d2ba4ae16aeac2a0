/** What screens and the operator's API ask of D1; adapters/clients-d1.ts and adapters/accounts-d1.ts answer. */
import type { ClientSnapshot, Peer } from '../core/client.ts';
import type { AccountId, ClientId, MailboxId, MessageId } from '../core/ids.ts';
import type { LocationHint } from '../core/region.ts';
import type { ClientSettings } from './settings.ts';

export type ClientRecord = {
  readonly id: ClientId;
  readonly name: string;
  /** rises with every change */
  readonly version: number;
  /** the version the client object has confirmed */
  readonly pushedVersion: number;
  readonly settings: ClientSettings;
  /** where the client object was asked to live: said once, when the client is enrolled */
  readonly locationHint: LocationHint | null;
  readonly createdAt: number;
};

export type NewClient = Pick<ClientRecord, 'id' | 'name' | 'settings' | 'locationHint'> & {
  readonly gateways: readonly Peer[];
};

/**
 * What is left out stays as it is, also when another change of it is under way. A setting that is given is replaced whole; of
 * `outbound` and `filter` the parts that are given, for theirs are set in different places.
 */
export type ClientPatch = {
  readonly name?: string | undefined;
  readonly settings?: {
    readonly [Key in keyof ClientSettings]?:
      | (Key extends 'outbound' | 'filter'
          ? { readonly [Part in keyof ClientSettings[Key]]?: ClientSettings[Key][Part] | undefined }
          : ClientSettings[Key])
      | undefined;
  };
};

/** Who did what, kept with every change; `detail` holds no secret. */
export type Change = { readonly at: number; readonly actor: string; readonly action: string; readonly detail: unknown };

/** Lines of one moment are told apart by their ids. */
export type AuditLine = Change & { readonly id: string };
export type AuditPage = { readonly before: Pick<AuditLine, 'at' | 'id'> | undefined; readonly limit: number };

export type ClientStore = {
  create(client: NewClient, change: Change): Promise<'created' | 'exists'>;
  find(clientId: ClientId): Promise<ClientRecord | undefined>;
  list(): Promise<readonly ClientRecord[]>;
  /** clients whose object has not confirmed the newest configuration */
  unpushed(): Promise<readonly ClientId[]>;
  pushed(clientId: ClientId, version: number): Promise<void>;
  update(clientId: ClientId, patch: ClientPatch, change: Change): Promise<void>;
  domainsOf(clientId: ClientId): Promise<readonly string[]>;
  addDomain(clientId: ClientId, domain: string, change: Change): Promise<'added' | 'taken'>;
  removeDomain(clientId: ClientId, domain: string, change: Change): Promise<void>;
  gatewaysOf(clientId: ClientId): Promise<readonly Peer[]>;
  replaceGateways(clientId: ClientId, peers: readonly Peer[], change: Change): Promise<void>;
  /** an act that changes no configuration, for the audit log alone */
  record(clientId: ClientId, change: Change): Promise<void>;
  /** newest first, strictly before the line `before` */
  auditOf(clientId: ClientId, page: AuditPage): Promise<readonly AuditLine[]>;
  /** everything the client object needs, at one version */
  snapshot(clientId: ClientId): Promise<ClientSnapshot | undefined>;
};

export type Account = {
  readonly id: AccountId;
  readonly clientId: ClientId;
  /** lower case */
  readonly address: string;
  readonly name: string;
  readonly source: 'imported' | 'manual' | 'learned';
  readonly role: AccountRole;
  /** a department, a site: a replay can be steered by it; null: in none */
  readonly group: string | null;
  readonly canLogIn: boolean;
};

/** A user reads and writes one mailbox; an admin also sees and steers the client. */
export type AccountRole = 'user' | 'admin';

/** `role` left out: the one it has, or `user`; `group` left out: the one it has, or none */
export type NewAccount = {
  readonly address: string;
  readonly name: string;
  readonly passwordHash: string | null;
  readonly role?: AccountRole;
  readonly group?: string;
};

/** What logging in needs to know; never leaves the login handler. */
export type Credentials = { readonly account: Account; readonly passwordHash: string | null };

/** The tries by one key, this one included; all are forgotten at `until` (epoch ms). */
export type LoginTries = { readonly tries: number; readonly until: number };

/** Where somebody tries to log in: a client's webmail, or the operator's console (no client can have this id). */
export type LogInDoor = ClientId | typeof OPERATORS_DOOR;
export const OPERATORS_DOOR = '@operator';

/** What tries at an address are counted by: the network they come from, and all of them. A new password forgets every one. */
export function triesKeys(address: string, network: string): readonly [fromHere: string, fromEverywhere: string] {
  return [`${network} ${address}`, `* ${address}`];
}

export type Box = { readonly clientId: ClientId; readonly mailboxId: MailboxId };

/** Where a page of the list begins: strictly before this message. */
export type Cursor = { readonly receivedAt: number; readonly id: string };

export type PageQuery = {
  readonly folder: 'inbox' | 'sent';
  readonly before: Cursor | undefined;
  readonly limit: number;
};

/** One row of the mailbox index. `toJson`, `ccJson`: arrays of {name, address}. */
export type StoredMessage = {
  readonly id: string;
  readonly folder: 'inbox' | 'sent';
  readonly fromName: string;
  readonly fromAddress: string;
  readonly toJson: string;
  readonly ccJson: string;
  readonly subject: string;
  readonly preview: string;
  readonly dateMs: number | null;
  readonly headerMessageId: string | null;
  readonly receivedAt: number;
  readonly sizeBytes: number;
  readonly attachmentCount: number;
  readonly partCount: number;
  readonly contentKey: string;
  readonly submissionId: string | null;
  readonly seenAt: number | null;
};

export type AccountStore = {
  list(clientId: ClientId): Promise<readonly Account[]>;
  /**
   * Adds or completes accounts; a name, password, role or group left out leaves the known one. While mailboxes are open the new account gets
   * one at once, with the mail that waited for it among the unclaimed. A password that is given does what `setPassword` does.
   */
  put(clientId: ClientId, added: readonly NewAccount[], source: Account['source'], change: Change): Promise<void>;
  /** ends the account's sessions, and forgets the tries at its address */
  setPassword(
    clientId: ClientId,
    accountId: AccountId,
    passwordHash: string,
    change: Change,
  ): Promise<'set' | 'unknown'>;
  setRole(clientId: ClientId, accountId: AccountId, role: AccountRole, change: Change): Promise<'set' | 'unknown'>;
  setGroup(clientId: ClientId, accountId: AccountId, group: string | null, change: Change): Promise<'set' | 'unknown'>;
  /** in lower case */
  addressesIn(clientId: ClientId, groups: readonly string[]): Promise<readonly string[]>;
  credentials(clientId: ClientId, address: string): Promise<Credentials | undefined>;
  /** Counts in one statement, so that tries made at the same time are all counted. Past `atMost` the end is not moved any more. */
  countTry(
    door: LogInDoor,
    key: string,
    limit: { readonly now: number; readonly until: number; readonly atMost: number },
  ): Promise<LoginTries>;
  forgetTries(door: LogInDoor, keys: readonly string[]): Promise<void>;
  openSession(
    account: Account,
    tokenHash: string,
    times: { readonly now: number; readonly expiresAt: number },
  ): Promise<void>;
  closeSession(tokenHash: string): Promise<void>;
  accountOfSession(tokenHash: string, now: number): Promise<Account | undefined>;
  colleagues(clientId: ClientId, part: string): Promise<readonly { readonly name: string; readonly address: string }[]>;
  mailboxOf(account: Account): Promise<{ readonly id: MailboxId; readonly openedAt: number } | undefined>;
  unread(box: Box): Promise<number>;
  /** newest first */
  page(box: Box, query: PageQuery): Promise<readonly StoredMessage[]>;
  message(box: Box, id: MessageId): Promise<StoredMessage | undefined>;
  setSeen(box: Box, id: MessageId, seenAt: number | null): Promise<void>;
  /** recipients nobody has entered, with how much waits for each */
  unclaimed(clientId: ClientId): Promise<readonly { readonly recipient: string; readonly count: number }[]>;
};

/**
 * One object for the whole deployment. It hears of every client whose gateway begins to fail, and when too many do at once it calls the
 * operator: the fault may be ours. Nothing waits for it, and it decides nothing for any client.
 */
import { DurableObject } from 'cloudflare:workers';
import { NULL_REVERSE_PATH, parseAddress } from '../core/address.ts';
import type { LogEvent } from '../core/event.ts';
import type { ClientId, MessageId } from '../core/ids.ts';
import { type Cause, describeOutcome, type Outcome } from '../core/outcome.ts';
import {
  doubtAt,
  doubtWords,
  type Episode,
  episodeAfter,
  SAME_TIME_MS,
  type SelfDoubt,
  type Trouble,
} from '../core/self-doubt.ts';
import type { OpenedPeer } from '../pipeline/deliver.ts';
import { noticeBytes } from '../pipeline/own-letter.ts';
import type { WatchPort } from '../pipeline/watch-port.ts';

export type WatchObjectNeeds = {
  readonly now: () => number;
  readonly newMessageId: () => MessageId;
  readonly serviceHost: string;
  readonly operatorAddresses: readonly string[];
  /** absent when there is no way to send mail: then the log is all there is */
  readonly openRelay: (() => Promise<OpenedPeer>) | undefined;
  readonly log: (event: LogEvent) => void;
};

type LetterRow = { id: string; address: string; words: string; at: number; tries: number };

const TABLES = `
  CREATE TABLE IF NOT EXISTS clients (id TEXT PRIMARY KEY, heard_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS troubles (client_id TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (at, client_id)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS episode (one INTEGER PRIMARY KEY CHECK (one = 1), since INTEGER NOT NULL, last_at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS letters (
    id TEXT PRIMARY KEY,
    address TEXT NOT NULL,
    words TEXT NOT NULL,
    at INTEGER NOT NULL,
    tries INTEGER NOT NULL
  );
`;

// Far more than the minute that is looked at and the ten in which a client asks.
const REMEMBERED_MS = 3_600_000;
// A client that has been given up would make every real doubt look smaller. Those that live on say so every week.
const COUNTED_MS = 30 * 86_400_000;
const RETRY_MS = 60_000;
// Half a day of tries: after that the log and the clients' own alarms have said it.
const MOST_TRIES = 720;

export class WatchObjectBase extends DurableObject implements WatchPort {
  /** replaced by tests, which bring their own clock and relay */
  needs: WatchObjectNeeds;
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: unknown, needs: WatchObjectNeeds) {
    super(ctx, env as Cloudflare.Env);
    this.needs = needs;
    this.#sql = ctx.storage.sql;
    this.#sql.exec(TABLES);
  }

  async introduce(clientId: ClientId): Promise<void> {
    const now = this.needs.now();
    this.#heardOf(clientId, now);
    this.#sql.exec('DELETE FROM clients WHERE heard_at <= ?', now - COUNTED_MS);
  }

  async reportTrouble(clientId: ClientId, at: number): Promise<SelfDoubt> {
    this.#heardOf(clientId, at);
    this.#sql.exec('INSERT INTO troubles (client_id, at) VALUES (?, ?) ON CONFLICT DO NOTHING', clientId, at);
    this.#sql.exec('DELETE FROM troubles WHERE at < ?', at - REMEMBERED_MS);
    const doubt = doubtAt(at, this.#troublesAround(at), this.#known(at));
    if (doubt.doubted) await this.#follow(doubt, at);
    return doubt;
  }

  override async alarm(): Promise<void> {
    for (const letter of this.#letters()) await this.#send(letter);
    if (this.#letters().length > 0) await this.ctx.storage.setAlarm(this.needs.now() + RETRY_MS);
  }

  async #follow(doubt: SelfDoubt, at: number): Promise<void> {
    const { kind, episode } = episodeAfter(this.#episode(), at);
    this.#sql.exec(
      'INSERT INTO episode (one, since, last_at) VALUES (1, ?, ?) ON CONFLICT DO UPDATE SET since = excluded.since, last_at = excluded.last_at',
      episode.since,
      episode.lastAt,
    );
    if (kind === 'same') return;
    this.needs.log({ kind: 'self-doubt', failing: doubt.failing, known: doubt.known });
    if (this.needs.openRelay === undefined) return;
    for (const address of this.needs.operatorAddresses) {
      this.#sql.exec(
        'INSERT INTO letters (id, address, words, at, tries) VALUES (?, ?, ?, ?, 0)',
        this.needs.newMessageId(),
        address,
        doubtWords(doubt),
        at,
      );
    }
    // By the alarm, not here: a client is waiting for its answer, and the relay may be what has failed.
    await this.ctx.storage.setAlarm(this.needs.now());
  }

  async #send(letter: LetterRow): Promise<void> {
    const outcome = await this.#handOver(letter);
    const isOver = outcome.kind !== 'deferred' || letter.tries + 1 >= MOST_TRIES;
    if (outcome.kind !== 'delivered')
      this.needs.log({ kind: 'trouble', where: 'self-doubt-alarm', problem: describeOutcome(outcome) });
    if (isOver) this.#sql.exec('DELETE FROM letters WHERE id = ?', letter.id);
    else this.#sql.exec('UPDATE letters SET tries = tries + 1 WHERE id = ?', letter.id);
  }

  async #handOver({ id, address, words, at }: LetterRow): Promise<Outcome> {
    const { openRelay, serviceHost } = this.needs;
    const recipient = parseAddress(address);
    if (openRelay === undefined || recipient === undefined) return { kind: 'deferred', cause: NO_WAY };
    const opened = await openRelay();
    if (opened.kind === 'failed') return { kind: 'deferred', cause: opened.cause };
    try {
      const stamp = { id: id as MessageId, at, serviceHost };
      const body = noticeBytes({ subject: `Breakwater: ${words}`, text: alarmText(words) }, recipient, stamp);
      // RFC 3834 §3: what a machine writes must not be bounced at.
      return await opened.session.send({ reversePath: NULL_REVERSE_PATH, recipient }, { head: new Uint8Array(), body });
    } finally {
      await opened.session.close();
    }
  }

  #heardOf(clientId: ClientId, at: number): void {
    this.#sql.exec(
      'INSERT INTO clients (id, heard_at) VALUES (?, ?) ON CONFLICT DO UPDATE SET heard_at = max(heard_at, excluded.heard_at)',
      clientId,
      at,
    );
  }

  /** Only what can be in the same minute, by the primary key: a thousand clients that fail at once each ask for it. */
  #troublesAround(at: number): readonly Trouble[] {
    return this.#sql
      .exec<{ client_id: string; at: number }>(
        'SELECT client_id, at FROM troubles WHERE at > ? AND at < ? ORDER BY at',
        at - SAME_TIME_MS,
        at + SAME_TIME_MS,
      )
      .toArray()
      .map(({ client_id, at: begin }) => ({ clientId: client_id as ClientId, at: begin }));
  }

  #known(at: number): number {
    return this.#sql
      .exec<{ count: number }>('SELECT count(*) AS count FROM clients WHERE heard_at > ?', at - COUNTED_MS)
      .one().count;
  }

  #episode(): Episode | undefined {
    const row = this.#sql.exec<{ since: number; last_at: number }>('SELECT since, last_at FROM episode').toArray()[0];
    return row === undefined ? undefined : { since: row.since, lastAt: row.last_at };
  }

  #letters(): readonly LetterRow[] {
    return this.#sql.exec<LetterRow>('SELECT * FROM letters ORDER BY id').toArray();
  }
}

const NO_WAY: Cause = {
  kind: 'fault',
  stage: 'connect',
  fault: { kind: 'unclassified', problem: 'there is no relay to tell the operator by' },
};

function alarmText(words: string): string {
  return `${words}.

Unrelated mail servers seldom fail in the same minute. Look at what they have in common: a deploy made just now, the way out of this
deployment (https://www.cloudflarestatus.com), the DNS resolvers, an address of ours on a block list.

More clients may have followed since this was written: GET /api/v1/clients shows the state of each. Mail is kept meanwhile; nothing is
lost or bounced. You are told once, and again only when ten minutes have passed without another such minute.
`;
}

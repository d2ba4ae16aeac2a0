/** The client object's own tables: append-only versions, each applied once. A shipped version is never edited. */

/** What an earlier version has quarantined, in the boxes that `quarantineBox` of core/quarantine.ts would give it. */
export const QUARANTINE_WHAT_WAS_KEPT = `
  INSERT INTO quarantine (seq, id, box, received_at, rule_id, cause)
    SELECT seq, id,
      iif(kind <> 'inbound' OR submission_id IS NOT NULL, '',
        iif(instr(recipient_key, '+') > 1 AND instr(recipient_key, '+') < length(rtrim(recipient_key, replace(recipient_key, '@', ''))),
          substr(recipient_key, 1, instr(recipient_key, '+') - 1) || substr(recipient_key, length(rtrim(recipient_key, replace(recipient_key, '@', '')))),
          recipient_key)),
      received_at, '', 'rule'
    FROM spool WHERE state = 'quarantined';
`;

/**
 * Rows written per spooled message while down: the row, its entry in the retry index, its entry among the waiting. No more:
 * rows written are the cost that counts (platform.md 26).
 */
const VERSIONS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE spool (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    retry_key TEXT NOT NULL UNIQUE,
    reverse_path TEXT NOT NULL,
    recipient TEXT NOT NULL,
    content_key TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    helo TEXT NOT NULL,
    remote_ip TEXT NOT NULL,
    summary TEXT NOT NULL,
    submission_id TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    uncertain_attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at INTEGER NOT NULL,
    detail TEXT NOT NULL DEFAULT '',
    outage_id TEXT,
    settled_at INTEGER
  );
  CREATE INDEX spool_waiting ON spool (state) WHERE state = 'waiting';
  CREATE INDEX spool_outbound ON spool (next_attempt_at) WHERE state = 'waiting' AND kind = 'outbound';
  CREATE INDEX spool_sending ON spool (state) WHERE state = 'sending';
  CREATE TABLE attempts (
    seq INTEGER NOT NULL,
    number INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    peer TEXT NOT NULL,
    outcome TEXT,
    detail TEXT,
    PRIMARY KEY (seq, number)
  ) WITHOUT ROWID;
  CREATE TABLE outages (
    id TEXT PRIMARY KEY,
    cause TEXT NOT NULL,
    first_deferral_at INTEGER,
    down_at INTEGER NOT NULL,
    mailboxes_ready_at INTEGER,
    mailboxes INTEGER,
    repaired_at INTEGER,
    closed_at INTEGER,
    rejected_by_rule INTEGER NOT NULL DEFAULT 0,
    projected_seq INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;
  CREATE TABLE timeline (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    outage_id TEXT,
    kind TEXT NOT NULL,
    words TEXT NOT NULL,
    told INTEGER NOT NULL
  );
  CREATE INDEX timeline_untold ON timeline (told) WHERE told = 0;
  CREATE TABLE recipients (address TEXT PRIMARY KEY, accepted_at INTEGER NOT NULL, told INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
  CREATE INDEX recipients_untold ON recipients (told) WHERE told = 0;
  `,
  // The evidence of an outage and of every line of the timeline: JSON arrays of lines.
  `
  ALTER TABLE timeline ADD COLUMN evidence TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE outages ADD COLUMN kind TEXT NOT NULL DEFAULT 'threshold';
  ALTER TABLE outages ADD COLUMN opened_by TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE outages ADD COLUMN closed_by TEXT NOT NULL DEFAULT '[]';
  `,
  // One-click links in notices, each for one recipient; `used_at`: what a late click is told.
  `
  CREATE TABLE links (
    hash TEXT PRIMARY KEY,
    action TEXT NOT NULL,
    occurrence INTEGER NOT NULL,
    recipient TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
  ) WITHOUT ROWID;
  CREATE INDEX links_expiry ON links (expires_at);
  `,
  // Whom the delay of a waiting row concerns, as core/ledger.ts says it; '' before its first attempt.
  "ALTER TABLE spool ADD COLUMN delays TEXT NOT NULL DEFAULT '';",
  // Who has been told of a line, and how; `told` 0: a mail about it is still to be written, or to be repeated. A webhook's call is a
  // row until it is taken or given up; `dropped`: calls given up for their number since somebody was last told.
  `
  ALTER TABLE timeline ADD COLUMN urgency TEXT NOT NULL DEFAULT 'detail';
  ALTER TABLE timeline ADD COLUMN occasion TEXT NOT NULL DEFAULT 'real';
  ALTER TABLE timeline ADD COLUMN state TEXT NOT NULL DEFAULT 'up';
  ALTER TABLE timeline ADD COLUMN mails INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE timeline ADD COLUMN mailed_at INTEGER;
  ALTER TABLE timeline ADD COLUMN acknowledged_at INTEGER;
  ALTER TABLE timeline ADD COLUMN over_at INTEGER;
  CREATE INDEX timeline_alarms ON timeline (over_at) WHERE urgency = 'alarm';
  CREATE INDEX timeline_ends ON timeline (mailed_at) WHERE kind = 'up';
  CREATE TABLE webhook_calls (
    number INTEGER PRIMARY KEY,
    occurrence INTEGER NOT NULL,
    url TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL
  );
  CREATE INDEX webhook_calls_due ON webhook_calls (url, next_at);
  CREATE TABLE webhook_troubles (url TEXT PRIMARY KEY, told_at INTEGER, dropped INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
  `,
  // Uptime: `hour` since the epoch, its minutes as core/uptime.ts writes them. Observations: `key` is the time and a number.
  `
  CREATE TABLE uptime (hour INTEGER PRIMARY KEY, minutes TEXT NOT NULL);
  CREATE TABLE observations (
    key INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    scope TEXT NOT NULL,
    weight REAL NOT NULL,
    alive TEXT NOT NULL,
    message TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    count INTEGER NOT NULL,
    taken TEXT NOT NULL,
    words TEXT NOT NULL
  );
  `,
  // `turn`: who goes first (core/turn.ts). `tries`: attempts that failed through the row's own fault or its recipient's, the only ones
  // by which it ages (P7). `told`: what its sender has heard from us (core/expiry.ts). `turns`: what a person has said of a recipient.
  // `recipient_key`: as core/address.ts compares it.
  // `original_recipient`: whom it was written to, once a person has given it to somebody else.
  `
  ALTER TABLE spool ADD COLUMN turn INTEGER NOT NULL DEFAULT 2;
  ALTER TABLE spool ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE spool ADD COLUMN told TEXT NOT NULL DEFAULT '';
  ALTER TABLE spool ADD COLUMN original_recipient TEXT;
  ALTER TABLE spool ADD COLUMN recipient_key TEXT NOT NULL DEFAULT '';
  UPDATE spool SET recipient_key = lower(recipient);
  UPDATE spool SET turn = 0 WHERE outage_id IS NULL AND state IN ('waiting', 'sending');
  DROP INDEX spool_waiting;
  CREATE INDEX spool_waiting ON spool (turn) WHERE state = 'waiting';
  CREATE INDEX spool_sent ON spool (received_at) WHERE kind = 'outbound';
  CREATE INDEX spool_due ON spool (told) WHERE told = 'due';
  CREATE INDEX spool_expired ON spool (state) WHERE state = 'expired';
  CREATE TABLE turns (recipient TEXT PRIMARY KEY, turn INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE preflights (number INTEGER PRIMARY KEY, at INTEGER NOT NULL, by TEXT NOT NULL, result TEXT NOT NULL);
  `,
  // `marks`: what the client's filter has put on it (core/marks.ts), null for most. `withheld`: held by a rule, and shown to nobody before
  // a person lets it go.
  `
  ALTER TABLE spool ADD COLUMN marks TEXT;
  ALTER TABLE spool ADD COLUMN withheld INTEGER NOT NULL DEFAULT 0;
  `,
  // What is in quarantine, beside its row in the spool; a row leaves when a person releases or deletes it. `box`: whose it is
  // (core/quarantine.ts), in SQL for what is there. `quarantine_deleted`: `content_key` until the bytes are gone. `show_again`: a
  // person has let it go, and there are mailboxes to show it in.
  `
  CREATE TABLE quarantine (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    box TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    rule_id TEXT NOT NULL,
    cause TEXT NOT NULL,
    spam_score INTEGER
  );
  CREATE INDEX quarantine_box ON quarantine (box);
  CREATE INDEX quarantine_age ON quarantine (received_at);
  ${QUARANTINE_WHAT_WAS_KEPT}
  CREATE TABLE quarantine_deleted (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, by TEXT NOT NULL, content_key TEXT);
  CREATE INDEX quarantine_deleted_bytes ON quarantine_deleted (seq) WHERE content_key IS NOT NULL;
  ALTER TABLE spool ADD COLUMN show_again INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX spool_show_again ON spool (show_again) WHERE show_again = 1;
  CREATE INDEX spool_held ON spool (state) WHERE state = 'held';
  `,
  // What the filter knew of the last messages, many in a row: `facts` is a JSON array, oldest first.
  'CREATE TABLE recent_facts (number INTEGER PRIMARY KEY, at INTEGER NOT NULL, count INTEGER NOT NULL, facts TEXT NOT NULL);',
  // What people have said of a message, how much each has said on a day (days since the epoch), and what the filter has learned of it.
  `
  CREATE TABLE lessons (id TEXT PRIMARY KEY, label TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE lesson_counts (by TEXT NOT NULL, day INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (by, day)) WITHOUT ROWID;
  CREATE TABLE filter_model (number INTEGER PRIMARY KEY CHECK (number = 1), version INTEGER NOT NULL, bytes BLOB NOT NULL);
  `,
];

/** Nothing is written into an object that nobody has configured: anyone can call one into being by a name that is no client's. */
export function hasTables({ sql }: DurableObjectStorage): boolean {
  return sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'meta'").toArray().length > 0;
}

export function migrate(storage: DurableObjectStorage): void {
  storage.transactionSync(() => {
    storage.sql.exec('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)');
    const applied = storage.sql.exec<{ count: number }>('SELECT count(*) AS count FROM schema_version').one().count;
    for (const [index, statements] of VERSIONS.entries()) {
      if (index < applied) continue;
      storage.sql.exec(statements);
      storage.sql.exec('INSERT INTO schema_version (version) VALUES (?)', index + 1);
    }
  });
}

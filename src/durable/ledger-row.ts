/** A row of the spool table, and what it means to the rest of the code. */
import { parseAddress, parseReversePath } from '../core/address.ts';
import type { Told } from '../core/expiry.ts';
import type { ClientId, MessageId, OutageId } from '../core/ids.ts';
import type { LedgerEntry, LedgerKind, LedgerState, Summary } from '../core/ledger.ts';
import { readMarks } from '../core/marks.ts';

export type LedgerRow = {
  seq: number;
  id: string;
  kind: LedgerKind;
  state: LedgerState;
  retry_key: string;
  reverse_path: string;
  recipient: string;
  content_key: string;
  size_bytes: number;
  sha256: string;
  received_at: number;
  helo: string;
  remote_ip: string;
  summary: string;
  submission_id: string | null;
  attempts: number;
  uncertain_attempts: number;
  tries: number;
  told: Told;
  next_attempt_at: number;
  detail: string;
  original_recipient: string | null;
  marks: string | null;
  /** 1: nobody is shown it before a person lets it go */
  withheld: number;
  outage_id: string | null;
  settled_at: number | null;
};

export function ledgerEntry(row: LedgerRow, clientId: ClientId): LedgerEntry {
  const recipient = parseAddress(row.recipient);
  const reversePath = parseReversePath(row.reverse_path);
  if (recipient === undefined || reversePath === undefined)
    throw new Error(`the ledger's row ${row.seq} cannot be read`);
  return {
    id: row.id as MessageId,
    clientId,
    seq: row.seq,
    kind: row.kind,
    state: row.state,
    retryKey: row.retry_key,
    reversePath,
    recipient,
    contentKey: row.content_key,
    sizeBytes: row.size_bytes,
    sha256: row.sha256,
    receivedAt: row.received_at,
    origin: { helo: row.helo, remoteIp: row.remote_ip },
    summary: JSON.parse(row.summary) as Summary,
    ...(row.submission_id === null ? {} : { submissionId: row.submission_id as MessageId }),
    attempts: row.attempts,
    uncertainAttempts: row.uncertain_attempts,
    tries: row.tries,
    told: row.told,
    nextAttemptAt: row.next_attempt_at,
    detail: row.detail,
    ...(row.original_recipient === null ? {} : { originalRecipient: row.original_recipient }),
    ...readMarks(row.marks),
    outageId: (row.outage_id as OutageId | null) ?? undefined,
    settledAt: row.settled_at ?? undefined,
  };
}

/**
 * One-click links in notices: each does one thing once within a day. Only the hash of a token is kept: a copy of the object opens
 * nothing. What became of a link is remembered a while longer, so that a late click is told so and not taken for a wrong address.
 */
import { createHash } from 'node:crypto';
import type { ClientId } from '../core/ids.ts';
import type { LinkAction } from '../pipeline/client-port.ts';

export type LinkNeeds = {
  readonly now: () => number;
  /** cannot be guessed, and stands in a URL as it is */
  readonly newLinkToken: (clientId: ClientId) => string;
  /** where the Worker is reached from outside, without a slash at its end */
  readonly publicUrl: string;
};

/** `occurrence`: the line of the timeline whose notice carries the link; `recipient`: to whom that notice went */
export type LinkPurpose = { readonly action: LinkAction; readonly occurrence: number; readonly recipient: string };

export type FoundLink =
  | ({ readonly kind: 'usable' } & LinkPurpose)
  | { readonly kind: 'used' | 'expired'; readonly action: LinkAction }
  | { readonly kind: 'unknown' };

// A notice is read within a night; a link that lies about for longer is for whoever finds the mailbox.
const LIFE_MS = 86_400_000;
const REMEMBERED_MS = 7 * 86_400_000;

type Row = { action: string; occurrence: number; recipient: string; expires_at: number; used_at: number | null };

export class Links {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The address of a new link. */
  make(clientId: ClientId, purpose: LinkPurpose, needs: LinkNeeds): string {
    const token = needs.newLinkToken(clientId);
    this.#add(token, purpose, needs.now());
    return `${needs.publicUrl}/act/${clientId}/${token}`;
  }

  #add(token: string, { action, occurrence, recipient }: LinkPurpose, now: number): void {
    this.#sql.exec('DELETE FROM links WHERE expires_at < ?', now - REMEMBERED_MS);
    this.#sql.exec(
      'INSERT INTO links (hash, action, occurrence, recipient, expires_at) VALUES (?, ?, ?, ?, ?)',
      hashOf(token),
      action,
      occurrence,
      recipient,
      now + LIFE_MS,
    );
  }

  find(token: string, now: number): FoundLink {
    const row = this.#sql
      .exec<Row>('SELECT action, occurrence, recipient, expires_at, used_at FROM links WHERE hash = ?', hashOf(token))
      .toArray()[0];
    const action = row === undefined ? undefined : actionOf(row.action);
    if (row === undefined || action === undefined) return { kind: 'unknown' };
    if (row.used_at !== null) return { kind: 'used', action };
    if (row.expires_at <= now) return { kind: 'expired', action };
    return { kind: 'usable', action, occurrence: row.occurrence, recipient: row.recipient };
  }

  /** As `find`; a link found usable is used up by it. */
  use(token: string, now: number): FoundLink {
    const found = this.find(token, now);
    if (found.kind === 'usable') this.#sql.exec('UPDATE links SET used_at = ? WHERE hash = ?', now, hashOf(token));
    return found;
  }
}

function actionOf(text: string): LinkAction | undefined {
  return text === 'declare-failure' || text === 'declare-repair' || text === 'acknowledge' ? text : undefined;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

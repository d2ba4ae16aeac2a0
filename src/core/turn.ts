/** Who goes first when mail is given back. Lower goes earlier; within a turn, what came first (oldest first per recipient). Pure. */
import type { OutageId } from './ids.ts';

/** What a person may say of a recipient: a whole department can go first, one mailbox can wait. */
export const TURNS = ['first', 'ordinary', 'paused'] as const;
export type Turn = (typeof TURNS)[number];

// Stored in rows: a number once given keeps its meaning. The gap leaves room for turns between.
const RANKS: Readonly<Record<Turn, number>> = { first: 1, ordinary: 2, paused: 9 };
// Mail of no outage is new mail that had to wait for a moment: it never stands behind a backlog.
const LIVE_RANK = 0;

/** What a lane may take now: `live`: new mail only, because a person holds the replay. */
export type Reach = 'live' | 'all';

export function rankOf(row: { readonly outageId: OutageId | undefined }, turn: Turn | undefined): number {
  return row.outageId === undefined ? LIVE_RANK : rankOfTurn(turn ?? 'ordinary');
}

export function rankOfTurn(turn: Turn): number {
  return RANKS[turn];
}

export function turnOfRank(rank: number): Turn | undefined {
  return TURNS.find((turn) => RANKS[turn] === rank);
}

/** The highest rank a lane takes. */
export function lastRank(reach: Reach): number {
  return reach === 'live' ? LIVE_RANK : RANKS.ordinary;
}

// A line of the timeline is read by people: a department is a number.
const NAMED = 3;

export function turnWords(turn: Turn, recipients: readonly string[], by: string): string {
  const others = recipients.length - NAMED;
  const whom = `${recipients.slice(0, NAMED).join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
  switch (turn) {
    case 'first':
      return `${by} lets the mail of ${whom} be given back first`;
    case 'paused':
      return `${by} pauses the replay of the mail of ${whom}`;
    case 'ordinary':
      return `${by} lets the mail of ${whom} take its ordinary turn`;
  }
}

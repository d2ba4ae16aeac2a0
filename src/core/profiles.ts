/** The three named sets of thresholds a client chooses among; docs/detection.md explains each number. Pure data. */
import type { Thresholds } from './thresholds.ts';

export type Profile = 'cautious' | 'standard' | 'eager';

export const PROFILES: Readonly<Record<Profile, Thresholds>> = {
  // For people who would rather wait than move: a restart with a file system check, five minutes, passes unseen.
  cautious: {
    amount: 30,
    durationMs: 300_000,
    frequency: { deferrals: 60, perMs: 3_600_000, share: 0.4 },
    confirmMs: 180_000,
  },
  // A restart takes up to a minute; in two, senders' own retries begin to be missed.
  standard: {
    amount: 10,
    durationMs: 90_000,
    frequency: { deferrals: 20, perMs: 900_000, share: 0.2 },
    confirmMs: 60_000,
  },
  // For people to whom half a minute without mail matters more than a mailbox opened once too often.
  eager: {
    amount: 4,
    durationMs: 45_000,
    frequency: { deferrals: 8, perMs: 600_000, share: 0.1 },
    confirmMs: 20_000,
  },
};

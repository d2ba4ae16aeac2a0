/** Who has had a message that its sender will offer again, because the one reply it got spoke for others as well. */

// Two tries of a busy MTA are minutes apart, of a patient one hours; after a day the sender's retry is a new message to us.
const LIFE_MS = 24 * 3_600_000;
// A peer that provokes half-taken messages all day must not fill our memory; the oldest are forgotten first.
const MAX_ENTRIES = 10_000;

export type TakenBefore = {
  has(key: string): boolean;
  remember(key: string): void;
  forget(key: string): void;
};

/** `now` in epoch ms. */
export function createTakenBefore(now: () => number): TakenBefore {
  // A Map keeps the order of insertion, which is the order of age.
  const entries = new Map<string, number>();
  return {
    has(key) {
      const since = entries.get(key);
      return since !== undefined && now() - since < LIFE_MS;
    },
    remember(key) {
      entries.delete(key);
      entries.set(key, now());
      for (const [oldest, since] of entries) {
        if (entries.size <= MAX_ENTRIES && now() - since < LIFE_MS) break;
        entries.delete(oldest);
      }
    },
    forget(key) {
      entries.delete(key);
    },
  };
}

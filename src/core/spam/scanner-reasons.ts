/** What a scanner that gives a score (rspamd) adds to ours. Not learned from: its rules change without anybody's lesson. */
import type { ScanFacts, SpamReason } from '../message-facts.ts';

/** `ours`: the points of everything else; what a scanner would refuse is not argued below the mark by them. */
export function scannerReasons(scans: readonly ScanFacts[], ours: number): readonly SpamReason[] {
  return scans.flatMap((scan) => {
    if (scan.kind !== 'scored') return [];
    const points = scan.score < BAD.score ? pointsOf(scan.score) : Math.max(pointsOf(scan.score), MARKED.points - ours);
    const because = scan.reasons.length === 0 ? '' : `: ${scan.reasons.join(', ')}`;
    const words = `${scan.scanner} gives it ${scan.score} of 100${because}`;
    return points === 0 ? [] : [{ name: `scanner-${scan.scanner}`, words, points }];
  });
}

// Where nothing else is known of a message (score.ts), its mark of 60 is our 60 and its 90 our 90. Below 30 it has looked and found
// little, which speaks a little for a message.
const LITTLE = 30;
const MARKED = { score: 60, points: 16 };
const BAD = { score: 90, points: 23 };

function pointsOf(score: number): number {
  if (score < LITTLE) return Math.round((score - LITTLE) / 8);
  if (score < MARKED.score) return Math.round(((score - LITTLE) * MARKED.points) / (MARKED.score - LITTLE));
  const perScore = (BAD.points - MARKED.points) / (BAD.score - MARKED.score);
  return Math.round(MARKED.points + (score - MARKED.score) * perScore);
}

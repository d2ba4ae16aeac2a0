/**
 * In which order a client's gateways are tried (R2): health, free capacity, round trip and distance, each scored 0-1, weighted by the
 * operator. Nobody is left out: the choice is an order, and whoever fails is followed by the next. Pure.
 */
import type { ChoiceWeights, Peer } from './client.ts';
import { distanceKm, type Place } from './place.ts';
import { messagesThisMinute, type Standing } from './standing.ts';

export type Candidate = { readonly peer: Peer; readonly standing: Standing };

/** `at`: epoch ms; `place`: where the choice is made, when that is known. */
export type Vantage = { readonly at: number; readonly place: Place | undefined };

/** 0-1, the more the better. */
export type Scores = ChoiceWeights;

export type Choice = Candidate & {
  readonly turn: Turn;
  /** 0-1, the weighted mean of `scores` */
  readonly score: number;
  readonly scores: Scores;
};

/** A full gateway waits behind those with room, and one that has just failed behind everybody: no round trip makes up for that. */
export type Turn = 'open' | 'full' | 'failing';

// Nothing is known: neither better nor worse than the others.
const NEUTRAL = 0.5;
// A failed gateway is as good as new after so long for each failure in a row: long enough not to cost every message a time-out, short
// enough that a restart is forgotten with the coffee.
const FORGIVEN_AFTER_MS = 120_000;
// One that has been dead for weeks is asked about so often by the mail itself; probes look at it as well.
const MOST_FAILURES = 5;
// At so much the score is one half: a round trip across an ocean, a neighbouring country.
const HALF_ROUND_TRIP_MS = 100;
const HALF_DISTANCE_KM = 1_000;
// Smaller differences of two round trips are noise: then the configured order decides, and not the last reply.
const ROUND_TRIP_STEP_MS = 20;

/** Every candidate once, best first; equals stay in the order in which they were configured. */
export function choose(candidates: readonly Candidate[], weights: ChoiceWeights, vantage: Vantage): readonly Choice[] {
  return candidates
    .map((candidate) => judge(candidate, weights, vantage))
    .toSorted((a, b) => TURNS[a.turn] - TURNS[b.turn] || b.score - a.score);
}

const TURNS: Readonly<Record<Turn, number>> = { open: 0, full: 1, failing: 2 };

function judge(candidate: Candidate, weights: ChoiceWeights, vantage: Vantage): Choice {
  const scores = scoresOf(candidate, vantage);
  return { ...candidate, scores, score: weightedMean(scores, weights), turn: turnOf(scores, weights) };
}

export function scoresOf({ peer, standing }: Candidate, { at, place }: Vantage): Scores {
  return {
    health: healthScore(standing, at),
    capacity: capacityScore(peer, standing, at),
    roundTrip: roundTripScore(standing),
    distance: place === undefined || peer.place === undefined ? NEUTRAL : distanceScore(place, peer.place),
  };
}

/** Whom the operator gave no weight has no say here either. */
function turnOf({ health, capacity }: Scores, weights: ChoiceWeights): Turn {
  if (weights.health > 0 && health < NEUTRAL) return 'failing';
  return weights.capacity > 0 && capacity === 0 ? 'full' : 'open';
}

/** Has it failed so lately that the others are asked first? */
export function isFailing(standing: Standing, at: number): boolean {
  return healthScore(standing, at) < NEUTRAL;
}

/** 0 at the failure, then rising in a straight line to 1; without any failure 1, for nobody is suspected without a reason. */
function healthScore({ failures, failedAt }: Standing, at: number): number {
  if (failures === 0 || failedAt === undefined) return 1;
  return clamp((at - failedAt) / (FORGIVEN_AFTER_MS * Math.min(failures, MOST_FAILURES)));
}

function capacityScore({ capacityPerMinute }: Peer, standing: Standing, at: number): number {
  if (capacityPerMinute === undefined) return NEUTRAL;
  return clamp(1 - messagesThisMinute(standing, at) / capacityPerMinute);
}

function roundTripScore({ roundTripMs }: Standing): number {
  if (roundTripMs === undefined) return NEUTRAL;
  const inSteps = Math.round(roundTripMs / ROUND_TRIP_STEP_MS) * ROUND_TRIP_STEP_MS;
  return HALF_ROUND_TRIP_MS / (HALF_ROUND_TRIP_MS + inSteps);
}

function distanceScore(here: Place, there: Place): number {
  return HALF_DISTANCE_KM / (HALF_DISTANCE_KM + distanceKm(here, there));
}

const CRITERIA = ['health', 'capacity', 'roundTrip', 'distance'] as const;

function weightedMean(scores: Scores, weights: ChoiceWeights): number {
  const total = sum(CRITERIA.map((criterion) => weights[criterion]));
  // Without any weight all are equal: the configured order.
  if (total === 0) return NEUTRAL;
  return rounded(sum(CRITERIA.map((criterion) => (weights[criterion] / total) * scores[criterion])));
}

// Scores that differ by less than this differ by the rounding of a division: they are equal, and the configured order decides.
const SCORE_STEPS = 1e9;

function rounded(score: number): number {
  return Math.round(score * SCORE_STEPS) / SCORE_STEPS;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function clamp(score: number): number {
  return Math.min(1, Math.max(0, score));
}

/** Why it stands where it stands, a sentence for each criterion. */
export function explain({ peer, standing, turn }: Choice, { at, place }: Vantage): readonly string[] {
  return [
    TURN_WORDS[turn],
    healthWords(standing, at),
    capacityWords(peer, standing, at),
    standing.roundTripMs === undefined
      ? 'the round trip has not been measured'
      : `answers in ${Math.round(standing.roundTripMs)} ms`,
    distanceWords(peer, place),
  ];
}

const TURN_WORDS: Readonly<Record<Turn, string>> = {
  open: 'in its turn by score',
  full: 'behind those with room: its capacity for this minute is used up',
  failing: 'behind the others: it failed a short while ago',
};

function healthWords({ failures, failedAt }: Standing, at: number): string {
  if (failures === 0 || failedAt === undefined) return 'no failure since it last answered';
  const seconds = Math.round((at - failedAt) / 1000);
  return failures === 1 ? `failed ${seconds} s ago` : `failed ${failures} times in a row, last ${seconds} s ago`;
}

function capacityWords({ capacityPerMinute }: Peer, standing: Standing, at: number): string {
  if (capacityPerMinute === undefined) return 'no capacity is set';
  return `${messagesThisMinute(standing, at)} of ${capacityPerMinute} messages this minute`;
}

function distanceWords(peer: Peer, place: Place | undefined): string {
  if (peer.place === undefined) return 'where it stands is not set';
  return place === undefined
    ? 'where we stand is not known'
    : `about ${Math.round(distanceKm(place, peer.place))} km away`;
}

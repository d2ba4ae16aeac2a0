/** The thresholds a record is judged by: the client's own, and what the flags put before them. */
import { DEFAULT_PROBE, DEFAULT_RECOVERY } from '../../src/core/client.ts';
import type { HealthPlan } from '../../src/core/health-state.ts';
import { PROFILES, type Profile } from '../../src/core/profiles.ts';
import type { Thresholds } from '../../src/core/thresholds.ts';
import { type ThresholdSettings, thresholdsInForce, thresholdsSchema } from '../../src/pipeline/settings.ts';

/** As the API shows thresholds. */
export type Numbers = {
  readonly amount: number;
  readonly durationSeconds: number;
  readonly frequency: { readonly deferrals: number; readonly perSeconds: number; readonly share: number };
  readonly confirmSeconds: number;
};

/** What was asked on the command line; what is absent stays as it is. */
export type Asked = {
  readonly profile?: Profile;
  readonly amount?: number;
  readonly durationSeconds?: number;
  readonly frequency?: { readonly deferrals: number; readonly perSeconds: number };
  readonly share?: number;
  readonly confirmSeconds?: number;
};

/** How the gateway is probed and believed: thresholds are tried, these stay. */
export type Manner = Pick<HealthPlan, 'probe' | 'recovery' | 'whenRefused'>;
export const DEFAULT_MANNER: Manner = { probe: DEFAULT_PROBE, recovery: DEFAULT_RECOVERY, whenRefused: 'keep' };

export const STANDARD: Numbers = numbersOf(PROFILES.standard);

/** Throws with the bounds when a number is outside of what a client may set. */
export function settingsAsked(now: Numbers, { profile, share, ...asked }: Asked): Numbers {
  const base = profile === undefined ? now : numbersOf(PROFILES[profile]);
  const given: ThresholdSettings = {
    ...base,
    ...asked,
    frequency: { ...base.frequency, ...asked.frequency, ...(share === undefined ? {} : { share }) },
  };
  const parsed = thresholdsSchema.safeParse(given);
  if (parsed.success) return numbersOf(thresholdsInForce(parsed.data));
  throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

/** It always switches by itself: what is tried is the judgement, not who has the last word. */
export function planOf(numbers: Numbers, manner: Manner): HealthPlan {
  return { ...manner, thresholds: thresholdsInForce(numbers), failover: 'automatic', failback: 'automatic' };
}

export function numbersOf({ amount, durationMs, frequency, confirmMs }: Thresholds): Numbers {
  return {
    amount,
    durationSeconds: durationMs / 1000,
    frequency: { deferrals: frequency.deferrals, perSeconds: frequency.perMs / 1000, share: frequency.share },
    confirmSeconds: confirmMs / 1000,
  };
}

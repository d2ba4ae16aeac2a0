/** A client's settings as D1 keeps them: one JSON value, parsed here and nowhere else. Seconds outside, milliseconds inside. */
import { z } from 'zod';
import { DEFAULT_MESSAGES_PER_MINUTE, DEFAULT_PROBE, DEFAULT_RECOVERY } from '../core/client.ts';
import { STANDARD_THRESHOLDS } from '../core/thresholds.ts';

const DAY_SECONDS = 86_400;
const seconds = z.number().min(1).max(DAY_SECONDS);

/** Bounds keep a slip of the hand from switching detection off, or from making one deferral an outage of everything. */
export const thresholdsSchema = z.strictObject({
  amount: z.number().min(1).max(10_000),
  durationSeconds: seconds,
  frequency: z.strictObject({ deferrals: z.number().min(1).max(10_000), perSeconds: seconds }),
});

export const probeSchema = z.strictObject({ firstSeconds: z.number().min(0.5).max(3_600), capSeconds: seconds });

export const recoverySchema = z.strictObject({
  probes: z.int().min(1).max(100),
  spanSeconds: z.number().min(0).max(DAY_SECONDS),
});

export const replaySchema = z.strictObject({ messagesPerMinute: z.number().min(1).max(60_000) });

export const settingsSchema = z.strictObject({
  thresholds: thresholdsSchema,
  probe: probeSchema,
  recovery: recoverySchema,
  replay: replaySchema,
  failback: z.enum(['automatic', 'hold']),
  noticeAddresses: z.array(z.email()).max(10),
});

export type ClientSettings = z.infer<typeof settingsSchema>;

export const DEFAULT_SETTINGS: ClientSettings = {
  thresholds: {
    amount: STANDARD_THRESHOLDS.amount,
    durationSeconds: STANDARD_THRESHOLDS.durationMs / 1000,
    frequency: {
      deferrals: STANDARD_THRESHOLDS.frequency.deferrals,
      perSeconds: STANDARD_THRESHOLDS.frequency.perMs / 1000,
    },
  },
  probe: { firstSeconds: DEFAULT_PROBE.firstMs / 1000, capSeconds: DEFAULT_PROBE.capMs / 1000 },
  recovery: { probes: DEFAULT_RECOVERY.probes, spanSeconds: DEFAULT_RECOVERY.spanMs / 1000 },
  replay: { messagesPerMinute: DEFAULT_MESSAGES_PER_MINUTE },
  failback: 'automatic',
  noticeAddresses: [],
};

/** Settings written by an earlier version lack what came later: the defaults fill in. */
export function parseSettings(json: string): ClientSettings {
  return settingsSchema.parse({ ...DEFAULT_SETTINGS, ...JSON.parse(json) });
}

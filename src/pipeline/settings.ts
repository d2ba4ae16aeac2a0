/** A client's settings as D1 keeps them: one JSON value, parsed here and nowhere else. Seconds outside, milliseconds inside. */
import { z } from 'zod';
import { parseCivilTime } from '../core/civil-time.ts';
import {
  DEFAULT_CHOICE,
  DEFAULT_EXPIRY,
  DEFAULT_NOTICE_REPEAT_MS,
  DEFAULT_OUTBOUND,
  DEFAULT_PREFLIGHT,
  DEFAULT_PROBE,
  DEFAULT_RECOVERY,
  DEFAULT_REPLAY,
} from '../core/client.ts';
import { PROFILES } from '../core/profiles.ts';
import type { Thresholds } from '../core/thresholds.ts';
import { DEFAULT_FILTER_SETTINGS, filterSettingsSchema } from './filter-settings.ts';

const DAY_SECONDS = 86_400;
const seconds = z.number().min(1).max(DAY_SECONDS);
const count = z.number().min(1).max(10_000);

/**
 * A profile, and numbers of the client's own that go before it. Bounds keep a slip of the hand from switching detection off, or
 * from making one deferral an outage of everything.
 */
export const thresholdsSchema = z.strictObject({
  profile: z.enum(['cautious', 'standard', 'eager']).optional(),
  amount: count.optional(),
  durationSeconds: seconds.optional(),
  frequency: z
    .strictObject({ deferrals: count, perSeconds: seconds, share: z.number().min(0.01).max(1).optional() })
    .optional(),
  confirmSeconds: z.number().min(0).max(3_600).optional(),
});

export type ThresholdSettings = z.infer<typeof thresholdsSchema>;

/** `idleSeconds` 0: never looked at unless something is wrong */
export const probeSchema = z.strictObject({
  firstSeconds: z.number().min(0.5).max(3_600),
  capSeconds: seconds,
  idleSeconds: z.union([z.literal(0), z.number().min(10).max(DAY_SECONDS)]).default(DEFAULT_PROBE.idleMs / 1000),
  address: z.email().nullable().default(null),
  testMessage: z.boolean().default(false),
});

export const recoverySchema = z.strictObject({
  probes: z.int().min(1).max(100),
  spanSeconds: z.number().min(0).max(DAY_SECONDS),
});

// The platform gives an invocation about six sockets (docs/platform.md 15).
const MAX_CONNECTIONS = 6;
// One message of 25 MiB in five minutes: with less, a large one would hold up the rest for hours.
const LEAST_BYTES_PER_MINUTE = 5_242_880;

export const replaySchema = z.strictObject({
  messagesPerMinute: z.number().min(1).max(60_000),
  /** null: as many as the connections carry */
  bytesPerMinute: z.int().min(LEAST_BYTES_PER_MINUTE).max(10_000_000_000).nullable().default(null),
  connections: z.int().min(1).max(MAX_CONNECTIONS).default(DEFAULT_REPLAY.connections),
  start: z.enum(['automatic', 'hold']).default(DEFAULT_REPLAY.start),
});

export const expirySchema = z
  .strictObject({
    /** RFC 5321 §4.5.4.1 asks for four to five days; a month is the longest a stored message is still news */
    afterHours: z
      .number()
      .min(1)
      .max(720)
      .default(DEFAULT_EXPIRY.afterMs / 3_600_000),
    /** the sender hears of the delay once after so long; null: never */
    delayNoticeAfterHours: z.number().min(1).max(720).nullable().default(null),
  })
  .refine(({ afterHours, delayNoticeAfterHours }) => (delayNoticeAfterHours ?? 0) < afterHours, {
    path: ['delayNoticeAfterHours'],
    message: 'must be less than afterHours: by then the message has gone back',
  });

/** as stored: `relay` with its secrets sealed */
const peerSchema = z.strictObject({
  host: z.string(),
  port: z.int(),
  tls: z.enum(['none', 'starttls', 'implicit']),
  login: z
    .union([
      z.strictObject({ username: z.string(), sealedPassword: z.string() }),
      z.strictObject({
        username: z.string(),
        oauth: z.strictObject({
          tokenUrl: z.string(),
          clientId: z.string(),
          scope: z.string().exactOptional(),
          sealedClientSecret: z.string().exactOptional(),
          sealedRefreshToken: z.string().exactOptional(),
        }),
      }),
    ])
    .exactOptional(),
});

export const outboundLimitsSchema = z.strictObject({
  perUserPerHour: z.int().min(1).max(100_000),
  perClientPerHour: z.int().min(1).max(1_000_000),
});

const outboundSchema = outboundLimitsSchema.extend({ relay: peerSchema.nullable() });

/** Some for each domain; they are in the settings, which are one row. */
export const MAX_DKIM_KEYS = 50;

const dkimSchema = z
  .array(
    z.strictObject({
      domain: z.string(),
      selector: z.string(),
      publicKey: z.string(),
      sealedPrivateKey: z.string(),
    }),
  )
  .max(MAX_DKIM_KEYS);

export const preflightSchema = z.strictObject({
  /** null: postmaster of the client's first domain */
  address: z.email().nullable(),
  /** 0: only when somebody asks */
  everyDays: z.number().min(0).max(90),
});

const weight = z.number().min(0).max(1_000);
export const choiceSchema = z
  .strictObject({ health: weight, capacity: weight, roundTrip: weight, distance: weight })
  .refine((weights) => Object.values(weights).some((one) => one > 0), 'give at least one of them more than 0');

const LOCAL_TIME = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d$/;
const CLOCK_TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const NO_SUCH_DAY = 'is on no calendar: that month has fewer days';

const maintenanceSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/, 'use 1 to 40 lower-case letters, digits and hyphens'),
  title: z.string().trim().min(1).max(200),
  timeZone: z.string().refine(isTimeZone, 'use an IANA time zone, as Europe/Berlin'),
  meaning: z.enum(['failover', 'keep']),
  when: z.discriminatedUnion('kind', [
    z
      .strictObject({
        kind: z.literal('once'),
        from: z.string().regex(LOCAL_TIME, 'use local time as 2026-12-01T22:00').refine(isOnCalendar, NO_SUCH_DAY),
        to: z.string().regex(LOCAL_TIME, 'use local time as 2026-12-01T23:30').refine(isOnCalendar, NO_SUCH_DAY),
      })
      .refine(({ from, to }) => to > from, { path: ['to'], message: 'must be later than "from"' }),
    z.strictObject({
      kind: z.literal('weekly'),
      weekdays: z.array(z.int().min(1).max(7)).min(1).max(7),
      from: z.string().regex(CLOCK_TIME, 'use local time as 22:00'),
      // Longer than a day a window would run into its own next one.
      minutes: z.int().min(1).max(1_440),
    }),
  ]),
});

export const maintenancePlanSchema = z
  .array(maintenanceSchema)
  .max(50)
  .refine(
    (windows) => new Set(windows.map(({ id }) => id)).size === windows.length,
    'give every window an id of its own',
  );

/** The secret is sealed before it gets here; it is never shown again. */
const webhookSchema = z.strictObject({ url: z.url({ protocol: /^https?$/ }).max(2_000), sealedSecret: z.string() });

export const failoverSchema = z.enum(['automatic', 'ask', 'manual']);
export const failbackSchema = z.enum(['automatic', 'hold']);
export const whenRefusedSchema = z.enum(['keep', 'failover']);
export const noticeAddressesSchema = z.array(z.email()).max(10);

// A slip of the hand (0.001) must not fill a mailbox; once a day is the least that is a reminder.
const SHORTEST_REPEAT = 5;
const LONGEST_REPEAT = 1_440;
const REPEAT_FIX = `use ${SHORTEST_REPEAT} to ${LONGEST_REPEAT} minutes, or 0 to be told once`;
const noticeRepeatSchema = z.union(
  [z.literal(0), z.number().min(SHORTEST_REPEAT, REPEAT_FIX).max(LONGEST_REPEAT, REPEAT_FIX)],
  REPEAT_FIX,
);

export const settingsSchema = z.strictObject({
  thresholds: thresholdsSchema,
  probe: probeSchema,
  recovery: recoverySchema,
  replay: replaySchema,
  expiry: expirySchema,
  outbound: outboundSchema,
  dkim: dkimSchema,
  preflight: preflightSchema,
  filter: filterSettingsSchema,
  failover: failoverSchema,
  failback: failbackSchema,
  whenRefused: whenRefusedSchema,
  maintenance: maintenancePlanSchema,
  choice: choiceSchema,
  noticeAddresses: noticeAddressesSchema,
  webhooks: z.array(webhookSchema).max(5),
  noticeRepeatMinutes: noticeRepeatSchema,
  systemTokenHash: z.string().nullable(),
});

export type ClientSettings = z.infer<typeof settingsSchema>;

export const DEFAULT_SETTINGS: ClientSettings = {
  thresholds: { profile: 'standard' },
  probe: {
    firstSeconds: DEFAULT_PROBE.firstMs / 1000,
    capSeconds: DEFAULT_PROBE.capMs / 1000,
    idleSeconds: DEFAULT_PROBE.idleMs / 1000,
    address: null,
    testMessage: DEFAULT_PROBE.testMessage,
  },
  recovery: { probes: DEFAULT_RECOVERY.probes, spanSeconds: DEFAULT_RECOVERY.spanMs / 1000 },
  replay: { ...DEFAULT_REPLAY, bytesPerMinute: null },
  expiry: { afterHours: DEFAULT_EXPIRY.afterMs / 3_600_000, delayNoticeAfterHours: null },
  outbound: { ...DEFAULT_OUTBOUND, relay: null },
  dkim: [],
  preflight: { address: null, everyDays: DEFAULT_PREFLIGHT.everyMs / 86_400_000 },
  filter: DEFAULT_FILTER_SETTINGS,
  failover: 'automatic',
  failback: 'automatic',
  whenRefused: 'keep',
  maintenance: [],
  choice: DEFAULT_CHOICE,
  noticeAddresses: [],
  webhooks: [],
  noticeRepeatMinutes: DEFAULT_NOTICE_REPEAT_MS / 60_000,
  systemTokenHash: null,
};

/** Settings written by an earlier version lack what came later: the defaults fill in; and they may hold what is not allowed any more. */
export function parseSettings(json: string): ClientSettings {
  const stored: ClientSettings = { ...DEFAULT_SETTINGS, ...JSON.parse(json) };
  return settingsSchema.parse({ ...stored, noticeRepeatMinutes: allowedRepeat(stored.noticeRepeatMinutes) });
}

function allowedRepeat(minutes: number): number {
  return minutes <= 0 ? 0 : Math.min(Math.max(minutes, SHORTEST_REPEAT), LONGEST_REPEAT);
}

/** The numbers in force: the profile's, and before them the client's own. */
export function thresholdsInForce(settings: ThresholdSettings): Thresholds {
  const { amount, durationMs, frequency, confirmMs } = PROFILES[settings.profile ?? 'standard'];
  return {
    amount: settings.amount ?? amount,
    durationMs: settings.durationSeconds === undefined ? durationMs : settings.durationSeconds * 1000,
    frequency: {
      deferrals: settings.frequency?.deferrals ?? frequency.deferrals,
      perMs: settings.frequency === undefined ? frequency.perMs : settings.frequency.perSeconds * 1000,
      share: settings.frequency?.share ?? frequency.share,
    },
    confirmMs: settings.confirmSeconds === undefined ? confirmMs : settings.confirmSeconds * 1000,
  };
}

function isOnCalendar(local: string): boolean {
  return !LOCAL_TIME.test(local) || parseCivilTime(local) !== undefined;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

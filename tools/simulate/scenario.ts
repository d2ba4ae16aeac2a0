/** A scenario file: what traffic there is, what the gateway does, and what is expected. Times are seconds from the beginning. */
import { z } from 'zod';
import { thresholdsSchema } from '../../src/pipeline/settings.ts';

const at = z.number().min(0);
const share = z.number().min(0).max(1);
const replyText = z.string().regex(/^[2-5]\d\d[ -]/, 'begin with a reply code, as "451 4.3.2 try again"');

/** Whom it concerns: a share of all attempts by chance, or a share of the senders or recipients, always the same ones. */
const concerns = { share: share.optional(), senders: share.optional(), recipients: share.optional() };

const STAGES = ['connect', 'banner', 'ehlo', 'tls', 'auth', 'mail', 'rcpt', 'data', 'dot'] as const;

const plain = [
  z.strictObject({ kind: z.literal('refuse'), ...concerns }),
  z.strictObject({ kind: z.literal('connect-timeout'), ...concerns }),
  z.strictObject({ kind: z.literal('reset'), stage: z.enum(STAGES).default('banner'), ...concerns }),
  z.strictObject({ kind: z.literal('banner'), text: replyText, ...concerns }),
  z.strictObject({
    kind: z.literal('reply'),
    stage: z.enum(['mail', 'rcpt', 'data', 'dot']),
    text: replyText,
    ...concerns,
  }),
  z.strictObject({ kind: z.literal('tls-failed'), ...concerns }),
  z.strictObject({
    kind: z.literal('auth-refused'),
    text: replyText.default('535 5.7.8 authentication failed'),
    ...concerns,
  }),
  /** for us only, unless `everywhere`: then no other resolver finds the host either */
  z.strictObject({ kind: z.literal('dns-servfail'), everywhere: z.boolean().default(false), ...concerns }),
  z.strictObject({ kind: z.literal('dns-nxdomain'), ...concerns }),
  z.strictObject({ kind: z.literal('slow'), seconds: z.number().positive(), ...concerns }),
  z.strictObject({
    kind: z.literal('throttle'),
    maxConnections: z.int().min(0),
    text: replyText.default('421 4.7.0 too many connections'),
    ...concerns,
  }),
] as const;

const steady = z.discriminatedUnion('kind', [...plain]);

const behaviour = z.discriminatedUnion('kind', [
  ...plain,
  /** begins with `down` */
  z.strictObject({
    kind: z.literal('flapping'),
    upSeconds: z.number().positive(),
    downSeconds: z.number().positive(),
    down: steady,
  }),
]);

const span = { fromSeconds: at, toSeconds: at };

export const scenarioSchema = z
  .strictObject({
    name: z.string().min(1),
    profile: z.enum(['cautious', 'standard', 'eager']).optional(),
    thresholds: thresholdsSchema.omit({ profile: true }).optional(),
    failover: z.enum(['automatic', 'ask', 'manual']).default('automatic'),
    whenRefused: z.enum(['keep', 'failover']).default('keep'),
    /** chance begins here: the same seed, the same run */
    seed: z.int().default(1),
    traffic: z
      .array(
        z.strictObject({
          ...span,
          messagesPerMinute: z.number().positive().max(6_000),
          senders: z.int().min(1).default(40),
          recipients: z.int().min(1).default(25),
        }),
      )
      .default([]),
    gateway: z.array(z.strictObject({ ...span, behaviour })).default([]),
    expect: z
      .strictObject({
        failover: z.boolean().optional(),
        /** after the first message that failed; after the beginning of the trouble where no message did */
        withinSeconds: at.optional(),
        /** after the end of the gateway's trouble */
        failbackWithinSeconds: at.optional(),
        /** messages whose senders were told 5xx */
        bouncedAtMost: z.int().min(0).optional(),
        /** states that must have been reached */
        reaches: z.array(z.enum(['up', 'suspect', 'tls-broken', 'refused-us', 'down', 'recovering'])).optional(),
      })
      .default({}),
  })
  .refine((scenario) => [...scenario.traffic, ...scenario.gateway].every((one) => one.fromSeconds < one.toSeconds), {
    message: 'every span must end after it begins',
  });

export type Scenario = z.infer<typeof scenarioSchema>;
export type Steady = z.infer<typeof steady>;

export type ReadScenario =
  | { readonly kind: 'read'; readonly scenario: Scenario }
  | { readonly kind: 'invalid'; readonly problem: string };

export function readScenario(json: string): ReadScenario {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    return { kind: 'invalid', problem: cause instanceof Error ? cause.message : 'not JSON' };
  }
  const parsed = scenarioSchema.safeParse(value);
  if (parsed.success) return { kind: 'read', scenario: parsed.data };
  const lines = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  return { kind: 'invalid', problem: lines.join('; ') };
}

/** A client's record as the API gives it and as a file keeps it: parsed here and nowhere else. */
import { z } from 'zod';
import type { Recorded } from '../../src/core/record.ts';
import { probeSchema, recoverySchema, whenRefusedSchema } from '../../src/pipeline/settings.ts';
import type { Span } from './replay.ts';
import { DEFAULT_MANNER, type Manner, type Numbers, STANDARD } from './settings.ts';

/** Everything a backtest is made of. */
export type Material = {
  readonly client: string;
  readonly span: Span;
  /** in force now */
  readonly settings: Numbers;
  readonly manner: Manner;
  /** oldest first */
  readonly record: readonly Recorded[];
};

const SCOPES = ['host', 'resolver', 'configuration', 'tls', 'policy', 'load', 'recipient', 'message', 'none'] as const;
const evidence = z.object({
  scope: z.enum(SCOPES),
  weight: z.number().min(0).max(1),
  alive: z.enum(['yes', 'partly', 'no']),
});
const atMs = z.int().min(0);
const count = z.int().min(0);

const observation = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('failed'),
    atMs,
    evidence,
    message: z.string(),
    witness: z.object({ sender: z.string(), recipient: z.string() }),
    count,
    words: z.string(),
  }),
  z.object({ kind: z.literal('answered'), atMs, count, taken: count }),
  z.object({
    kind: z.literal('probe'),
    atMs,
    evidence,
    taken: z.enum(['yes', 'no', 'refuses-people']),
    words: z.string(),
  }),
]);

/** One answer of GET …/observations. */
export const pageSchema = z.object({ observations: z.array(observation), next: z.string().nullable().default(null) });

export const numbersSchema = z.object({
  amount: z.number(),
  durationSeconds: z.number(),
  frequency: z.object({ deferrals: z.number(), perSeconds: z.number(), share: z.number() }),
  confirmSeconds: z.number(),
});

export const mannerSchema = z.object({ probe: probeSchema, recovery: recoverySchema, whenRefused: whenRefusedSchema });

/** What `--save` writes; a page of observations alone is read as well. */
const fileSchema = z.object({
  client: z.string().default('the client of the file'),
  fromMs: atMs.optional(),
  toMs: atMs.optional(),
  settings: numbersSchema.default(STANDARD),
  manner: mannerSchema.optional(),
  observations: z.array(observation),
});

type Observation = z.infer<typeof observation>;

export function recordedOf(observations: readonly Observation[]): readonly Recorded[] {
  return observations
    .map(({ atMs: at, ...rest }): Recorded => ({ at, ...rest }))
    .toSorted((one, other) => one.at - other.at);
}

export function readMaterial(text: string): Material {
  const parsed = fileSchema.safeParse(JSON.parse(text));
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    throw new Error(
      `${first?.path.join('.')}: ${first?.message}. Use what --save wrote, or an answer of GET …/observations.`,
    );
  }
  const { client, fromMs, toMs, settings, manner, observations } = parsed.data;
  const record = recordedOf(observations);
  const span = { from: fromMs ?? record[0]?.at ?? 0, to: toMs ?? record.at(-1)?.at ?? 0 };
  return { client, span, settings, manner: manner === undefined ? DEFAULT_MANNER : mannerOf(manner), record };
}

export function writeMaterial({ client, span, settings, manner, record }: Material): string {
  const observations = record.map(({ at, ...rest }) => ({ atMs: at, ...rest }));
  const { probe, recovery, whenRefused } = manner;
  return JSON.stringify({
    client,
    fromMs: span.from,
    toMs: span.to,
    settings,
    manner: {
      probe: {
        firstSeconds: probe.firstMs / 1000,
        capSeconds: probe.capMs / 1000,
        idleSeconds: probe.idleMs / 1000,
        testMessage: probe.testMessage,
      },
      recovery: { probes: recovery.probes, spanSeconds: recovery.spanMs / 1000 },
      whenRefused,
    },
    observations,
  });
}

export function mannerOf({ probe, recovery, whenRefused }: z.infer<typeof mannerSchema>): Manner {
  return {
    probe: {
      firstMs: probe.firstSeconds * 1000,
      capMs: probe.capSeconds * 1000,
      idleMs: probe.idleSeconds * 1000,
      testMessage: probe.testMessage,
    },
    recovery: { probes: recovery.probes, spanMs: recovery.spanSeconds * 1000 },
    whenRefused,
  };
}

/** The last days of it. */
export function lastDays(material: Material, days: number): Material {
  const from = Math.max(material.span.from, material.span.to - days * 86_400_000);
  return { ...material, span: { ...material.span, from } };
}

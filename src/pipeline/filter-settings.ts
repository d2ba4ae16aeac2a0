/** What of a client's filter is kept with its settings: everything but its rules, its lists, and what its accounts say. */
import { z } from 'zod';
import { DEFAULT_FILTER_PLAN } from '../core/filter-plan.ts';
import { BUILT_IN_SETS } from '../core/rules/built-in.ts';

export const whenFailed = z.enum(['pass-marked', 'hold']);
const score = z.int().min(1).max(100);

export const setsSchema = z
  .array(z.enum(BUILT_IN_SETS))
  .refine((sets) => new Set(sets).size === sets.length, 'name each set once');

export const spamSchema = z
  .strictObject({ quarantineAt: score, tagAt: score })
  .refine(({ quarantineAt, tagAt }) => tagAt <= quarantineAt, {
    path: ['tagAt'],
    message: 'must not be more than quarantineAt: what is marked would be in quarantine already',
  });

/** as stored: secrets are sealed */
const scannerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('rspamd'),
    url: z.string(),
    sealedPassword: z.string().exactOptional(),
    whenFailed,
  }),
  z.strictObject({
    kind: z.literal('clamd'),
    host: z.string(),
    port: z.int(),
    tls: z.enum(['none', 'implicit']),
    whenFailed,
  }),
  z.strictObject({ kind: z.literal('http'), url: z.string(), sealedToken: z.string().exactOptional(), whenFailed }),
]);

export const quarantineSchema = z.strictObject({
  // A year of other people's spam is no record of anything.
  retentionDays: z.int().min(1).max(366),
  users: z.enum(['nothing', 'see', 'release']),
  /** 0: no digest */
  digestHours: z.int().min(0).max(168),
});

export const filterSettingsSchema = z.strictObject({
  sets: setsSchema,
  spam: spamSchema,
  scanners: z.array(scannerSchema),
  // Settings written by an earlier version lack it.
  whenScannerFailed: whenFailed.default(DEFAULT_FILTER_PLAN.whenScannerFailed),
  whenNotFullyScanned: whenFailed,
  quarantine: quarantineSchema,
});

export type FilterSettings = z.infer<typeof filterSettingsSchema>;

const { sets, spam, scanners, whenScannerFailed, whenNotFullyScanned, quarantine } = DEFAULT_FILTER_PLAN;
export const DEFAULT_FILTER_SETTINGS: FilterSettings = filterSettingsSchema.parse({
  sets,
  spam,
  scanners,
  whenScannerFailed,
  whenNotFullyScanned,
  quarantine,
});

/**
 * A client's rules as they are given: everything the evaluator may rely on is proved here, and what is wrong is answered with what to
 * write instead. Every bound says what it is for.
 */
import { z } from 'zod';
import { compileGlob, compilePattern } from '../core/rules/pattern.ts';
import type { Action, AttachmentTest, Condition, TextTest } from '../core/rules/rule.ts';

// A person reads them from top to bottom, and each is tried on every message.
export const MAX_RULES = 500;
// Nobody reads deeper, and every level is a call of the evaluator.
const MAX_DEPTH = 6;
// Of one rule, all levels together: each costs time with every message.
const MAX_CONDITIONS = 100;
// More belongs into a list, which is looked up in one step instead of tried entry by entry.
const MAX_ENTRIES = 200;
const MAX_VALUE_LENGTH = 500;
// 998 characters are a header's longest line (RFC 5322 §2.1.1), 512 octets a reply's (RFC 5321 §4.5.3.1.5); these stay far below.
const MAX_HEADER_VALUE_LENGTH = 200;
const MAX_REPLY_LENGTH = 200;
const MAX_PREFIX_LENGTH = 40;
const MAX_MESSAGE_BYTES = 100_000_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
const ONE_LINE = /^[^\u0000-\u001f\u007f]*$/;
const PRINTABLE_ASCII = /^[\u0020-\u007e]*$/;

const oneLine = z.string().regex(ONE_LINE, 'must be one line without control characters');
const value = z.string().regex(/\S/, 'must not be empty: it would match everything').max(MAX_VALUE_LENGTH);

const textTest = z
  .strictObject({
    how: z.enum(
      ['contains', 'word', 'equals', 'glob', 'pattern'],
      'use "contains", "word", "equals", "glob" (with * and ?) or "pattern"',
    ),
    value,
  })
  .superRefine(compiles);

function compiles({ how, value: source }: TextTest, context: z.RefinementCtx): void {
  if (how !== 'pattern' && how !== 'glob') return;
  const compiled = how === 'glob' ? compileGlob(source) : compilePattern(source);
  if (compiled.kind === 'refused')
    context.addIssue({ code: 'custom', path: ['value'], message: `the ${how} ${compiled.why}` });
}

const ADDRESS_PATTERN = /^(?:<>|<own>|@(?:\*\.)?[^\s@*<>]+|[^\s@<>]+@[^\s@*<>]+)$/;
const addressPattern = z
  .string()
  .max(320)
  .regex(
    ADDRESS_PATTERN,
    'use an address, "@b.example", "@*.b.example" for what lies below it, "<own>" for your own domains, or "<>" for bounces',
  );
const hostPattern = z
  .string()
  .max(255)
  .regex(/^(?:\*\.)?[^\s*@/:<>]+$/, 'use a host as "b.example", or "*.b.example" for what lies below it');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/i, 'use the SHA-256 as 64 hexadecimal digits');
const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'use local time as 22:00');
/** RFC 5322 §3.6.8; colons and spaces would make two fields of one */
const headerName = z
  .string()
  .regex(/^[\u0021-\u0039\u003b-\u007e]{1,100}$/, 'use the name of a header, without its colon');

function some<T extends z.ZodType>(entry: T) {
  return z
    .array(entry)
    .min(1, 'name at least one')
    .max(MAX_ENTRIES, `name at most ${MAX_ENTRIES}, and keep more in a list`);
}

const attachmentTest = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('name'), test: textTest }),
    z.strictObject({
      kind: z.literal('type'),
      types: some(
        z
          .string()
          .regex(/^[\w.+-]+(?:\/(?:[\w.+-]+|\*))?$/, 'use a type as "application/pdf", "image/*" or "executable"'),
      ),
    }),
    z.strictObject({ kind: z.literal('hash'), sha256: some(sha256) }),
    z.strictObject({ kind: z.literal('encrypted') }),
    z.strictObject({ kind: z.literal('macro') }),
    z.strictObject({ kind: z.literal('dangerous') }),
    z.strictObject({ kind: z.literal('tricked-name') }),
    z.strictObject({ kind: z.literal('bomb') }),
    z.strictObject({ kind: z.literal('any') }),
  ],
  {
    error:
      'use a test of kind "any", "name", "type", "hash", "encrypted", "macro", "dangerous", "tricked-name" or "bomb"',
  },
) satisfies z.ZodType<AttachmentTest>;

const within: z.ZodType<Condition> = z.lazy(() => conditionOfAnyDepth);

const leaves = [
  z.strictObject({ kind: z.literal('always') }),
  z.strictObject({ kind: z.literal('direction'), is: z.enum(['inbound', 'outbound'], 'use "inbound" or "outbound"') }),
  z.strictObject({
    kind: z.literal('address'),
    of: z.enum(
      ['sender', 'recipient', 'from', 'reply-to', 'to-or-cc'],
      'use "sender" or "recipient" (of the envelope), "from", "reply-to" or "to-or-cc" (of the headers)',
    ),
    matches: some(addressPattern),
  }),
  z.strictObject({
    kind: z.literal('header'),
    name: headerName,
    test: z.union([z.strictObject({ how: z.literal('present') }), textTest]),
  }),
  z.strictObject({
    kind: z.literal('text'),
    in: z.enum(['subject', 'body', 'anywhere'], 'use "subject", "body" or "anywhere"'),
    test: textTest,
  }),
  z.strictObject({ kind: z.literal('size'), overBytes: z.int().min(0).max(MAX_MESSAGE_BYTES) }),
  z.strictObject({
    kind: z.literal('time'),
    timeZone: z.string().max(60).refine(isTimeZone, 'use an IANA time zone, as Europe/Berlin'),
    weekdays: z.array(z.int().min(1).max(7)).min(1, 'name at least one weekday, 1 (Monday) to 7').max(7),
    from: clockTime,
    to: clockTime,
  }),
  z.strictObject({
    kind: z.literal('country'),
    in: some(z.string().regex(/^[A-Za-z]{2}$/, 'use the two letters of ISO 3166-1, as DE')),
  }),
  z.strictObject({ kind: z.literal('attachment'), test: attachmentTest }),
  z.strictObject({ kind: z.literal('link'), hosts: some(hostPattern) }),
  z.strictObject({
    kind: z.literal('authentication'),
    method: z.enum(['spf', 'dkim', 'dmarc'], 'use "spf", "dkim" or "dmarc"'),
    is: some(
      z.enum(
        ['pass', 'fail', 'softfail', 'neutral', 'none', 'temperror', 'permerror', 'policy', 'unknown'],
        'use results as "pass", "fail", "softfail", "neutral", "none", "temperror", "permerror", "policy" or "unknown"',
      ),
    ),
  }),
  z.strictObject({ kind: z.literal('spam'), atLeast: z.number().min(0).max(100) }),
  z.strictObject({ kind: z.literal('virus') }),
  z.strictObject({
    kind: z.literal('listed'),
    list: z.string().min(1).max(100),
    of: z.enum(
      ['sender', 'sender-domain', 'recipient', 'remote-ip', 'link-host', 'attachment-hash'],
      'use "sender", "sender-domain", "recipient", "remote-ip", "link-host" or "attachment-hash"',
    ),
  }),
  z.strictObject({
    kind: z.literal('impersonation'),
    of: z.enum(['own-domain', 'own-account'], 'use "own-domain" or "own-account"'),
  }),
  z.strictObject({
    kind: z.literal('sensitive'),
    what: z.enum(['card', 'iban', 'national-id'], 'use "card", "iban" or "national-id"'),
    atLeast: z.int().min(1).max(1_000),
  }),
  z.strictObject({ kind: z.literal('not-fully-scanned') }),
  z.strictObject({ kind: z.literal('scanner-failed'), scanner: z.string().min(1).max(100).exactOptional() }),
] as const;

const conditionOfAnyDepth = z.discriminatedUnion(
  'kind',
  [
    ...leaves,
    z.strictObject({ kind: z.literal('all'), of: some(within) }),
    z.strictObject({ kind: z.literal('any'), of: some(within) }),
    z.strictObject({ kind: z.literal('not'), of: within }),
  ],
  {
    error:
      'is no condition: use a kind as "always", "all", "any", "not", "direction", "address", "header", "text", "size", "time", "country", "attachment", "link", "authentication", "spam", "virus", "listed", "impersonation", "sensitive", "not-fully-scanned" or "scanner-failed"',
  },
);

/** Depth and number are looked at first, without recursion: brackets a megabyte deep would end the parser, not be refused by it. */
export const conditionSchema: z.ZodType<Condition> = z
  .unknown()
  .describe('a condition, with its "kind": docs/filtering.md lists all of them, with examples')
  .superRefine((given, context) => {
    const message = tooMuch(given);
    if (message !== undefined) context.addIssue({ code: 'custom', message, continue: false });
  })
  .pipe(conditionOfAnyDepth);

function tooMuch(given: unknown): string | undefined {
  let level: readonly unknown[] = [given];
  let count = 0;
  for (let depth = 1; level.length > 0; depth += 1) {
    count += level.length;
    if (depth > MAX_DEPTH) return `is more than ${MAX_DEPTH} levels deep: make it flatter, or two rules of it`;
    if (count > MAX_CONDITIONS) return `has more than ${MAX_CONDITIONS} conditions: use a list, or several rules`;
    level = level.flatMap(partsOf);
  }
  return undefined;
}

function partsOf(given: unknown): readonly unknown[] {
  if (typeof given !== 'object' || given === null || !('of' in given)) return [];
  if (Array.isArray(given.of)) return given.of;
  return typeof given.of === 'object' ? [given.of] : [];
}

// A tag may say what we think of a message, not rewrite what others have said in it, nor our own trace.
const OUR_TRACE = /^X-Breakwater-Trace$/i;
const tagHeader = z.strictObject({
  name: z
    .string()
    .regex(/^[Xx]-[A-Za-z0-9-]{1,60}$/, 'use a name of your own that begins with "X-", in letters, digits and hyphens')
    .refine((name) => !OUR_TRACE.test(name), 'is the header by which a message that comes back to us is known'),
  value: z
    .string()
    .min(1)
    .max(MAX_HEADER_VALUE_LENGTH)
    .regex(PRINTABLE_ASCII, 'use printable ASCII in one line; {score} stands for the spam score'),
});

export const actionSchema: z.ZodType<Action> = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('accept') }),
    z.strictObject({ kind: z.literal('quarantine') }),
    z.strictObject({
      kind: z.literal('reject'),
      text: z
        .string()
        .min(1, 'say what the sender should do')
        .max(MAX_REPLY_LENGTH)
        .regex(PRINTABLE_ASCII, 'use printable ASCII in one line: it stands in an SMTP reply'),
    }),
    z.strictObject({ kind: z.literal('discard') }),
    z.strictObject({ kind: z.literal('hold') }),
    z
      .strictObject({
        kind: z.literal('tag'),
        header: tagHeader.exactOptional(),
        subjectPrefix: oneLine.min(1).max(MAX_PREFIX_LENGTH).exactOptional(),
      })
      .refine(
        ({ header, subjectPrefix }) => header !== undefined || subjectPrefix !== undefined,
        'give a header, a subjectPrefix, or both: this tag would do nothing',
      ),
    z.strictObject({ kind: z.literal('redirect'), to: z.email('use the address of one of your accounts') }),
    z.strictObject({ kind: z.literal('notify'), whom: z.enum(['admins', 'recipient'], 'use "admins" or "recipient"') }),
  ],
  {
    error:
      'is no action: use a kind as "accept", "tag", "quarantine", "hold", "reject", "discard", "redirect" or "notify"',
  },
);

/** As it is given: without an id it is a new one. */
export const givenRuleSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,60}$/, 'is not the id of a rule: leave it out for a new one')
    .optional(),
  name: oneLine.trim().min(1, 'give the rule a name').max(200),
  isOn: z.boolean().default(true),
  when: conditionSchema,
  then: actionSchema,
});

export const givenRulesSchema = z
  .array(givenRuleSchema)
  .max(MAX_RULES, `keep at most ${MAX_RULES} rules: addresses and hosts by the hundred belong into a list`)
  .refine((rules) => {
    const ids = rules.flatMap(({ id }) => id ?? []);
    return new Set(ids).size === ids.length;
  }, 'give every rule an id of its own, or none');

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

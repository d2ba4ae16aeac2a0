/** The filter step never throws and ends in time: whatever fails is a fact, and the message goes on by what its client has said for that. */
import { describe, expect, it } from 'vitest';
import type { LogEvent } from '../../src/core/event.ts';
import { DEFAULT_FILTER_PLAN, type FilterPlan } from '../../src/core/filter-plan.ts';
import type { ClientId } from '../../src/core/ids.ts';
import { NOT_AUTHENTICATED } from '../../src/core/message-facts.ts';
import type { Rule } from '../../src/core/rules/rule.ts';
import { EMPTY_MODEL } from '../../src/core/spam/model.ts';
import { type FilterNeeds, type FilterSubject, filter, filterEach } from '../../src/pipeline/filter.ts';
import type { Scanner } from '../../src/pipeline/scanner.ts';
import { inspect } from '../filter/inspected.ts';
import { EICAR } from '../support/known-bad.ts';
import { write } from '../support/mail.ts';
import { fakeScanner, subjectOf } from '../support/scanners.ts';

const never = new Promise<never>(() => undefined);
const thrower = () => {
  throw new Error('it broke');
};
/** The time is up as soon as somebody waits. */
const atOnce: FilterNeeds['startTimer'] = () => ({
  expired: new Promise((resolve) => setTimeout(resolve, 0)),
  cancel: () => undefined,
});
const noHurry: FilterNeeds['startTimer'] = () => ({ expired: never, cancel: () => undefined });

function subject(message = write()): FilterSubject {
  return { ...subjectOf(message), clientId: 'harbour' as ClientId, receivedAt: 0, inspected: inspect(message) };
}

type Broken = Partial<FilterNeeds> & { readonly scanners?: readonly Scanner[] };

async function run(plan: Partial<FilterPlan>, { scanners = [], ...broken }: Broken = {}, message?: string) {
  const logged: LogEvent[] = [];
  const needs: FilterNeeds = {
    authenticate: async () => NOT_AUTHENTICATED,
    scannersOf: () => scanners,
    badHashes: async () => new Set(),
    startTimer: noHurry,
    log: (event) => logged.push(event),
    ...broken,
  };
  const terms = { plan: { ...DEFAULT_FILTER_PLAN, ...plan }, ownDomains: ['harbour.example'], model: EMPTY_MODEL };
  return { ...(await filter(subject(message), terms, needs)), logged };
}

const rule = (given: Partial<Rule>): Rule => ({
  id: 'r1',
  name: 'a rule',
  isOn: true,
  when: { kind: 'always' },
  then: { kind: 'accept' },
  ...given,
});

function scanner(scan: Scanner['scan'], whenFailed: Scanner['whenFailed'] = 'pass-marked'): Scanner {
  return { name: 'clamd', whenFailed, scan };
}

it('a message that nothing is wrong with goes on without a mark, and nothing is logged', async () => {
  const { decision, logged } = await run({}, { scanners: [fakeScanner()] });
  expect(decision).toMatchObject({ verdict: { kind: 'accept' }, headers: [], subjectPrefix: '', failed: [] });
  expect(logged).toEqual([]);
});

describe.each([
  ['throws', thrower, noHurry],
  ['is refused', () => Promise.reject(new Error('it broke')), noHurry],
  ['hangs', () => never, atOnce],
])('a scanner that %s', (_, scan, startTimer) => {
  it('lets the message pass with a mark, where the client wants that', async () => {
    const { decision, facts, logged } = await run({}, { scanners: [scanner(scan)], startTimer });
    expect(facts.scans).toContainEqual({ scanner: 'clamd', kind: 'failed', why: expect.any(String) });
    expect(decision.verdict.kind).toBe('accept');
    expect(decision.headers).toEqual([{ name: 'X-Breakwater-Filter', value: expect.stringContaining('clamd') }]);
    expect(logged).toMatchObject([{ kind: 'filter-trouble', why: expect.stringContaining('clamd') }]);
  });

  it('holds it for a person, where the client wants that', async () => {
    const { decision } = await run({}, { scanners: [scanner(scan, 'hold')], startTimer });
    expect(decision.verdict).toMatchObject({ kind: 'hold', reason: expect.stringContaining('clamd') });
  });

  it("does not outweigh the client's own word", async () => {
    const known = await run({ rules: [rule({})] }, { scanners: [scanner(scan, 'hold')], startTimer });
    expect(known.decision.verdict.kind).toBe('accept');
    const refused = rule({ then: { kind: 'reject', text: 'no' } });
    const unwanted = await run({ rules: [refused] }, { scanners: [scanner(scan, 'hold')], startTimer });
    expect(unwanted.decision.verdict.kind).toBe('reject');
  });
});

it.each([
  ['throws', thrower, noHurry],
  ['hangs', () => never, atOnce],
] as const)('an authentication that %s leaves the sender unknown, and says so', async (_, authenticate, startTimer) => {
  const { decision, facts } = await run({}, { authenticate, startTimer });
  expect(facts).toMatchObject({ authentication: NOT_AUTHENTICATED, unscanned: ['out-of-time'] });
  expect(decision.headers).toMatchObject([{ value: expect.stringContaining('out-of-time') }]);
  const strict = await run({ whenNotFullyScanned: 'hold' }, { authenticate, startTimer });
  expect(strict.decision.verdict.kind).toBe('hold');
});

it('what is slow does not keep the others from being heard', async () => {
  const { facts } = await run(
    { sets: ['virus'] },
    { scanners: [scanner(() => never)], badHashes: () => never, startTimer: atOnce, authenticate: () => never },
  );
  expect(facts.scans.map(({ scanner: name, kind }) => [name, kind])).toEqual([
    ['built-in', 'failed'],
    ['clamd', 'failed'],
  ]);
  expect(facts.headers.subject).not.toBe('');
});

it.each([
  ['scanners that cannot be opened', {}, { scannersOf: thrower }],
  ['a plan of no shape that is known', { rules: 7 as unknown as readonly Rule[] }, {}],
  ['lists that are none', { lists: { bad: 7 as unknown as readonly string[] } }, {}],
])('%s cost the message nothing, and are not passed over in silence', async (_, plan, broken) => {
  const { decision, logged } = await run(plan, broken);
  expect(decision.verdict.kind).toBe('accept');
  expect(decision.headers).toMatchObject([{ name: 'X-Breakwater-Filter' }]);
  expect(logged.length).toBeGreaterThan(0);
  expect((await run({ ...plan, whenNotFullyScanned: 'hold' }, broken)).decision.verdict.kind).toBe('hold');
});

it('a rule that cannot be judged counts as not met, the next is tried, and the message is marked', async () => {
  const unknown = rule({ id: 'r0', when: { kind: 'of another version' } as unknown as Rule['when'] });
  const tag = rule({ then: { kind: 'tag', header: { name: 'X-Met', value: 'yes' } } });
  const { decision } = await run({ rules: [unknown, tag] });
  expect(decision.headers.map(({ name }) => name)).toEqual(['X-Met', 'X-Breakwater-Filter']);
  const strict = await run({ rules: [unknown, tag], whenNotFullyScanned: 'hold' });
  expect(strict.decision.verdict).toMatchObject({ kind: 'hold', reason: expect.stringContaining('judged') });
});

it.each(['anna@elsewhere.example', 'no address', 'breakwater-failure-abcdefghijklmnopqrstuvwxyz@harbour.example'])(
  'a redirect to "%s" is none',
  async (to) => {
    const { decision, logged } = await run({ rules: [rule({ then: { kind: 'redirect', to } })] });
    expect(decision.redirect).toBeUndefined();
    expect(logged).toMatchObject([{ why: expect.stringContaining('redirect') }]);
  },
);

it('the built-in scanner is always asked, and the set "virus" quarantines what it finds', async () => {
  const message = write({ body: EICAR });
  const { decision, facts } = await run({ sets: ['virus'] }, {}, message);
  expect(facts.scans).toMatchObject([{ scanner: 'built-in', kind: 'found' }]);
  expect(decision.verdict.kind).toBe('quarantine');
});

it('what comes from outside is scored, and what is written in the webmail as well', async () => {
  const { facts } = await run({});
  expect(facts.spam).toMatchObject({ score: expect.any(Number) });
  const terms = { plan: DEFAULT_FILTER_PLAN, ownDomains: [], model: EMPTY_MODEL };
  const written = { ...subject(), direction: 'outbound' } as const;
  const needs = {
    authenticate: async () => NOT_AUTHENTICATED,
    scannersOf: () => [],
    badHashes: async () => new Set<string>(),
  };
  const filtered = await filter(written, terms, { ...needs, startTimer: noHurry, log: () => undefined });
  expect(filtered.facts.spam).toMatchObject({ answer: 'ham' });
});

it('to several recipients a message is looked at once and judged for each', async () => {
  let scans = 0;
  const counting = scanner(async () => {
    scans += 1;
    return { scanner: 'clamd', kind: 'clean' };
  });
  const when = { kind: 'address', of: 'recipient', matches: ['ben@harbour.example'] } as const;
  const plan = { ...DEFAULT_FILTER_PLAN, rules: [rule({ when, then: { kind: 'quarantine' } })] };
  const filtered = await filterEach(
    subject(),
    ['anna@harbour.example', 'ben@harbour.example'],
    { plan, ownDomains: [], model: EMPTY_MODEL },
    {
      authenticate: async () => NOT_AUTHENTICATED,
      scannersOf: () => [counting],
      badHashes: async () => new Set(),
      startTimer: noHurry,
      log: () => undefined,
    },
  );
  expect(filtered.map(({ decision }) => decision.verdict.kind)).toEqual(['accept', 'quarantine']);
  expect(scans).toBe(1);
});

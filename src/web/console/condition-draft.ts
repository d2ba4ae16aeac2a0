/** One condition of a rule as the form holds it, every field as text; and back. Pure. */
import type { Condition, TextTest } from '../../core/rules/rule.ts';
import {
  ADDRESS_ROLES,
  ATTACHMENT_TESTS,
  type ConditionKind,
  DAYS,
  HEADER_TESTS,
  LISTED_ROLES,
  METHODS,
  NUMBERS,
  type Options,
  PLACES,
  PRETENCES,
  RESULTS,
  TESTS,
  WEEKDAYS,
} from './rule-words.ts';

/** What each field means is the kind's: `choice` is its first list, `how` its second. */
export type ConditionDraft = {
  readonly kind: ConditionKind;
  readonly isNot: boolean;
  readonly choice: string;
  readonly how: string;
  readonly name: string;
  readonly value: string;
  readonly from: string;
  readonly to: string;
};

export type ConditionErrors = Readonly<Partial<Record<'name' | 'value' | 'from' | 'to', string>>>;
export type ReadCondition =
  | { readonly kind: 'read'; readonly condition: Condition }
  | { readonly kind: 'wrong'; readonly errors: ConditionErrors };

// Decimal, as mail programs and providers state their limits.
const BYTES_PER_MB = 1_000_000;

/** A fresh one of a kind, with what people mostly want. */
export function emptyCondition(kind: ConditionKind, timeZone = 'UTC'): ConditionDraft {
  const empty = { kind, isNot: false, choice: '', how: '', name: '', value: '', from: '', to: '' };
  switch (kind) {
    case 'direction':
      return { ...empty, choice: 'inbound' };
    case 'address':
      return { ...empty, choice: 'sender' };
    case 'text':
      return { ...empty, choice: 'subject', how: 'contains' };
    case 'header':
      return { ...empty, how: 'present' };
    case 'attachment':
      return { ...empty, choice: 'dangerous' };
    case 'listed':
      return { ...empty, choice: 'sender' };
    case 'impersonation':
      return { ...empty, choice: 'own-domain' };
    case 'authentication':
      return { ...empty, choice: 'dmarc', how: 'fail' };
    case 'spam':
      return { ...empty, value: '60' };
    case 'sensitive':
      return { ...empty, choice: 'card', value: '1' };
    case 'size':
      return { ...empty, value: '10' };
    case 'time':
      return { ...empty, choice: 'every', name: timeZone, from: '22:00', to: '06:00' };
    case 'link':
    case 'country':
    case 'virus':
    case 'not-fully-scanned':
    case 'scanner-failed':
      return empty;
  }
}

export function readCondition(draft: ConditionDraft): ReadCondition {
  const read = readPlain(draft);
  if (read.kind === 'wrong' || !draft.isNot) return read;
  return { kind: 'read', condition: { kind: 'not', of: read.condition } };
}

/** Undefined for what the form cannot show. */
export function draftOfCondition(condition: Condition): ConditionDraft | undefined {
  if (condition.kind !== 'not') return plainDraft(condition);
  const inner = plainDraft(condition.of);
  return inner === undefined ? undefined : { ...inner, isNot: true };
}

function read(condition: Condition): ReadCondition {
  return { kind: 'read', condition };
}

function wrong(errors: ConditionErrors): ReadCondition {
  return { kind: 'wrong', errors };
}

function readPlain(draft: ConditionDraft): ReadCondition {
  const { kind, choice, how, name, value } = draft;
  switch (kind) {
    case 'direction':
      return read({ kind, is: choice === 'outbound' ? 'outbound' : 'inbound' });
    case 'address':
      return readMany(value, 'Enter an address, or @ and a domain.', (matches) => ({
        kind,
        of: chosen(ADDRESS_ROLES, choice),
        matches,
      }));
    case 'text':
      return readTest(draft, (test) => ({ kind, in: chosen(PLACES, choice), test }));
    case 'header':
      return readHeader(draft);
    case 'attachment':
      return readAttachment(draft);
    case 'link':
      return readMany(value, 'Enter a host, as bad.example.', (hosts) => ({ kind, hosts }));
    case 'country':
      return readMany(value, 'Enter two letters for each country, as DE.', (countries) => ({
        kind,
        in: countries.map((one) => one.toUpperCase()),
      }));
    case 'listed':
      return name === ''
        ? wrong({ name: 'Make a list first, below.' })
        : read({ kind, list: name, of: chosen(LISTED_ROLES, choice) });
    case 'impersonation':
      return read({ kind, of: chosen(PRETENCES, choice) });
    case 'authentication':
      return read({ kind, method: chosen(METHODS, choice), is: [chosen(RESULTS, how)] });
    case 'spam':
      return readNumber(value, 100, (atLeast) => ({ kind, atLeast }));
    case 'sensitive':
      return readNumber(value, 1_000, (atLeast) => ({ kind, what: chosen(NUMBERS, choice), atLeast }));
    case 'size':
      return readNumber(value, 95, (megabytes) => ({ kind, overBytes: Math.round(megabytes * BYTES_PER_MB) }));
    case 'time':
      return readTime(draft);
    case 'virus':
    case 'not-fully-scanned':
    case 'scanner-failed':
      return read({ kind });
  }
}

/** The list's own value; its first where a draft holds something else. */
function chosen<Value extends string>(options: Options<Value>, given: string): Value {
  const [first] = options;
  const found = options.find(([value]) => value === given) ?? first;
  if (found === undefined) throw new Error('a list of options is never empty');
  return found[0];
}

function readMany(value: string, missing: string, make: (entries: readonly string[]) => Condition): ReadCondition {
  const entries = value.split(/[\s,;]+/).filter((entry) => entry !== '');
  return entries.length === 0 ? wrong({ value: missing }) : read(make(entries));
}

function readNumber(value: string, most: number, make: (number: number) => Condition): ReadCondition {
  const number = Number(value.replace(',', '.'));
  const isFine = value.trim() !== '' && number > 0 && number <= most;
  return isFine ? read(make(number)) : wrong({ value: `Enter a number up to ${most}.` });
}

function readTest({ how, value }: ConditionDraft, make: (test: TextTest) => Condition): ReadCondition {
  return value === '' ? wrong({ value: 'Enter what to look for.' }) : read(make({ how: chosen(TESTS, how), value }));
}

function readHeader(draft: ConditionDraft): ReadCondition {
  const name = draft.name.trim();
  if (name === '') return wrong({ name: 'Enter the name of a header, as List-Id.' });
  if (draft.how === 'present') return read({ kind: 'header', name, test: { how: 'present' } });
  return readTest(draft, (test) => ({ kind: 'header', name, test }));
}

function readAttachment({ choice, value }: ConditionDraft): ReadCondition {
  const kind = chosen(ATTACHMENT_TESTS, choice);
  if (kind === 'name')
    return value === ''
      ? wrong({ value: 'Enter a name, as *.iso.' })
      : read({ kind: 'attachment', test: { kind, test: { how: 'glob', value } } });
  if (kind === 'type')
    return readMany(value, 'Enter a type, as application/pdf or image/*.', (types) => ({
      kind: 'attachment',
      test: { kind, types },
    }));
  return read({ kind: 'attachment', test: { kind } });
}

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;

function readTime({ choice, name, from, to }: ConditionDraft): ReadCondition {
  const errors = {
    ...(CLOCK.test(from) ? {} : { from: 'Enter a time, as 22:00.' }),
    ...(CLOCK.test(to) ? {} : { to: 'Enter a time, as 06:00.' }),
    ...(name === '' ? { name: 'Choose a time zone, as Europe/Berlin.' } : {}),
  };
  if (Object.keys(errors).length > 0) return wrong(errors);
  return read({ kind: 'time', timeZone: name, weekdays: WEEKDAYS[chosen(DAYS, choice)], from, to });
}

function plainDraft(condition: Condition): ConditionDraft | undefined {
  switch (condition.kind) {
    case 'always':
    case 'all':
    case 'any':
    case 'not':
      return undefined;
    case 'direction':
      return { ...emptyCondition('direction'), choice: condition.is };
    case 'address':
      return { ...emptyCondition('address'), choice: condition.of, value: condition.matches.join(', ') };
    case 'text':
      return { ...emptyCondition('text'), choice: condition.in, how: condition.test.how, value: condition.test.value };
    case 'header':
      return headerDraft(condition);
    case 'attachment':
      return attachmentDraft(condition.test);
    case 'link':
      return { ...emptyCondition('link'), value: condition.hosts.join(', ') };
    case 'country':
      return { ...emptyCondition('country'), value: condition.in.join(', ') };
    case 'listed':
      return { ...emptyCondition('listed'), choice: condition.of, name: condition.list };
    case 'impersonation':
      return { ...emptyCondition('impersonation'), choice: condition.of };
    case 'authentication': {
      const [only, ...more] = condition.is;
      if (only === undefined || more.length > 0) return undefined;
      return { ...emptyCondition('authentication'), choice: condition.method, how: only };
    }
    case 'spam':
      return { ...emptyCondition('spam'), value: `${condition.atLeast}` };
    case 'sensitive':
      return { ...emptyCondition('sensitive'), choice: condition.what, value: `${condition.atLeast}` };
    case 'size':
      return sizeDraft(condition.overBytes);
    case 'time':
      return timeDraft(condition);
    case 'virus':
    case 'not-fully-scanned':
      return emptyCondition(condition.kind);
    case 'scanner-failed':
      return condition.scanner === undefined ? emptyCondition('scanner-failed') : undefined;
  }
}

function headerDraft({ name, test }: Condition & { readonly kind: 'header' }): ConditionDraft {
  const how = chosen(HEADER_TESTS, test.how);
  return { ...emptyCondition('header'), name, how, value: test.how === 'present' ? '' : test.value };
}

function attachmentDraft(test: (Condition & { readonly kind: 'attachment' })['test']): ConditionDraft | undefined {
  const empty = { ...emptyCondition('attachment'), choice: test.kind };
  switch (test.kind) {
    case 'hash':
      return undefined;
    case 'name':
      return test.test.how === 'glob' ? { ...empty, value: test.test.value } : undefined;
    case 'type':
      return { ...empty, value: test.types.join(', ') };
    case 'any':
    case 'encrypted':
    case 'macro':
    case 'dangerous':
    case 'tricked-name':
    case 'bomb':
      return empty;
  }
}

/** In whole tenths of a megabyte; other sizes would come back as something else. */
function sizeDraft(bytes: number): ConditionDraft | undefined {
  const value = `${Math.round((bytes / BYTES_PER_MB) * 10) / 10}`;
  return Math.round(Number(value) * BYTES_PER_MB) === bytes && bytes > 0
    ? { ...emptyCondition('size'), value }
    : undefined;
}

function timeDraft({
  timeZone,
  weekdays,
  from,
  to,
}: Condition & { readonly kind: 'time' }): ConditionDraft | undefined {
  const sorted = [...weekdays].sort((one, other) => one - other).join();
  const days = DAYS.find(([name]) => WEEKDAYS[name].join() === sorted);
  return days === undefined ? undefined : { ...emptyCondition('time', timeZone), choice: days[0], from, to };
}

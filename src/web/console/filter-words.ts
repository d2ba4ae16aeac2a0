/** The filter in words: what trying a rule has found, what a change of the rules was, what follows when something could not be looked at. Pure. */
import type { Filter, FilterList, Scanner, Trial, WhenFailed } from './filter-api.ts';

export type RuleChange =
  | { readonly kind: 'added' | 'changed' | 'removed' | 'switched-on' | 'switched-off'; readonly name: string }
  /** `place`: the new one, from 1 */
  | { readonly kind: 'moved'; readonly name: string; readonly place: number };

/** Why a version was made, as the list of versions shows it. */
export function noteOf(change: RuleChange): string {
  const name = `“${change.name}”`;
  switch (change.kind) {
    case 'added':
      return `added ${name}`;
    case 'changed':
      return `changed ${name}`;
    case 'removed':
      return `removed ${name}`;
    case 'switched-on':
      return `switched ${name} on`;
    case 'switched-off':
      return `switched ${name} off`;
    case 'moved':
      return `moved ${name} to place ${change.place}`;
  }
}

export function moved<Item>(items: readonly Item[], from: number, to: number): readonly Item[] {
  const rest = items.filter((_, index) => index !== from);
  return [...rest.slice(0, to), ...items.slice(from, from + 1), ...rest.slice(to)];
}

export function without<Item extends { readonly id: string }>(items: readonly Item[], id: string): readonly Item[] {
  return items.filter((item) => item.id !== id);
}

/** "It applies to 3 of 412." and what that would have meant. */
export function trialWords({ messages, words, rules }: Trial): readonly string[] {
  const [tried] = rules;
  if (messages === 0 || tried === undefined) return [words];
  const unknown = tried.unknown === 0 ? '' : `, and perhaps to ${tried.unknown} more`;
  return [`It applies to ${tried.matched} of the last ${messages}${unknown}.`, words];
}

export const VERDICTS: Readonly<Record<Trial['examples'][number]['verdict'], string>> = {
  quarantine: 'quarantine',
  reject: 'refused',
  discard: 'discarded',
  hold: 'held',
  'cannot-be-said': 'cannot be said',
};

export const WHEN_FAILED: readonly (readonly [value: WhenFailed, words: string])[] = [
  ['pass-marked', 'Mail goes on, with a header that says so'],
  ['hold', 'Mail is held for a person to decide'],
];

export function scannerWords(scanner: Scanner): string {
  const silent = scanner.whenFailed === 'hold' ? 'mail is held' : 'mail goes on, marked';
  switch (scanner.kind) {
    case 'rspamd':
      return `rspamd at ${scanner.url}; without its answer ${silent}`;
    case 'http':
      return `A scanner at ${scanner.url}; without its answer ${silent}`;
    case 'clamd': {
      const way = scanner.tls === 'none' ? 'in plain text' : 'over TLS';
      return `clamd at ${scanner.host}:${scanner.port}, ${way}; without its answer ${silent}`;
    }
  }
}

export type SettingsDraft = {
  readonly tagAt: string;
  readonly quarantineAt: string;
  readonly whenScannerFailed: WhenFailed;
  readonly whenNotFullyScanned: WhenFailed;
  readonly retentionDays: string;
  readonly digestHours: string;
  readonly users: Filter['quarantine']['users'];
};
export type SettingsErrors = Readonly<Partial<Record<keyof SettingsDraft, string>>>;
type ReadSettings =
  | {
      readonly kind: 'read';
      readonly change: Pick<Filter, 'spam' | 'whenScannerFailed' | 'whenNotFullyScanned' | 'quarantine'>;
    }
  | { readonly kind: 'wrong'; readonly errors: SettingsErrors };

export const QUARANTINE_USERS: readonly (readonly [value: SettingsDraft['users'], words: string])[] = [
  ['nothing', 'Nothing: only administrators see it'],
  ['see', 'See what was kept back for them'],
  ['release', 'See it, and let it out'],
];

export function settingsDraft({ spam, whenScannerFailed, whenNotFullyScanned, quarantine }: Filter): SettingsDraft {
  return {
    tagAt: `${spam.tagAt}`,
    quarantineAt: `${spam.quarantineAt}`,
    whenScannerFailed,
    whenNotFullyScanned,
    retentionDays: `${quarantine.retentionDays}`,
    digestHours: `${quarantine.digestHours}`,
    users: quarantine.users,
  };
}

export function readSettings(draft: SettingsDraft): ReadSettings {
  const { users, whenScannerFailed, whenNotFullyScanned } = draft;
  const [tagAt, quarantineAt] = [wholeNumber(draft.tagAt), wholeNumber(draft.quarantineAt)];
  const [retentionDays, digestHours] = [wholeNumber(draft.retentionDays), wholeNumber(draft.digestHours)];
  const errors = {
    ...(isWithin(tagAt, 1, 100) ? {} : { tagAt: 'Enter 1 to 100.' }),
    ...(isWithin(quarantineAt, 1, 100) ? {} : { quarantineAt: 'Enter 1 to 100.' }),
    ...(tagAt > quarantineAt ? { tagAt: 'Enter no more than the score for the quarantine.' } : {}),
    ...(isWithin(retentionDays, 1, 366) ? {} : { retentionDays: 'Enter 1 to 366 days.' }),
    ...(isWithin(digestHours, 0, 168) ? {} : { digestHours: 'Enter up to 168 hours, or 0 for none.' }),
  };
  if (Object.keys(errors).length > 0) return { kind: 'wrong', errors };
  return {
    kind: 'read',
    change: {
      spam: { tagAt, quarantineAt },
      whenScannerFailed,
      whenNotFullyScanned,
      quarantine: { retentionDays, digestHours, users },
    },
  };
}

function wholeNumber(text: string): number {
  return /^\d{1,4}$/.test(text.trim()) ? Number(text) : Number.NaN;
}

function isWithin(number: number, least: number, most: number): boolean {
  return number >= least && number <= most;
}

const LIST_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

export function listNameError(name: string, taken: readonly string[]): string | undefined {
  if (!LIST_NAME.test(name)) return 'Use lower-case letters, digits and hyphens, as trusted-senders.';
  return taken.includes(name) ? 'There is a list of this name.' : undefined;
}

// The built-in scanner reads it without a rule (core/filter-plan.ts).
const BAD_HASHES = 'bad-hashes';

export function listWords({ name, count, usedBy }: Pick<FilterList, 'name' | 'count' | 'usedBy'>): string {
  const entries = count === 1 ? '1 entry' : `${count.toLocaleString('en-GB')} entries`;
  if (usedBy.length === 0 && name === BAD_HASHES) return `${entries}, each of which counts as a virus`;
  if (usedBy.length === 0) return `${entries}; no rule looks things up in it`;
  return `${entries}; used by ${[...new Set(usedBy)].map((rule) => `“${rule}”`).join(', ')}`;
}

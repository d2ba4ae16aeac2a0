/** How lines of the timeline and of the audit log are looked at. Pure. */
import { counted } from '../shared/format.ts';
import type { Tone } from '../shared/notice.tsx';

const EVENT_TONES: Readonly<Record<string, Tone>> = {
  up: 'calm',
  closed: 'calm',
  'maintenance-ends': 'plain',
  'mailboxes-ready': 'calm',
  down: 'trouble',
  'tls-broken': 'trouble',
  'refused-us': 'trouble',
  misconfigured: 'trouble',
  'webhook-failed': 'trouble',
  'mail-impossible': 'trouble',
  suspect: 'emergency',
  asked: 'emergency',
  crossed: 'emergency',
  'repair-waits': 'emergency',
  'resolver-failed': 'emergency',
  'self-doubt': 'emergency',
  recovering: 'emergency',
};

/** Kinds this page does not know yet are plain: it may be older than the API. */
export function eventTone(kind: string): Tone {
  return EVENT_TONES[kind] ?? 'plain';
}

const ACTIONS: Readonly<Record<string, string>> = {
  'client-created': 'enrolled the client',
  'settings-changed': 'changed settings',
  'notices-changed': 'changed the notices',
  'notices-muted': 'muted the notices',
  'notices-unmuted': 'let the notices go on',
  'notices-tested': 'sent a test notice',
  'alarms-acknowledged': 'has seen the alarms',
  'gateways-set': 'set the mail servers',
  'rules-set': 'set the filter rules',
  'domain-added': 'added a domain',
  'domain-removed': 'removed a domain',
  'accounts-added': 'added people',
  'password-set': 'set a password',
  'role-set': 'changed a role',
  'failure-declared': 'declared a failure',
  'drill-begun': 'began a drill',
  'repair-declared': 'said that it is repaired',
  'held-retried': 'tried a held message again',
  'maintenance-extended': 'extended the planned work',
};

export function actionWords(action: string): string {
  return ACTIONS[action] ?? action.replaceAll('-', ' ');
}

/** The detail of a line as `name: value` pairs; what has parts is told part by part, and what is empty is left out. */
export function detailPairs(detail: unknown): readonly (readonly [string, string])[] {
  if (Array.isArray(detail)) return detail.map((one, index) => [String(index + 1), valueWords(one)] as const);
  if (typeof detail !== 'object' || detail === null) return [];
  return partsOf(detail).map(([name, value]) => [name, valueWords(value)]);
}

function valueWords(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(valueWords).join('; ');
  if (typeof value !== 'object' || value === null) return String(value);
  return partsOf(value)
    .map(([name, part]) => (isNested(part) ? `${name} (${valueWords(part)})` : `${name} ${String(part)}`))
    .join(', ');
}

function partsOf(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value).filter(([, part]) => part !== null);
}

function isNested(part: unknown): boolean {
  return typeof part === 'object' && part !== null;
}

/** Hours of a week as bars: how bad an hour was, and the words for it. */
export function hourLook({ delivered, failing }: { readonly delivered: number; readonly failing: number }) {
  const total = delivered + failing;
  const share = total === 0 ? 0 : failing / total;
  return {
    share,
    words:
      total === 0
        ? 'nothing asked'
        : failing === 0
          ? `${counted(delivered, 'message')} taken`
          : `${delivered} taken, ${counted(failing, 'failure')}`,
  };
}

const HOUR_MS = 3_600_000;

type Hour = { readonly atMs: number; readonly delivered: number; readonly failing: number };

/** Every hour of the week up to now, oldest first; the API leaves out those in which nothing was heard. */
export function weekOfHours({
  days,
  to,
  hours,
}: {
  readonly days: number;
  readonly to: number;
  readonly hours: readonly Hour[];
}) {
  const known = new Map(hours.map((hour) => [Math.floor(hour.atMs / HOUR_MS), hour]));
  const last = Math.floor(to / HOUR_MS);
  return Array.from({ length: days * 24 }, (_, index): Hour => {
    const hour = last - days * 24 + 1 + index;
    return known.get(hour) ?? { atMs: hour * HOUR_MS, delivered: 0, failing: 0 };
  });
}

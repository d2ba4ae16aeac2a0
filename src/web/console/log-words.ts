/** How lines of the timeline and of the audit log are looked at. Pure. */
import type { TimelineKind } from '../../core/timeline.ts';
import { counted } from '../shared/format.ts';
import type { Tone } from '../shared/notice.tsx';

export type EventLook = { readonly name: string; readonly tone: Tone };

const EVENTS: Readonly<Record<TimelineKind, EventLook>> = {
  up: { name: 'The mail server takes mail again', tone: 'calm' },
  suspect: { name: 'The mail server has not taken some mail', tone: 'emergency' },
  'tls-broken': { name: 'TLS fails', tone: 'trouble' },
  'refused-us': { name: 'The mail server does not let us in', tone: 'trouble' },
  down: { name: 'The mail server is down', tone: 'trouble' },
  recovering: { name: 'The mail server answers again', tone: 'emergency' },
  asked: { name: 'You are asked: open the mailboxes?', tone: 'emergency' },
  crossed: { name: 'The limits are crossed', tone: 'emergency' },
  'repair-waits': { name: 'You are asked: switch back?', tone: 'emergency' },
  misconfigured: { name: 'The name of the mail server is not found', tone: 'trouble' },
  'resolver-failed': { name: 'Our own name resolution fails', tone: 'emergency' },
  declared: { name: 'The failure is declared as well', tone: 'plain' },
  'replay-waits': { name: 'What was kept waits to be given back', tone: 'emergency' },
  'replay-paused': { name: 'The replay is paused', tone: 'plain' },
  'replay-resumed': { name: 'The replay goes on', tone: 'calm' },
  'turn-set': { name: 'The order of the replay is changed', tone: 'plain' },
  readdressed: { name: 'A held message is given to somebody else', tone: 'plain' },
  'mailboxes-ready': { name: 'The emergency mailboxes are open', tone: 'calm' },
  closed: { name: 'Everything is given back', tone: 'calm' },
  slowed: { name: 'The mail server asks for less at once', tone: 'plain' },
  'slowed-over': { name: 'Full pace again', tone: 'plain' },
  'maintenance-begins': { name: 'Planned work begins', tone: 'plain' },
  'maintenance-ends': { name: 'Planned work is over', tone: 'plain' },
  'maintenance-extended': { name: 'Planned work takes longer', tone: 'plain' },
  acknowledged: { name: 'Somebody has seen the alarm', tone: 'plain' },
  muted: { name: 'Notices by mail are muted', tone: 'plain' },
  unmuted: { name: 'Notices by mail go on', tone: 'plain' },
  'self-doubt': { name: 'Many mail servers fail at once: the fault may be ours', tone: 'emergency' },
  returned: { name: 'Messages go back to their senders', tone: 'plain' },
  'webhook-failed': { name: 'A webhook does not take its calls', tone: 'trouble' },
  'preflight-failed': { name: 'The mail server would not take a replay', tone: 'trouble' },
  'preflight-passed': { name: 'The mail server would take a replay again', tone: 'calm' },
  'rule-notice': { name: 'A rule of the filter was met', tone: 'calm' },
  'mail-impossible': { name: 'Nobody can be told by mail', tone: 'trouble' },
  'relay-failed': { name: 'Mail to the world does not go out', tone: 'trouble' },
  'relay-works': { name: 'Mail to the world goes out again', tone: 'calm' },
};

/** Kinds this page does not know yet go by their own name: it may be older than the API. */
export function eventLook(kind: string): EventLook {
  const known: Readonly<Record<string, EventLook | undefined>> = EVENTS;
  return known[kind] ?? { name: kind.replaceAll('-', ' '), tone: 'plain' };
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
  'filter-set': 'changed the filter',
  'scanners-set': 'set the scanners',
  'list-set': 'set a list of the filter',
  'list-removed': 'removed a list of the filter',
  'domain-added': 'added a domain',
  'domain-removed': 'removed a domain',
  'accounts-added': 'added people',
  'password-set': 'set a password',
  'role-set': 'changed a role',
  'group-set': 'put somebody into a group',
  'relay-set': 'gave the client a relay of its own',
  'relay-removed': 'removed the client’s own relay',
  'dkim-key-made': 'made a DKIM key',
  'dkim-key-removed': 'removed a DKIM key',
  'outbound-limits-set': 'set the limits of mail to the world',
  'outbound-retried': 'tried a message to the world again',
  'outbound-stopped': 'stopped a message to the world',
  'system-token-made': 'made new system addresses',
  'system-token-ended': 'ended the system addresses',
  'failure-declared': 'declared a failure',
  'drill-begun': 'began a drill',
  'repair-declared': 'said that it is repaired',
  'preflight-asked': 'asked for a preflight',
  'held-retried': 'tried a held message again',
  'held-readdressed': 'gave a held message to somebody else',
  'held-exported': 'downloaded a held message',
  'replay-paused': 'paused the replay',
  'replay-resumed': 'let the replay go on',
  'replay-turns-set': 'changed the order of the replay',
  'mailbox-exported': 'downloaded a mailbox',
  'outage-exported': 'downloaded the mail of an outage',
  'outage-reported': 'downloaded the report of an outage',
  'report-written': 'was given the whole report',
  'maintenance-extended': 'extended the planned work',
  'quarantine-opened': 'looked at a message in quarantine',
  'quarantine-released': 'let messages out of the quarantine',
  'quarantine-deleted': 'deleted a message in quarantine',
  'filter-model-reset': 'let the filter forget what it had learned',
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

/** Digits where they matter: between 99 and 100 each of them is hours a year. */
export function percentWords(percent: number): string {
  return `${percent.toLocaleString('en-GB', { maximumFractionDigits: percent < 99 ? 1 : 3 })} %`;
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

/** What a preflight has shown, in a line, and what a person may type for its settings. Pure. */
import { fileSize, sinceTime, span } from '../shared/format.ts';
import type { Tone } from '../shared/notice.tsx';
import type { GatewayPreflight, PreflightRun, PreflightSettings, Preflights, Verdict } from './preflight-api.ts';

export type VerdictLook = { readonly tone: Tone; readonly words: string };

/** Said of one mail server, or of the worst of several. */
export const VERDICTS: Readonly<Record<Verdict, VerdictLook>> = {
  accepted: { tone: 'calm', words: 'would take a replay' },
  throttled: { tone: 'emergency', words: 'would put a replay off' },
  refused: { tone: 'trouble', words: 'would refuse a replay' },
  unreachable: { tone: 'trouble', words: 'could not be reached' },
  tls: { tone: 'trouble', words: 'gives no secure connection' },
  login: { tone: 'trouble', words: 'does not let us log in' },
};

/** The run that counts: the last one that came to an end. */
export function lastDone({ runs }: Preflights): PreflightRun | undefined {
  return runs.find(({ state }) => state === 'done');
}

export function runningNow({ runs }: Preflights): PreflightRun | undefined {
  return runs.find(({ state }) => state === 'running');
}

export function headline(run: PreflightRun | undefined): VerdictLook {
  if (run?.verdict === undefined || run.verdict === null)
    return { tone: 'plain', words: 'Nobody has tried yet whether the mail server would take a replay' };
  const whose = run.gateways.length > 1 && run.verdict !== 'accepted' ? 'At least one mail server' : 'The mail server';
  const all = run.gateways.length > 1 && run.verdict === 'accepted' ? 'Every mail server' : whose;
  const { tone, words } = VERDICTS[run.verdict];
  return { tone, words: `${all} ${words}` };
}

/** For the list of earlier runs. */
export function runWords(run: PreflightRun): string {
  const asked = run.by === 'schedule' ? 'by itself' : `asked for by ${run.by}`;
  switch (run.state) {
    case 'running':
      return `under way, ${asked}`;
    case 'interrupted':
      return `interrupted on our side, ${asked}; it says nothing about the mail server`;
    case 'done':
      return `${headline(run).words}; ${asked}`;
  }
}

export function nextWords({ nextAtMs, everyDays }: Pick<Preflights, 'nextAtMs' | 'everyDays'>, now: number): string {
  if (everyDays === 0) return 'None is sent by itself.';
  if (nextAtMs === null) return 'None comes by itself just now: not in an outage, in planned work or in a replay.';
  return nextAtMs <= now
    ? 'The next one comes in a moment.'
    : `The next one comes by itself: ${sinceTime(nextAtMs, now)}.`;
}

const TLS: Readonly<Record<GatewayPreflight['tls']['configured'], string>> = {
  none: 'no TLS',
  starttls: 'STARTTLS',
  implicit: 'TLS from the start',
};

/** What was seen besides, as name and value. */
export function seenBesides({
  tls,
  login,
  sizeLimitBytes,
  roundTripMs,
  connections,
  extensions,
}: GatewayPreflight): readonly (readonly [string, string])[] {
  const offered = login.offered === null || login.offered.length === 0 ? '' : `; offers ${login.offered.join(', ')}`;
  const logged = login.accepted === null ? 'not tried' : login.accepted ? 'accepted' : 'refused';
  return [
    ['Secure connection', tls.used === null ? `none came about (${TLS[tls.configured]} is set)` : TLS[tls.used]],
    ['Login', login.configured ? `${logged}${offered}` : `none is set${offered}`],
    ...(connections === null
      ? []
      : [['Connections at once', `${connections.opened} of ${connections.asked}`] as const]),
    ...(sizeLimitBytes === null ? [] : [['Largest message', fileSize(sizeLimitBytes)] as const]),
    ...(roundTripMs === null ? [] : [['Answers in', `${roundTripMs} ms`] as const]),
    ...(extensions === null ? [] : [['Offers', extensions.join(' · ')] as const]),
  ];
}

/** How long a run has been going, and how long it may: a minute for each server. */
export function runningWords(run: PreflightRun, now: number): string {
  return `Under way for ${span(Math.max(0, now - run.atMs))}. It takes up to a minute for each mail server; this page tells the outcome by itself.`;
}

export type PreflightDraft = { readonly address: string; readonly everyDays: string };
export type PreflightErrors = Readonly<Partial<Record<keyof PreflightDraft, string>>>;
export type ReadPreflight =
  | { readonly kind: 'read'; readonly settings: PreflightSettings }
  | { readonly kind: 'wrong'; readonly errors: PreflightErrors };

export function readPreflight({ address, everyDays }: PreflightDraft): ReadPreflight {
  const [to, days] = [
    address.trim(),
    Number(everyDays.trim() === '' ? Number.NaN : everyDays.trim().replace(',', '.')),
  ];
  const errors: PreflightErrors = {
    ...(to === '' || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(to) ? {} : { address: 'Enter an address, or leave it empty.' }),
    ...(days >= 0 && days <= 90 ? {} : { everyDays: 'Enter 0 to 90 days; 0 is only when somebody asks.' }),
  };
  if (Object.keys(errors).length > 0) return { kind: 'wrong', errors };
  return { kind: 'read', settings: { address: to === '' ? null : to, everyDays: days } };
}

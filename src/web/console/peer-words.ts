/** Mail servers in words, and their order. Pure. */
import type { Stored, Tls } from './peer-draft.ts';

/** `mail.harbour.example, port 465` */
export function placeWords({ host, port }: Pick<Stored, 'host' | 'port'>): string {
  return `${host}, port ${port}`;
}

const TLS_WORDS: Readonly<Record<Tls, string>> = {
  implicit: 'TLS from the first byte',
  starttls: 'TLS by STARTTLS',
  none: 'without TLS: everything can be read on the way',
};

/** How it is reached, in one line; never a secret. */
export function reachWords({ tls, username, oauth }: Stored): string {
  const login = username === null ? 'no login' : `logs in as ${username}, by ${oauth === null ? 'password' : 'OAuth2'}`;
  return `${TLS_WORDS[tls]} · ${login}`;
}

/** What the choice among several goes by; `''`: nothing is said. */
export function choiceWords({ capacityPerMinute = null, latitude = null, longitude = null }: Stored): string {
  const capacity =
    capacityPerMinute === null ? [] : [`takes ${capacityPerMinute.toLocaleString('en')} messages a minute`];
  const place = latitude === null || longitude === null ? [] : [`at ${latitude}, ${longitude}`];
  return [...capacity, ...place].join(' · ');
}

/** The list with the one at `index` moved: -1 up, 1 down. */
export function moved<T>(list: readonly T[], index: number, by: -1 | 1): readonly T[] {
  const [one, other] = [list[index], list[index + by]];
  if (one === undefined || other === undefined) return list;
  return list.with(index, other).with(index + by, one);
}

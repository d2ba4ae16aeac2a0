/** What a person has typed of a mail server, read into what the API takes; a slip is told at its field. Pure. */
import type { GivenPeer } from './gateways-api.ts';
import {
  draftOf,
  type LoginWay,
  loginWay,
  type PeerDraft,
  type PeerErrors,
  type PeerField,
  type Stored,
} from './peer-draft.ts';

export type ReadPeer =
  | { readonly kind: 'read'; readonly peer: GivenPeer }
  | { readonly kind: 'wrong'; readonly errors: PeerErrors };

export function readPeer(draft: PeerDraft, stored: Stored | undefined): ReadPeer {
  const errors: Partial<Record<PeerField | 'plainText', string>> = {};
  const needed = (field: PeerField, words: string): string => {
    const text = field === 'password' ? draft[field] : draft[field].trim();
    if (text === '') errors[field] = words;
    return text;
  };
  const number = (field: PeerField, { from, to }: Bounds): number | undefined => {
    const text = draft[field].trim().replace(',', '.');
    const value = Number(text);
    if (text === '' || (value >= from && value <= to)) return text === '' ? undefined : value;
    errors[field] = `Enter a number from ${from} to ${to.toLocaleString('en')}, or leave it empty.`;
    return undefined;
  };
  const host = needed('host', 'Enter a host name, as mail.harbour.example.');
  const port = Number(needed('port', 'Enter a port: 465 and 587 are usual.'));
  if (errors.port === undefined && !(Number.isInteger(port) && port >= 1 && port <= 65_535))
    errors.port = 'Enter a port from 1 to 65,535.';
  if (draft.tls === 'none' && draft.plainText === 'unasked')
    errors.plainText = 'Choose TLS, or accept that everything can be read on the way.';
  const login = readLogin(draft, loginWay(draft, stored), needed);
  const capacityPerMinute = number('capacityPerMinute', { from: 1, to: 1_000_000 });
  const latitude = number('latitude', { from: -90, to: 90 });
  const longitude = number('longitude', { from: -180, to: 180 });
  if (draft.latitude.trim() === '' && longitude !== undefined) errors.latitude = BOTH;
  if (draft.longitude.trim() === '' && latitude !== undefined) errors.longitude = BOTH;
  if (Object.keys(errors).length > 0) return { kind: 'wrong', errors };
  return {
    kind: 'read',
    peer: {
      host,
      port,
      tls: draft.tls,
      ...(draft.tls === 'none' ? { plainText: 'accepted' as const } : {}),
      ...login,
      ...(capacityPerMinute === undefined ? {} : { capacityPerMinute }),
      ...(latitude === undefined || longitude === undefined ? {} : { latitude, longitude }),
    },
  };
}

type Bounds = { readonly from: number; readonly to: number };
const BOTH = 'Give both, or neither.';

type Needed = (field: PeerField, words: string) => string;

function readLogin(draft: PeerDraft, way: LoginWay, needed: Needed): Partial<GivenPeer> {
  switch (way) {
    case 'none':
      return {};
    case 'kept':
      return { login: 'kept' };
    case 'password':
      return {
        username: needed('username', 'Enter the name that logs in.'),
        password: needed('password', 'Enter the password.'),
      };
    case 'oauth': {
      const [clientSecret, refreshToken, scope] = [draft.clientSecret, draft.refreshToken, draft.scope.trim()];
      if (clientSecret === '' && refreshToken === '')
        needed('clientSecret', 'Enter this, or a refresh token, or both.');
      return {
        username: needed('username', 'Enter the mailbox or account that logs in.'),
        oauth: {
          tokenUrl: needed('tokenUrl', 'Enter the URL at which your provider gives tokens.'),
          clientId: needed('clientId', 'Enter the id that your provider has given the application.'),
          ...(clientSecret === '' ? {} : { clientSecret }),
          ...(refreshToken === '' ? {} : { refreshToken }),
          ...(scope === '' ? {} : { scope }),
        },
      };
    }
  }
}

/** One that stays as it is, in a list that changes. */
export function unchanged(stored: Stored): GivenPeer {
  const read = readPeer(draftOf(stored), stored);
  if (read.kind === 'wrong') throw new Error('what is stored could not be read back');
  return read.peer;
}

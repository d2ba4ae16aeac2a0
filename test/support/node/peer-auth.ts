/** How a scripted peer reads AUTH (RFC 4954): written from the documents of the mechanisms, not from what our side sends. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Behaviour } from '../behaviour.ts';
import { mechanismsOf } from './peer-ehlo.ts';

/** `ask`: a challenge, already in base64, and what to make of the line that answers it. */
export type AuthStep =
  | { readonly kind: 'ask'; readonly challenge: string; readonly next: (line: string) => AuthStep }
  | { readonly kind: 'in'; readonly username: string }
  | { readonly kind: 'out' }
  | { readonly kind: 'say'; readonly reply: string };

const OUT: AuthStep = { kind: 'out' };
const CHALLENGE = '<1896.697170952@peer.test>';

/** `argument`: what followed AUTH */
export function beginAuth(argument: string, behaviour: Behaviour): AuthStep {
  const [name = '', initial] = argument.split(' ');
  const mechanism = name.toUpperCase();
  if (!mechanismsOf(behaviour).includes(mechanism)) return { kind: 'say', reply: '504 5.5.4 Unrecognized mechanism' };
  switch (mechanism) {
    case 'PLAIN':
      return initial === undefined ? ask('', (line) => plain(line, behaviour)) : plain(initial, behaviour);
    case 'LOGIN':
      return ask('Username:', (user) => ask('Password:', (pass) => judge(decode(user), decode(pass), behaviour)));
    case 'CRAM-MD5':
      return ask(CHALLENGE, (line) => cramMd5(line, behaviour));
    case 'XOAUTH2':
      return initial === undefined ? ask('', (line) => xoauth2(line, behaviour)) : xoauth2(initial, behaviour);
    default:
      return { kind: 'say', reply: '504 5.5.4 Offered, and not meant' };
  }
}

function ask(text: string, next: (line: string) => AuthStep): AuthStep {
  return { kind: 'ask', challenge: Buffer.from(text).toString('base64'), next };
}

/** RFC 4616 §2: authorization identity, NUL, user, NUL, password */
function plain(line: string, behaviour: Behaviour): AuthStep {
  const [, username = '', password = ''] = decode(line).split('\0');
  return judge(username, password, behaviour);
}

function judge(username: string, password: string, { login }: Behaviour): AuthStep {
  return login !== undefined && username === login.username && password === login.password
    ? { kind: 'in', username }
    : OUT;
}

/** RFC 2195 §2: user, space, HMAC-MD5 of the challenge under the password in lower-case hex */
function cramMd5(line: string, { login }: Behaviour): AuthStep {
  const [, username = '', digest = ''] = /^(.*) ([\da-f]{32})$/.exec(decode(line)) ?? [];
  if (login === undefined || username !== login.username) return OUT;
  const expected = createHmac('md5', login.password).update(CHALLENGE).digest();
  const given = Buffer.from(digest, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected) ? { kind: 'in', username } : OUT;
}

// As Gmail's.
const NOT_THIS_TOKEN = '{"status":"401","schemes":"Bearer","scope":"https://mail.peer.test/"}';

/** "user=" user ^A "auth=Bearer " token ^A ^A; a refusal is a challenge, which wants an empty line (Google, "OAuth 2.0 Mechanism") */
function xoauth2(line: string, { token }: Behaviour): AuthStep {
  const [user = '', auth = '', ...rest] = decode(line).split('\u0001');
  const isWellFormed = user.startsWith('user=') && auth.startsWith('auth=Bearer ') && rest.join('|') === '|';
  const [username, accessToken] = [user.slice('user='.length), auth.slice('auth=Bearer '.length)];
  if (isWellFormed && token !== undefined && username === token.username && token.accessTokens.includes(accessToken))
    return { kind: 'in', username };
  return ask(NOT_THIS_TOKEN, (answer) => (answer === '' ? OUT : { kind: 'say', reply: '501 5.5.2 Not an empty line' }));
}

function decode(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

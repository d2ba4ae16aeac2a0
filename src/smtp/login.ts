/**
 * AUTH (RFC 4954): by password with PLAIN, LOGIN (as Exchange and many others have it) or CRAM-MD5 (RFC 2195), by access token with
 * XOAUTH2. What is sent is not in any log.
 */
import type { TlsMode } from '../core/client.ts';
import type { Cause } from '../core/outcome.ts';
import { parseReply } from '../core/reply.ts';
import { causeOf } from './classify.ts';
import type { PasswordLogin, SessionLogin, TokenLogin } from './session-types.ts';
import type { Step, Wire } from './wire.ts';

type PasswordMechanism = 'PLAIN' | 'LOGIN' | 'CRAM-MD5';

// Under TLS nobody reads along, and PLAIN is the one that works wherever passwords are stored as hashes, which CRAM-MD5 cannot check:
// tried first, it would be a failed login with every message, until the server locks us out. In the open it hides the password.
const UNDER_TLS: readonly PasswordMechanism[] = ['PLAIN', 'LOGIN', 'CRAM-MD5'];
const IN_THE_OPEN: readonly PasswordMechanism[] = ['CRAM-MD5', 'PLAIN', 'LOGIN'];
// RFC 5321 §4.2.2: the parameter, here the mechanism, is not implemented: offered, and not meant.
const NOT_IMPLEMENTED = 504;

export type Channel = { readonly tls: TlsMode; readonly limitMs: number };

/** Undefined: we are in. */
export function logIn(wire: Wire, login: SessionLogin, channel: Channel): Promise<Cause | undefined> {
  return 'accessToken' in login
    ? byToken(wire, login, channel.limitMs)
    : byPassword(wire, login, { ...channel, offered: wire.dialogue.authMechanisms });
}

async function byPassword(
  wire: Wire,
  { username, password }: PasswordLogin,
  { tls, limitMs, offered }: Channel & { readonly offered: readonly string[] },
): Promise<Cause | undefined> {
  const usable = (tls === 'none' ? IN_THE_OPEN : UNDER_TLS).filter((mechanism) => offered.includes(mechanism));
  // In the open a CRAM-MD5 that is refused must not become a password that can be read: whoever sits in between could refuse it.
  const tried = tls === 'none' ? usable.slice(0, 1) : usable;
  let last: Cause = notOffered(
    offered.length === 0 ? 'AUTH' : `AUTH ${UNDER_TLS.join(', ')}, only ${offered.join(', ')}`,
  );
  for (const method of tried) {
    const step: Step<unknown> = await wire.step<unknown>(limitMs, (done) =>
      wire.connection.login({ user: username, pass: password, method }, done),
    );
    if (step.kind === 'done') return undefined;
    last = causeOf(step.failure);
    if (last.kind === 'fault' || last.reply.code !== NOT_IMPLEMENTED) return last;
  }
  return last;
}

/**
 * A refusal comes as a challenge that holds the reason, which wants an empty line before the real answer follows; nodemailer would send
 * the line and forget the reason. Google for Developers, "OAuth 2.0 Mechanism", "Error Response".
 */
async function byToken(wire: Wire, login: TokenLogin, limitMs: number): Promise<Cause | undefined> {
  const offered = wire.dialogue.authMechanisms;
  if (!offered.includes('XOAUTH2'))
    return notOffered(offered.length === 0 ? 'AUTH' : `AUTH XOAUTH2, only ${offered.join(', ')}`);
  let response = '';
  let reason = '';
  const step = await wire.commands(limitMs, async (command) => {
    response = await command('auth', `AUTH XOAUTH2 ${initialResponse(login)}`);
    if (!response.startsWith('334')) return;
    reason = reasonIn(response);
    response = await command('auth', '');
  });
  if (step.kind === 'failed') return causeOf(step.failure);
  return response.startsWith('2') ? undefined : refusalOf(response, reason);
}

function initialResponse({ username, accessToken }: TokenLogin): string {
  return Buffer.from(`user=${username}\u0001auth=Bearer ${accessToken}\u0001\u0001`).toString('base64');
}

function refusalOf(response: string, reason: string): Cause {
  const reply = parseReply(response);
  if (reply === undefined || reply.code < 400) {
    const problem = `unexpected reply: ${response.slice(0, MAX_REASON)}`;
    return { kind: 'fault', stage: 'auth', fault: { kind: 'unclassified', problem } };
  }
  const text = reason === '' ? reply.text : `${reply.text} [${reason}]`;
  return { kind: 'reply', stage: 'auth', reply: { ...reply, text } };
}

// A peer's text goes into the ledger: the sense is in the first words.
const MAX_REASON = 200;

/** `{"status":"400","schemes":"Bearer","scope":"…"}` → `status 400, schemes Bearer, scope …`; anything else as it is. */
function reasonIn(challenge: string): string {
  const text = Buffer.from(challenge.slice('334 '.length), 'base64').toString('utf8');
  const words = fieldsOf(text)?.join(', ') ?? text;
  return words
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_REASON);
}

function fieldsOf(text: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.entries(value).map(([name, said]) => `${name} ${String(said)}`);
  } catch {
    return undefined;
  }
}

function notOffered(what: string): Cause {
  return { kind: 'fault', stage: 'auth', fault: { kind: 'unsupported', what } };
}

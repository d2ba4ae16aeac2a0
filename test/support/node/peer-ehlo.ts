/** What a scripted peer offers in EHLO, and how it reads AUTH (RFC 4954). */
import type { Behaviour } from '../behaviour.ts';

const DEFAULT_EXTENSIONS = ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES'];

export function capabilities(behaviour: Behaviour, channel: 'plain' | 'tls'): string {
  const { tls, login, extensions = DEFAULT_EXTENSIONS, maxSizeBytes } = behaviour;
  const lines = [
    'peer.test greets you',
    ...extensions,
    ...(tls === 'starttls' && channel === 'plain' ? ['STARTTLS'] : []),
    ...(login !== undefined ? ['AUTH PLAIN LOGIN'] : []),
    ...(maxSizeBytes !== undefined ? [`SIZE ${maxSizeBytes}`] : []),
  ];
  return lines.map((line, at) => `250${at === lines.length - 1 ? ' ' : '-'}${line}`).join('\n');
}

export type Credentials = { readonly username: string; readonly password: string };

/** Of `PLAIN <initial response>`; undefined for anything else, which is then asked for as LOGIN. */
export function plainCredentials(argument: string): Credentials | undefined {
  const [mechanism = '', initial = ''] = argument.split(' ');
  if (mechanism.toUpperCase() !== 'PLAIN' || initial === '') return undefined;
  const [, username = '', password = ''] = decode(initial).split('\0');
  return { username, password };
}

export function decode(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

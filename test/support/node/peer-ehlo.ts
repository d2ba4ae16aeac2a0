/** What a scripted peer offers in EHLO. */
import type { Behaviour } from '../behaviour.ts';

const DEFAULT_EXTENSIONS = ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES'];

export function capabilities(behaviour: Behaviour, channel: 'plain' | 'tls'): string {
  const mechanisms = mechanismsOf(behaviour);
  const { tls, extensions = DEFAULT_EXTENSIONS, maxSizeBytes } = behaviour;
  const lines = [
    'peer.test greets you',
    ...extensions,
    ...(tls === 'starttls' && channel === 'plain' ? ['STARTTLS'] : []),
    ...(mechanisms.length > 0 ? [`AUTH ${mechanisms.join(' ')}`] : []),
    ...(maxSizeBytes !== undefined ? [`SIZE ${maxSizeBytes}`] : []),
  ];
  return lines.map((line, at) => `250${at === lines.length - 1 ? ' ' : '-'}${line}`).join('\n');
}

export function mechanismsOf({ login, token, mechanisms }: Behaviour): readonly string[] {
  if (login === undefined && token === undefined) return [];
  return (
    mechanisms ?? [...(login === undefined ? [] : ['PLAIN', 'LOGIN']), ...(token === undefined ? [] : ['XOAUTH2'])]
  );
}

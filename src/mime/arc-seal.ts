/** One more set of an Authenticated Received Chain (RFC 8617): what we say of a message, bound to its bytes and to the sets below. */

import { CONTENT_FIELDS } from './dkim-sign.ts';
import { type Coverage, folded, nameOf, relaxed, signedField } from './relaxed-signature.ts';
import { type SigningKey, signatureOf } from './signing-key.ts';
import type { Digested } from './smtp-lines.ts';

/** What verifying the chain has shown; `unknown`: it could not be verified just now. */
export type ChainState = 'none' | 'pass' | 'fail' | 'unknown';

export type Statement = {
  /** the value of Authentication-Results, folded */
  readonly results: string;
  readonly chain: ChainState;
  /** epoch ms */
  readonly at: number;
};

/** The newest set on top, as text with CRLF; undefined where a seal would say more than is known, or the chain is at its end. */
export function arcSet(message: Digested, { results, chain, at }: Statement, key: SigningKey): string | undefined {
  const sets = arcFields(message.fields);
  const highest = Math.max(0, ...sets.map(({ instance }) => instance));
  const isNoChain = highest === 0;
  // A state that is not known for certain would be sealed for ever; a chain that somebody has ended stays ended (§5.1).
  if (chain === 'unknown' || isNoChain !== (chain === 'none') || highest >= MAX_INSTANCE || isEnded(sets, highest))
    return undefined;
  const i = String(highest + 1);
  const time = String(Math.floor(at / 1000));
  const said = `ARC-Authentication-Results: i=${i}; ${Buffer.from(results).toString('latin1')}\r\n`;
  const { algorithm: a, domain: d, selector: s } = key;
  const tags = [
    ['i', i],
    ['a', a],
    ['c', 'relaxed/relaxed'],
    ['d', d],
    ['s', s],
    ['t', time],
  ] as const;
  const signed = signedField('ARC-Message-Signature', tags, message, { ...COVERAGE, ...key });
  const start = `ARC-Seal: i=${i}; a=${a}; t=${time}; cv=${chain};\r\n\td=${d}; s=${s};\r\n\tb=`;
  // §5.1.2: the seal of a failed chain covers its own set only.
  const below = chain === 'pass' ? inOrder(sets) : [];
  const bytes = Buffer.from([...below, said, signed, start].map(relaxed).join('\r\n'), 'latin1');
  return `${start}${folded(signatureOf(bytes, key))}\r\n${signed}${said}`;
}

// §4.2.1
const MAX_INSTANCE = 50;

// §4.1.2: the signatures that were there, and what they sign; no field that others add on the way.
const COVERAGE: Coverage = { signed: [...CONTENT_FIELDS, 'dkim-signature'], oversigned: new Set(['from']) };

// §5.1.1: the order in which the fields of a set are sealed.
const ORDER = ['arc-authentication-results', 'arc-message-signature', 'arc-seal'];

type ArcField = { readonly name: string; readonly instance: number; readonly field: string };

function arcFields(fields: readonly string[]): readonly ArcField[] {
  return fields
    .map((field) => ({ name: nameOf(field), instance: instanceOf(field), field }))
    .filter(({ name }) => ORDER.includes(name));
}

function instanceOf(field: string): number {
  return Number(/[:;]\s*i\s*=\s*(\d{1,2})\s*(?:;|$)/.exec(field)?.[1] ?? 0);
}

function inOrder(sets: readonly ArcField[]): readonly string[] {
  const place = ({ instance, name }: ArcField) => instance * ORDER.length + ORDER.indexOf(name);
  return sets.toSorted((one, other) => place(one) - place(other)).map(({ field }) => field);
}

function isEnded(sets: readonly ArcField[], highest: number): boolean {
  return sets.some(
    ({ name, instance, field }) => name === 'arc-seal' && instance === highest && /[:;]\s*cv\s*=\s*fail/i.test(field),
  );
}

/**
 * What DKIM-Signature (RFC 6376) and ARC-Message-Signature (RFC 8617 §4.1.2) have in common: which fields are signed, in which form,
 * and how the field is written. Always relaxed/relaxed: what relays between here and the reader touch is white space.
 */
import { type SigningKey, signatureOf } from './signing-key.ts';
import type { Digested } from './smtp-lines.ts';

/** `signed`: names in lower case; a name of `oversigned` is named once more than it occurs, so that none can be added (§8.15). */
export type Coverage = { readonly signed: readonly string[]; readonly oversigned: ReadonlySet<string> };

/** A tag and its value, in the order in which they are written. `h`, `bh` and `b` come last, and are not among them. */
export type Tags = readonly (readonly [name: string, value: string])[];

/** The whole field with its CRLF. Throws for a message without From, which no verifier would accept (§6.1.1). */
export function signedField(name: string, tags: Tags, message: Digested, how: Coverage & SigningKey): string {
  const { lines, names } = coveredBy(message.fields, how);
  if (!message.fields.some((field) => nameOf(field) === 'from'))
    throw new Error('a message without From is not signed');
  const start = `${name}: ${tags.map(([tag, value]) => `${tag}=${value};`).join(FOLD)}`;
  const field = `${start}${FOLD}h=${inLines(names)};${FOLD}bh=${message.bodyHash};${FOLD}b=`;
  const bytes = Buffer.from([...lines, relaxed(field)].join('\r\n'), 'latin1');
  return `${field}${folded(signatureOf(bytes, how))}\r\n`;
}

/** §3.4.2: the name in lower case, no folds, white space as one space and none at the ends. */
export function relaxed(field: string): string {
  const colon = field.indexOf(':');
  const value = field.slice(colon + 1).replaceAll(/[\r\n]/g, '');
  return `${nameOf(field)}:${value.replaceAll(/[ \t]+/g, ' ').replace(/^ | $/g, '')}`;
}

/** In lines that fit (RFC 5322 §2.1.1); white space within it does not count (§3.5). */
export function folded(base64: string): string {
  return (base64.match(/.{1,72}/g) ?? []).join(`${FOLD} `);
}

export function nameOf(field: string): string {
  return field
    .slice(0, Math.max(0, field.indexOf(':')))
    .replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
    .toLowerCase();
}

const FOLD = '\r\n\t';
const NAMES_PER_LINE = 5;

function inLines(names: readonly string[]): string {
  const lines = names.map((name, n) => `${n > 0 && n % NAMES_PER_LINE === 0 ? `${FOLD} ` : ''}${name}`);
  return lines.join(':');
}

/** §5.4.2: of a field that occurs several times the last is signed first; of one that is named too often, nothing. */
function coveredBy(fields: readonly string[], { signed, oversigned }: Coverage) {
  const lines: string[] = [];
  const names: string[] = [];
  for (const name of signed) {
    const found = fields.filter((field) => nameOf(field) === name).reverse();
    lines.push(...found.map(relaxed));
    const count = found.length + (oversigned.has(name) ? 1 : 0);
    names.push(...Array.from({ length: count }, () => name));
  }
  return { lines, names };
}

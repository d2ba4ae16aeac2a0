/** The DNS record of a DKIM key (RFC 6376 §3.6.1), as it is to be published and as it is found. Pure. */

// RFC 1035 §3.3.14: a TXT record is made of strings of at most 255 octets; verifiers join them (RFC 6376 §3.6.2.2).
const MAX_STRING = 255;
// RFC 6376 §3.1: a selector is one or more labels. One is enough.
const SELECTOR = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export type DkimRecord = {
  readonly name: string;
  /** the strings joined, for a form that takes one value */
  readonly value: string;
  readonly strings: readonly string[];
  /** for a zone file (RFC 1035 §5.1) */
  readonly zoneLine: string;
};

/** `cannot-tell`: no resolver could say */
export type DkimFinding =
  | { readonly kind: 'published' }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'differs'; readonly found: string }
  | { readonly kind: 'cannot-tell' };

type Named = { readonly domain: string; readonly selector: string };

export function isSelector(text: string): boolean {
  return SELECTOR.test(text);
}

export function dkimNameOf({ domain, selector }: Named): string {
  return `${selector}._domainkey.${domain}`;
}

/** `publicKey`: base64 of the SubjectPublicKeyInfo */
export function dkimRecordOf(key: Named & { readonly publicKey: string }): DkimRecord {
  const name = dkimNameOf(key);
  const value = `v=DKIM1; k=rsa; p=${key.publicKey}`;
  const strings = value.match(new RegExp(`.{1,${MAX_STRING}}`, 'g')) ?? [];
  return { name, value, strings, zoneLine: `${name}. IN TXT ${strings.map((text) => `"${text}"`).join(' ')}` };
}

/**
 * `records`: the TXT records of the name, each with its strings joined; undefined when no resolver could say. Several records are
 * undefined behaviour (RFC 6376 §3.6.2.2), so one that is right is not enough beside another key.
 */
export function dkimFinding(publicKey: string, records: readonly string[] | undefined): DkimFinding {
  if (records === undefined) return { kind: 'cannot-tell' };
  const keys = records.map((text) => ({ text, tags: tagsOf(text) })).filter(({ tags }) => tags.has('p'));
  const other = keys.find(({ tags }) => !isKey(tags, publicKey));
  if (other !== undefined) return { kind: 'differs', found: other.text };
  if (keys.length > 0) return { kind: 'published' };
  return records[0] === undefined ? { kind: 'not-found' } : { kind: 'differs', found: records[0] };
}

/** A record may leave out its version and its kind of key (RFC 6376 §3.6.1), and fold its key. */
function isKey(tags: ReadonlyMap<string, string>, publicKey: string): boolean {
  const isRsa = (tags.get('k') ?? 'rsa') === 'rsa' && (tags.get('v') ?? 'DKIM1') === 'DKIM1';
  return isRsa && tags.get('p')?.replace(/\s+/g, '') === publicKey;
}

function tagsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(';').map((tag) => {
      const at = tag.indexOf('=');
      return at === -1 ? [tag.trim(), ''] : [tag.slice(0, at).trim(), tag.slice(at + 1).trim()];
    }),
  );
}

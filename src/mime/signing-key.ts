/** A private key with which mail is signed (RFC 6376, RFC 8463), and the DNS record by which others verify it. */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';

export type SigningKey = {
  readonly domain: string;
  readonly selector: string;
  readonly algorithm: 'rsa-sha256' | 'ed25519-sha256';
  readonly key: KeyObject;
};

export type KeyText = {
  /** with A-labels where it is international (RFC 8616 §4) */
  readonly domain: string;
  readonly selector: string;
  /** PKCS#8 */
  readonly privateKeyPem: string;
};

// RFC 6376 §3.5 (d=, s=): dots between letters, digits and hyphens. What else stood here would be read as another tag.
const NAME = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/i;

/** Throws, saying what is wrong, when the key cannot sign. */
export function readSigningKey({ domain, selector, privateKeyPem }: KeyText): SigningKey {
  if (!NAME.test(domain)) throw new Error('the domain of a signing key is a host name in ASCII');
  if (!NAME.test(selector)) throw new Error('the selector of a signing key is a host name in ASCII');
  const key = privateKeyOf(privateKeyPem);
  if (key.asymmetricKeyType === 'rsa') return { domain, selector, algorithm: 'rsa-sha256', key };
  if (key.asymmetricKeyType === 'ed25519') return { domain, selector, algorithm: 'ed25519-sha256', key };
  throw new Error('a signing key is RSA or Ed25519');
}

/** Base64. Ed25519 signs the hash of the bytes (RFC 8463 §3). */
export function signatureOf(bytes: Uint8Array, { algorithm, key }: SigningKey): string {
  switch (algorithm) {
    case 'rsa-sha256':
      return sign('sha256', bytes, key).toString('base64');
    case 'ed25519-sha256':
      return sign(null, createHash('sha256').update(bytes).digest(), key).toString('base64');
  }
}

export type KeyRecord = { readonly name: string; readonly type: 'TXT'; readonly value: string };

/** RFC 6376 §3.6.1; for Ed25519 the bare key (RFC 8463 §4). A value above 255 bytes is several strings in one record: DNS hosts split it. */
export function keyRecord({ domain, selector, algorithm, key }: SigningKey): KeyRecord {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const [type, bytes] = algorithm === 'rsa-sha256' ? ['rsa', spki] : ['ed25519', spki.subarray(-ED25519_BYTES)];
  return {
    name: `${selector}._domainkey.${domain}`,
    type: 'TXT',
    value: `v=DKIM1; k=${type}; p=${bytes.toString('base64')}`,
  };
}

const ED25519_BYTES = 32;

function privateKeyOf(pem: string): KeyObject {
  try {
    return createPrivateKey({ key: pem, format: 'pem' });
  } catch {
    // The library's own words may quote the key.
    throw new Error('the signing key is no PKCS#8 PEM');
  }
}

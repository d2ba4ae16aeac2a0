/** A new key to sign mail with: RSA, as every verifier knows it (RFC 8301 §3.2 asks for 2048 bits). */
import type { DkimKey } from '../core/client.ts';
import type { Seal } from './seal.ts';

export async function newDkimKey(seal: Seal): Promise<Pick<DkimKey, 'publicKey' | 'sealedPrivateKey'>> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: F4, hash: 'SHA-256' };
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new Error('a pair of keys was asked for');
  const [spki, pkcs8] = await Promise.all([
    crypto.subtle.exportKey('spki', pair.publicKey),
    crypto.subtle.exportKey('pkcs8', pair.privateKey),
  ]);
  return { publicKey: base64(spki), sealedPrivateKey: await seal.seal(pem(base64(pkcs8))) };
}

// 65537, the exponent that everybody uses.
const F4 = new Uint8Array([1, 0, 1]);

function base64(exported: ArrayBuffer | JsonWebKey): string {
  if (!(exported instanceof ArrayBuffer)) throw new Error('bytes were asked for');
  return Buffer.from(exported).toString('base64');
}

function pem(body: string): string {
  return `-----BEGIN PRIVATE KEY-----\n${body.replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
}

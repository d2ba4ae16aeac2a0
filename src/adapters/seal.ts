/** Passwords of gateways and relays at rest: AES-256-GCM under the deployment's SEAL_KEY, so that a copy of D1 opens nothing. */

export type Seal = {
  readonly seal: (plain: string) => Promise<string>;
  readonly open: (sealed: string) => Promise<string>;
};

const IV_BYTES = 12;

export function createSeal(secret: string): Seal {
  const key = deriveKey(secret);
  return {
    async seal(plain) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const box = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await key, new TextEncoder().encode(plain));
      return Buffer.concat([iv, new Uint8Array(box)]).toString('base64');
    },
    async open(sealed) {
      const bytes = Buffer.from(sealed, 'base64');
      const plain = await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv: bytes.subarray(0, IV_BYTES) },
        await key,
        bytes.subarray(IV_BYTES),
      );
      return new TextDecoder().decode(plain);
    },
  };
}

async function deriveKey(secret: string): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), 'HKDF', false, ['deriveKey']);
  const salt = new Uint8Array();
  const info = new TextEncoder().encode('breakwater peer passwords');
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt, info },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

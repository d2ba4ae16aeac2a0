/**
 * Password hashes: scrypt N=2^15, r=8, p=3 (OWASP's parameters for 32 MiB), because the platform's PBKDF2 stops at 100,000
 * rounds. Format: `scrypt$15$8$3$salt$hash`, base64.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const LOG_N = 15;
const R = 8;
const P = 3;
const HASH_BYTES = 32;
// 128 × N × r is 32 MiB; scrypt refuses to start without some room above it.
const MAX_MEMORY_BYTES = 64 * 1_048_576;
// Longer input only serves to keep the CPU busy.
const MAX_PASSWORD_LENGTH = 200;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt);
  return ['scrypt', LOG_N, R, P, salt.toString('base64'), hash.toString('base64')].join('$');
}

/** An unknown account costs the same work, so that timing does not tell which addresses exist. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [, , , , salt = '', hash = ''] = (stored ?? NOBODY).split('$');
  const derived = await derive(password, Buffer.from(salt, 'base64'));
  const expected = Buffer.from(hash, 'base64');
  return stored !== null && expected.length === derived.length && timingSafeEqual(expected, derived);
}

const NOBODY = `scrypt$15$8$3$${Buffer.alloc(16).toString('base64')}$${Buffer.alloc(HASH_BYTES).toString('base64')}`;

function derive(password: string, salt: Uint8Array): Promise<Buffer> {
  if (password.length > MAX_PASSWORD_LENGTH) return Promise.reject(new RangeError('the password is too long'));
  const parameters = { N: 2 ** LOG_N, r: R, p: P, maxmem: MAX_MEMORY_BYTES };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, parameters, (problem, hash) =>
      problem === null ? resolve(hash) : reject(problem),
    );
  });
}

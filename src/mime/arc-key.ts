/** The deployment's key for ARC seals, read once. One that cannot be read is said and done without: mail is not kept waiting for it. */
import { type KeyRecord, type KeyText, keyRecord, readSigningKey, type SigningKey } from './signing-key.ts';

export type ArcKey =
  | { readonly kind: 'none' }
  | { readonly kind: 'ready'; readonly key: SigningKey; readonly record: KeyRecord }
  | { readonly kind: 'unusable'; readonly problem: string };

export function readArcKey(text: KeyText | undefined): ArcKey {
  if (text === undefined) return { kind: 'none' };
  try {
    const key = readSigningKey(text);
    return { kind: 'ready', key, record: keyRecord(key) };
  } catch (problem) {
    return { kind: 'unusable', problem: problem instanceof Error ? problem.message : String(problem) };
  }
}

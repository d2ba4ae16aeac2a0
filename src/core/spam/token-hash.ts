/**
 * A token's bucket: FNV-1a over its UTF-16 units, then mixed. 2^22 buckets: with 50,000 known ones a strange token meets a known one
 * in 1 of 80 cases, and the gaps between sorted buckets mostly take one byte in store.
 */
export const BUCKETS = 2 ** 22;

export function bucketOf(kind: string, token: string): number {
  return mix(feed(feed(0x811c9dc5, kind), token));
}

function feed(seed: number, text: string): number {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
}

/** FNV's low bits know little of the first letters. */
function mix(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return ((twice ^ (twice >>> 16)) >>> 0) % BUCKETS;
}

/**
 * The records of a report, hash-chained: each states the digest of the one before it and of its own fields, so that a record which
 * was changed, removed, inserted or moved is seen. Whoever can write the whole file can chain it anew: what stands against that is
 * the last hash, which the audit log keeps. Pure: the digest is the caller's.
 */

/** SHA-256 of the UTF-8 text, in hex. */
export type Digest = (text: string) => string;

/** Of one outage of one client, so that no report passes for another's. */
export function chainSeed(clientId: string, outageId: string, digest: Digest): string {
  return digest(`breakwater outage report 1\n${JSON.stringify([clientId, outageId])}`);
}

/** Fields as text, so that JSON and CSV have one chain. */
export function chainLink(previous: string, fields: readonly string[], digest: Digest): string {
  return digest(`${previous}\n${JSON.stringify(fields)}`);
}

/** `where`: what a person calls it */
export type ChainedRecord = { readonly where: string; readonly fields: readonly string[]; readonly hash: string };

/** `last`: absent in a file that was cut short */
export type Chain = {
  readonly clientId: string;
  readonly outageId: string;
  readonly records: readonly ChainedRecord[];
  readonly last: string | undefined;
};

export type ChainVerdict =
  | { readonly kind: 'whole'; readonly last: string }
  | { readonly kind: 'broken'; readonly where: string; readonly problem: string };

export function checkChain({ clientId, outageId, records, last }: Chain, digest: Digest): ChainVerdict {
  let hash = chainSeed(clientId, outageId, digest);
  for (const { where, fields, hash: stated } of records) {
    hash = chainLink(hash, fields, digest);
    if (hash !== stated)
      return { kind: 'broken', where, problem: 'it was changed, or something before it was removed, added or moved' };
  }
  if (last === undefined) return { kind: 'broken', where: 'the end', problem: 'it is missing: the file was cut short' };
  return last === hash
    ? { kind: 'whole', last }
    : { kind: 'broken', where: 'the end', problem: 'its hash is not that of the record before it' };
}

/**
 * The scanner that needs nobody else: test threats that the one pass has found, and content whose SHA-256 somebody has listed. What is
 * merely dangerous (a program, a trick in a name) is for rules to say (core/rules). Pure.
 */
import type { InspectedFacts, PartFacts, ScanFacts } from '../core/message-facts.ts';

export const BUILT_IN = 'built-in';

/** Hex in lower case; who has listed it is said with what is found. */
export type BadHashes = {
  readonly deployment: ReadonlySet<string>;
  readonly client: ReadonlySet<string>;
};

// One message with a thousand listed parts is one finding; the rest is for nobody to read.
const MAX_NAMES = 12;

export function scanBuiltIn({ threats, parts }: Pick<InspectedFacts, 'threats' | 'parts'>, bad: BadHashes): ScanFacts {
  const found = [...threats.map(({ name }) => name), ...parts.flatMap((part) => listedIn(part, bad))];
  const names = [...new Set(found)].slice(0, MAX_NAMES);
  return names.length === 0 ? { scanner: BUILT_IN, kind: 'clean' } : { scanner: BUILT_IN, kind: 'found', names };
}

/** The part itself, and whatever in its archives was unpacked to be hashed. */
function listedIn({ sha256, archive }: PartFacts, bad: BadHashes): readonly string[] {
  return [sha256, ...(archive?.entries ?? []).map((entry) => entry.sha256)].flatMap((hash) => {
    if (hash === undefined) return [];
    if (bad.deployment.has(hash)) return [`SHA-256 ${hash} (on the deployment's list)`];
    return bad.client.has(hash) ? [`SHA-256 ${hash} (on the client's list)`] : [];
  });
}

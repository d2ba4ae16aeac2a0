import { describe, expect, test } from 'vitest';
import type { ArchiveEntry, PartFacts } from '../../src/core/message-facts.ts';
import { type BadHashes, scanBuiltIn } from '../../src/filter/virus.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
const EICAR = { name: 'EICAR-Test-File', path: '1.2' };

function part(sha256: string, entries: readonly string[] = []): PartFacts {
  return {
    path: '1',
    contentType: 'application/zip',
    trueType: 'archive',
    isAttachment: true,
    sizeBytes: 10,
    sha256,
    tricks: [],
    hasMacros: false,
    isEncrypted: false,
    archive: { format: 'zip', entries: entries.map(entry), isEncrypted: false, ratio: 1, isPartial: false },
  };
}

function entry(sha256: string): ArchiveEntry {
  return { name: 'a.exe', sizeBytes: 1, packedBytes: 1, isEncrypted: false, depth: 1, ...(sha256 && { sha256 }) };
}

const lists = (deployment: readonly string[], client: readonly string[] = []): BadHashes => ({
  deployment: new Set(deployment),
  client: new Set(client),
});

describe('the built-in scanner', () => {
  test.each([
    ['nothing', { threats: [], parts: [] }, lists([A]), []],
    ['what nobody has listed', { threats: [], parts: [part(A)] }, lists([B], [B]), []],
    ['a test threat', { threats: [EICAR], parts: [part(A)] }, lists([]), ['EICAR-Test-File']],
    ['a listed part', { threats: [], parts: [part(A)] }, lists([A]), [`SHA-256 ${A} (on the deployment's list)`]],
    [
      'one the client has listed',
      { threats: [], parts: [part(A)] },
      lists([], [A]),
      [`SHA-256 ${A} (on the client's list)`],
    ],
    [
      'one both have listed, once',
      { threats: [], parts: [part(A), part(A)] },
      lists([A], [A]),
      [`SHA-256 ${A} (on the deployment's list)`],
    ],
    [
      'what lies in an archive',
      { threats: [], parts: [part(B, ['', A])] },
      lists([A]),
      [`SHA-256 ${A} (on the deployment's list)`],
    ],
    [
      'all of it',
      { threats: [EICAR, EICAR], parts: [part(B)] },
      lists([B]),
      ['EICAR-Test-File', `SHA-256 ${B} (on the deployment's list)`],
    ],
  ])('%s', (_name, inspected, bad, names) => {
    expect(scanBuiltIn(inspected, bad)).toEqual({
      scanner: 'built-in',
      ...(names.length === 0 ? { kind: 'clean' } : { kind: 'found', names }),
    });
  });

  test('a thousand findings are twelve', () => {
    const hashes = Array.from({ length: 1000 }, (_, index) => String(index).padStart(64, '0'));
    const facts = scanBuiltIn({ threats: [], parts: hashes.map((hash) => part(hash)) }, lists(hashes));
    expect(facts.kind === 'found' ? facts.names.length : 0).toBe(12);
  });
});

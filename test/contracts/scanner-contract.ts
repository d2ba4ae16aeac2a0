/** What every scanner keeps to, the fake of the stories as well as a real clamd or rspamd behind its adapter. */
import { describe, expect, test } from 'vitest';
import type { ScanFacts } from '../../src/core/message-facts.ts';
import type { Scanner } from '../../src/pipeline/scanner.ts';
import { EICAR, GTUBE, writeWithFile } from '../support/known-bad.ts';
import { write } from '../support/mail.ts';
import { streamed, subjectOf } from '../support/scanners.ts';

export type Contender = {
  /** what it looks for decides what it must find */
  readonly looksFor: 'virus' | 'spam';
  readonly open: () => Promise<Scanner>;
  /** the same, but nobody listens where it asks */
  readonly openDead: () => Promise<Scanner>;
};

const HONEST = write();
const LARGE = write({ body: `${'The tide is at nine, and the harbour is open.\r\n'.repeat(40_000)}` });

export function scannerContract(name: string, { looksFor, open, openDead }: Contender): void {
  const bad = looksFor === 'virus' ? writeWithFile('bill.com', EICAR) : write({ body: GTUBE });

  describe(`${name} keeps the contract of scanners`, () => {
    test('an honest message is none of its business', async () => {
      expect(await (await open()).scan(subjectOf(HONEST))).toSatisfy(isHarmless);
    });

    test('what it must know is found, and named', async () => {
      const facts = await (await open()).scan(subjectOf(bad));
      expect(facts).toSatisfy(isFound);
      expect(namesOf(facts).join()).toMatch(looksFor === 'virus' ? /eicar/i : /GTUBE/);
    });

    test('a stream is read as bytes are', async () => {
      const scanner = await open();
      expect(await scanner.scan(subjectOf(bad, streamed(bad)))).toSatisfy(isFound);
      expect(await scanner.scan(subjectOf(LARGE, streamed(LARGE)))).toSatisfy(isHarmless);
    });

    test('several messages at a time get each its own answer', async () => {
      const scanner = await open();
      const mail = [HONEST, bad, HONEST, bad];
      const all = await Promise.all(mail.map((one) => scanner.scan(subjectOf(one))));
      expect(all.map(isFound)).toEqual([false, true, false, true]);
    });

    test('it speaks in its own name', async () => {
      const scanner = await open();
      expect((await scanner.scan(subjectOf(HONEST))).scanner).toBe(scanner.name);
    });

    test('a bounce from nobody knows where is scanned like anything else', async () => {
      const envelope = { reversePath: '', recipient: 'anna@harbour.example', helo: '', remoteIp: '' };
      expect(await (await open()).scan(subjectOf(HONEST, { envelope }))).toSatisfy(isHarmless);
    });

    test('bytes that are gone, and bytes that break off, have failed and not thrown', async () => {
      const scanner = await open();
      const gone = await scanner.scan(subjectOf(HONEST, { content: async () => undefined }));
      const broken = await scanner.scan(subjectOf(HONEST, { content: () => Promise.reject(new Error('no store')) }));
      expect([gone, broken]).toMatchObject([{ kind: 'failed' }, { kind: 'failed' }]);
    });

    test('where nobody listens it has failed, and says why', async () => {
      const facts = await (await openDead()).scan(subjectOf(HONEST));
      expect(facts).toMatchObject({ kind: 'failed', why: expect.stringMatching(/\w/) });
    });
  });
}

function isFound(facts: ScanFacts): boolean {
  return facts.kind === 'found' || (facts.kind === 'scored' && facts.score >= 90);
}

function isHarmless(facts: ScanFacts): boolean {
  return facts.kind === 'clean' || (facts.kind === 'scored' && facts.score < 60);
}

function namesOf(facts: ScanFacts): readonly string[] {
  switch (facts.kind) {
    case 'found':
      return facts.names;
    case 'scored':
      return facts.reasons;
    case 'clean':
    case 'failed':
      return [];
  }
}

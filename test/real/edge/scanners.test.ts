/** The contract of scanners at a real clamd and a real rspamd, asked from inside workerd through the same adapters as ever. */
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { createScanners } from '../../../src/adapters/scanners.ts';
import { DEFAULT_FILTER_PLAN, type ScannerPlan } from '../../../src/core/filter-plan.ts';
import type { Scanner } from '../../../src/pipeline/scanner.ts';
import { scannerContract } from '../../contracts/scanner-contract.ts';
import { EICAR, writeWithFile } from '../../support/known-bad.ts';
import { write } from '../../support/mail.ts';
import { NO_DEPLOYMENT, streamed, subjectOf } from '../../support/scanners.ts';

/** `REAL_SCANNERS`: who starts them; `NO_CLAMD`, `NO_RSPAMD`: '' where it is installed, else why it is not (vitest.config.ts) */
const real = env as unknown as Readonly<Record<'REAL_SCANNERS' | 'NO_CLAMD' | 'NO_RSPAMD', string>>;

async function portOf(name: 'clamd' | 'rspamd'): Promise<number> {
  const response = await fetch(`${real.REAL_SCANNERS}/${name}`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return Number(text);
}

const whenFailed = 'pass-marked';
// A machine at work with other tests answers late; how late is not what is tested here.
const LIMIT_MS = 30_000;

function only(plan: ScannerPlan): Scanner {
  const [scanner] = createScanners({ ...NO_DEPLOYMENT, limitMs: LIMIT_MS })({
    ...DEFAULT_FILTER_PLAN,
    scanners: [plan],
  });
  if (scanner === undefined) throw new Error('a plan of one makes one');
  return scanner;
}

const clamdAt = (port: number) => only({ kind: 'clamd', host: '127.0.0.1', port, tls: 'none', whenFailed });
const rspamdAt = (port: number) => only({ kind: 'rspamd', url: `http://127.0.0.1:${port}`, whenFailed });

describe.skipIf(real.NO_CLAMD !== '')('clamd of Debian', () => {
  scannerContract('a real clamd', {
    looksFor: 'virus',
    open: async () => clamdAt(await portOf('clamd')),
    openDead: async () => clamdAt(9),
  });

  test('a message over its limit is not scanned, and that is said', async () => {
    const mail = write({ body: 'The tide is at nine, and the harbour is open.\r\n'.repeat(150_000) });
    const scanner = clamdAt(await portOf('clamd'));
    for (const content of [{}, streamed(mail)]) {
      const facts = await scanner.scan(subjectOf(mail, content));
      expect(facts).toMatchObject({ kind: 'failed', why: expect.stringMatching(/StreamMaxLength|closed/) });
    }
  });

  test('what it finds is named as it names it', async () => {
    const facts = await clamdAt(await portOf('clamd')).scan(subjectOf(writeWithFile('bill.com', EICAR)));
    expect(facts).toMatchObject({ kind: 'found', names: ['Eicar-Test-Signature.UNOFFICIAL'] });
  });
});

describe.skipIf(real.NO_RSPAMD !== '')('rspamd of Debian', () => {
  scannerContract('a real rspamd', {
    looksFor: 'spam',
    open: async () => rspamdAt(await portOf('rspamd')),
    openDead: async () => rspamdAt(9),
  });

  test('the envelope it hears is what it judges by', async () => {
    const scanner = rspamdAt(await portOf('rspamd'));
    const mail = write();
    const envelope = { ...subjectOf(mail).envelope, reversePath: 'bounce@elsewhere.example' };
    const [same, other] = [await scanner.scan(subjectOf(mail)), await scanner.scan(subjectOf(mail, { envelope }))];
    expect(same).not.toEqual(other);
  });
});

/** The contract of scanners at scripted servers, through the real adapters; test/real/edge has the same at real ones. */
import { createScanners } from '../../src/adapters/scanners.ts';
import { DEFAULT_FILTER_PLAN, type ScannerPlan } from '../../src/core/filter-plan.ts';
import type { Scanner } from '../../src/pipeline/scanner.ts';
import { fakeScanner, HTTP_SCANNER_URL, NO_DEPLOYMENT, RSPAMD_URL, startClamd } from '../support/scanners.ts';
import { scannerContract } from './scanner-contract.ts';

const whenFailed = 'pass-marked';

function only(plan: ScannerPlan): Scanner {
  const [scanner] = createScanners({ ...NO_DEPLOYMENT, limitMs: 10_000 })({ ...DEFAULT_FILTER_PLAN, scanners: [plan] });
  if (scanner === undefined) throw new Error('a plan of one makes one');
  return scanner;
}

const clamdAt = (port: number) => only({ kind: 'clamd', host: '127.0.0.1', port, tls: 'none', whenFailed });

scannerContract('the fake of the stories', {
  looksFor: 'virus',
  open: async () => fakeScanner(),
  openDead: async () => fakeScanner('fake', { kind: 'failed', why: 'nobody listens' }),
});

scannerContract('a scripted clamd', {
  looksFor: 'virus',
  open: async () => clamdAt(await startClamd({ kind: 'works' })),
  openDead: async () => clamdAt(9),
});

const behindTls = (port: number) => only({ kind: 'clamd', host: 'localhost', port, tls: 'implicit', whenFailed });

scannerContract('a scripted clamd behind TLS', {
  looksFor: 'virus',
  open: async () => behindTls(await startClamd({ kind: 'works', certificate: 'localhost' })),
  openDead: async () => behindTls(9),
});

scannerContract('a scripted rspamd', {
  looksFor: 'spam',
  open: async () => only({ kind: 'rspamd', url: RSPAMD_URL, whenFailed }),
  openDead: async () => only({ kind: 'rspamd', url: 'http://127.0.0.1:9', whenFailed }),
});

scannerContract('a scripted scanner behind HTTP', {
  looksFor: 'virus',
  open: async () => only({ kind: 'http', url: HTTP_SCANNER_URL, whenFailed }),
  openDead: async () => only({ kind: 'http', url: 'http://127.0.0.1:9/scan', whenFailed }),
});

/** Holds a scanner to the port's promise: never a throw, and an end in time. */
import type { WhenFailed } from '../core/filter-plan.ts';
import { failed, type ScanAnswer } from '../core/scanner-answers.ts';
import type { Scanner, ScanSubject } from '../pipeline/scanner.ts';
import { startTimer } from './clock.ts';

/** `late`: aborted when nobody waits any more; whatever is open is closed then, and its closing is not waited for. */
export type Scan = (subject: ScanSubject, late: AbortSignal) => Promise<ScanAnswer>;

export type ScannerTerms = {
  readonly name: string;
  readonly whenFailed: WhenFailed;
  readonly limitMs: number;
};

export function boundedScanner({ name, whenFailed, limitMs }: ScannerTerms, scan: Scan): Scanner {
  return {
    name,
    whenFailed,
    async scan(subject) {
      const late = new AbortController();
      const { expired, cancel } = startTimer(limitMs);
      try {
        const tooLate = expired.then(() => failed(`no answer within ${limitMs / 1000} s`));
        return { scanner: name, ...(await Promise.race([scan(subject, late.signal), tooLate])) };
      } catch {
        // The platform's own words may hold a URL, and with it a secret.
        return { scanner: name, ...failed('it could not be asked') };
      } finally {
        cancel();
        late.abort();
      }
    },
  };
}

export const BYTES_GONE = failed('the message could not be read');
export const SEAL_BROKEN = failed(
  'not asked: its stored secret cannot be opened. Was SEAL_KEY changed? Set the secret again',
);

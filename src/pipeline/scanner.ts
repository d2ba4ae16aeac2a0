/**
 * What the filter step asks of a scanner; adapters/ reach the real ones (clamd, rspamd, whatever speaks HTTP). A scanner reads, it
 * decides nothing: what follows from its words, or from its silence, is the client's rule.
 */
import type { FilterPlan, WhenFailed } from '../core/filter-plan.ts';
import type { Direction, EnvelopeFacts, ScanFacts } from '../core/message-facts.ts';

export type ScanSubject = {
  /** names the message in the scanner's own log */
  readonly id: string;
  readonly direction: Direction;
  readonly envelope: EnvelopeFacts;
  readonly sizeBytes: number;
  /** the whole message as received; once for each scanner, which reads or cancels what it gets. undefined: the bytes are gone */
  content(): Promise<Uint8Array | ReadableStream<Uint8Array> | undefined>;
};

export type Scanner = {
  /** as rules name it (`scanner-failed`); no two of one message have the same */
  readonly name: string;
  readonly whenFailed: WhenFailed;
  /** Never throws, and ends by a deadline of its own: a scanner that hangs, closes or talks nonsense has `failed`. */
  scan(subject: ScanSubject): Promise<ScanFacts>;
};

/** For every client that has none of the kind itself. Secrets come from the environment and need no seal. */
export type DeploymentScanner =
  | { readonly kind: 'rspamd' | 'http'; readonly url: string; readonly secret?: string }
  | { readonly kind: 'clamd'; readonly host: string; readonly port: number; readonly tls: 'none' | 'implicit' };

/** A client's scanners and the deployment's: for each kind the client's own take the place of the deployment's. */
export type ScannersOf = (plan: Pick<FilterPlan, 'scanners' | 'whenScannerFailed'>) => readonly Scanner[];

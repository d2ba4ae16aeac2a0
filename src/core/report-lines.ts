/** The outage report, line by line: what it says of a message, and the figures that the lines add up to (P5). Pure. */
import type { LedgerCounts, LedgerKind, LedgerState, OutageReport, StateCounts } from './ledger.ts';
import { outageReport } from './ledger.ts';

/** Times are ISO 8601 in UTC. `sender`: `<>` for bounces. `settledAt`: `''` while it waits. No subject, no content. */
export type ReportLine = {
  readonly id: string;
  readonly kind: LedgerKind;
  readonly state: LedgerState;
  readonly receivedAt: string;
  readonly sender: string;
  readonly recipient: string;
  readonly sizeBytes: number;
  /** hex, of the bytes as received */
  readonly sha256: string;
  readonly attempts: number;
  /** of these, ended without an answer after the final dot */
  readonly uncertainAttempts: number;
  /** the last words of the gateway, or why the message is where it is */
  readonly detail: string;
  readonly settledAt: string;
};

export const REPORT_COLUMNS = [
  'id',
  'kind',
  'state',
  'receivedAt',
  'sender',
  'recipient',
  'sizeBytes',
  'sha256',
  'attempts',
  'uncertainAttempts',
  'detail',
  'settledAt',
] as const satisfies readonly (keyof ReportLine)[];

export function lineFields(
  line: Readonly<Record<(typeof REPORT_COLUMNS)[number], string | number>>,
): readonly string[] {
  return REPORT_COLUMNS.map((column) => String(line[column]));
}

/** What the head and the figures are made of. */
export type ReportValue = string | number | boolean | null | readonly string[];

/** A field is its name and its value; a list is a line of text each. */
export function valueFields(values: Readonly<Record<string, ReportValue>>): readonly (readonly [string, string])[] {
  return Object.entries(values).map(([name, value]) => [name, valueText(value)]);
}

function valueText(value: ReportValue): string {
  if (value === null) return '';
  return Array.isArray(value) ? value.join('\n') : String(value);
}

/** Beside the lines: what no row of the ledger can tell. */
export type BesideTheLines = Pick<LedgerCounts, 'rejectedByRule'> & { readonly shown?: number | undefined };

/** Counts lines as they pass. */
export class LineTally {
  readonly #counts = new Map<string, number>();
  #uncertain = 0;
  #unexplained = 0;
  #lines = 0;

  add({ kind, state, uncertainAttempts, detail }: CountedLine): void {
    const key = `${kind} ${state}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    this.#lines += 1;
    if (uncertainAttempts > 0) this.#uncertain += 1;
    if (MUST_EXPLAIN.has(state) && detail === '') this.#unexplained += 1;
  }

  get lines(): number {
    return this.#lines;
  }

  figures({ rejectedByRule, shown }: BesideTheLines): OutageReport {
    return outageReport({
      inbound: this.#of('inbound'),
      sentCopies: this.#of('sent-copy'),
      outbound: this.#of('outbound'),
      uncertain: this.#uncertain,
      unexplained: this.#unexplained,
      rejectedByRule,
      ...(shown === undefined ? {} : { shown }),
    });
  }

  #of(kind: LedgerKind): StateCounts {
    const count = (state: LedgerState) => this.#counts.get(`${kind} ${state}`) ?? 0;
    return {
      waiting: count('waiting'),
      sending: count('sending'),
      delivered: count('delivered'),
      held: count('held'),
      quarantined: count('quarantined'),
    };
  }
}

type CountedLine = Pick<ReportLine, 'kind' | 'state' | 'uncertainAttempts' | 'detail'>;

const MUST_EXPLAIN: ReadonlySet<LedgerState> = new Set(['delivered', 'held', 'quarantined']);

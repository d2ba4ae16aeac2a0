/** A report as `…/report?format=json` or `csv` wrote it: its records in order, as the chain wants them, and what they say. */
import { readCsv } from '../../src/core/csv.ts';
import type { LedgerKind, LedgerState } from '../../src/core/ledger.ts';
import type { Chain, ChainedRecord } from '../../src/core/report-chain.ts';
import { lineFields, REPORT_COLUMNS, type ReportValue, valueFields } from '../../src/core/report-lines.ts';

export type CountedLine = {
  readonly kind: LedgerKind;
  readonly state: LedgerState;
  readonly uncertainAttempts: number;
  readonly detail: string;
};

export type ReadReport = {
  readonly chain: Chain;
  readonly lines: readonly CountedLine[];
  readonly figures: Readonly<Record<string, string>>;
  /** as the end states it */
  readonly messages: number | undefined;
};

/** undefined: it is no such report */
export function readReport(text: string): ReadReport | undefined {
  return text.trimStart().startsWith('{') ? readJson(text) : readTable(text);
}

type Hashed = Readonly<Record<string, ReportValue>> & { readonly hash: string };
type JsonReport = {
  readonly report: string;
  readonly outage: Hashed;
  readonly messages: readonly (Readonly<Record<(typeof REPORT_COLUMNS)[number], string | number>> & {
    readonly hash: string;
  })[];
  readonly figures: Hashed;
  readonly chain: { readonly messages: number; readonly last: string };
};

function readJson(text: string): ReadReport | undefined {
  const report = parsed(text);
  if (report === undefined) return undefined;
  const lines = report.messages.map((line) => ({ fields: lineFields(line), hash: line.hash }));
  return assemble({
    outage: fieldsOf(report.outage),
    lines,
    figures: fieldsOf(report.figures),
    end: report.chain,
  });
}

function parsed(text: string): JsonReport | undefined {
  try {
    const report = JSON.parse(text) as JsonReport;
    return report.report === 'breakwater-outage-1' ? report : undefined;
  } catch {
    return undefined;
  }
}

function fieldsOf({ hash, ...values }: Hashed): Block {
  return { pairs: valueFields(values), hash };
}

type Block = { readonly pairs: readonly (readonly [string, string])[]; readonly hash: string };
type Parts = {
  readonly outage: Block;
  readonly lines: readonly { readonly fields: readonly string[]; readonly hash: string }[];
  readonly figures: Block;
  readonly end: { readonly messages: number; readonly last: string } | undefined;
};

/** In the order of the file: a message that stands behind the figures is one that was moved. */
function readTable(text: string): ReadReport | undefined {
  const [columns, ...rows] = readCsv(text.replace(/^\uFEFF/, '')) ?? [];
  if (columns?.join() !== ['record', ...REPORT_COLUMNS, 'hash'].join()) return undefined;
  const block = (name: string): Block => {
    const own = rows.filter(([record]) => record === name);
    const pairs = own.map((row) => [row[ID] ?? '', row[DETAIL] ?? ''] as const);
    return { pairs, hash: own.at(-1)?.at(-1) ?? '' };
  };
  if (rows.some(([record = '']) => !RECORDS.includes(record)) || !isInOrder(rows)) return undefined;
  const end = rows.find(([record]) => record === 'chain');
  return assemble({
    outage: block('outage'),
    lines: rows
      .filter(([record]) => record === 'message')
      .map((row) => ({ fields: row.slice(1, -1), hash: row.at(-1) ?? '' })),
    figures: block('figure'),
    end: end === undefined ? undefined : { messages: Number(end[DETAIL]), last: end.at(-1) ?? '' },
  });
}

const RECORDS = ['outage', 'message', 'figure', 'chain'];
const ID = 1;
const DETAIL = 1 + REPORT_COLUMNS.indexOf('detail');

function isInOrder(rows: readonly (readonly string[])[]): boolean {
  const places = rows.map(([record = '']) => RECORDS.indexOf(record));
  return places.every((place, index) => index === 0 || place >= (places[index - 1] ?? 0));
}

function assemble({ outage, lines, figures, end }: Parts): ReadReport {
  const told = Object.fromEntries(outage.pairs);
  const records: ChainedRecord[] = [
    { where: 'the head', fields: outage.pairs.flat(), hash: outage.hash },
    ...lines.map(({ fields, hash }, index) => ({ where: `message ${index + 1} (${fields[0]})`, fields, hash })),
    ...(figures.pairs.length === 0 ? [] : [{ where: 'the figures', fields: figures.pairs.flat(), hash: figures.hash }]),
  ];
  return {
    chain: { clientId: told['client'] ?? '', outageId: told['outage'] ?? '', records, last: end?.last },
    lines: lines.map(({ fields }) => countedLine(fields)),
    figures: Object.fromEntries(figures.pairs),
    messages: end?.messages,
  };
}

function countedLine(fields: readonly string[]): CountedLine {
  const field = (name: (typeof REPORT_COLUMNS)[number]) => fields[REPORT_COLUMNS.indexOf(name)] ?? '';
  return {
    kind: field('kind') as LedgerKind,
    state: field('state') as LedgerState,
    uncertainAttempts: Number(field('uncertainAttempts')),
    detail: field('detail'),
  };
}

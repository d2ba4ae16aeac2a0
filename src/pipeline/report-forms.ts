/** How a report looks in JSON and in CSV. Both carry the same fields as text, and so the same chain (core/report-chain.ts). */
import { csvLine } from '../core/csv.ts';
import { lineFields, REPORT_COLUMNS, type ReportLine, type ReportValue, valueFields } from '../core/report-lines.ts';

export type ReportFormat = 'json' | 'csv';

type Values = Readonly<Record<string, ReportValue>>;
type Chain = { readonly messages: number; readonly last: string };

type ReportForm = {
  head(values: Values, hash: string): string;
  line(line: ReportLine, place: { readonly hash: string; readonly isFirst: boolean }): string;
  foot(figures: Values, hash: string, chain: Chain): string;
};

const JSON_FORM: ReportForm = {
  head: (values, hash) =>
    `{"report":"breakwater-outage-1",\n"outage":${JSON.stringify({ ...values, hash })},\n"messages":[`,
  line: (line, { hash, isFirst }) => `${isFirst ? '\n' : ',\n'}${JSON.stringify({ ...line, hash })}`,
  foot: (figures, hash, chain) =>
    `\n],\n"figures":${JSON.stringify({ ...figures, hash })},\n"chain":${JSON.stringify(chain)}}\n`,
};

/** One table: what is not a message has its name under `id` and its value under `detail`; the last of them has the hash of all. */
const CSV_FORM: ReportForm = {
  head: (values, hash) => csvLine(['record', ...REPORT_COLUMNS, 'hash']) + csvValues('outage', values, hash),
  line: (line, { hash }) => csvLine(['message', ...lineFields(line), hash]),
  foot: (figures, hash, { messages, last }) =>
    csvValues('figure', figures, hash) + csvValues('chain', { messages }, last),
};

function csvValues(record: string, values: Values, hash: string): string {
  const fields = valueFields(values);
  return fields
    .map(([name, value], index) => {
      const cells = REPORT_COLUMNS.map((column) => ({ id: name, detail: value })[column as 'id' | 'detail'] ?? '');
      return csvLine([record, ...cells, index === fields.length - 1 ? hash : '']);
    })
    .join('');
}

export const REPORT_FORMS: Readonly<Record<ReportFormat, ReportForm>> = { json: JSON_FORM, csv: CSV_FORM };

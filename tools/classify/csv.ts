/** Comma-separated values (RFC 4180): quoted cells may hold commas, line breaks and doubled quotes. */

export type CsvTable =
  | { readonly kind: 'table'; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'invalid'; readonly problem: string };

// One cell and what ends it: a comma, a line end, or the end of the file. A quote inside a bare cell is only a character, as most
// programs write it.
const CELL = /(?:"([^"]*(?:""[^"]*)*)"|((?!")[^,\r\n]*))(,|\r?\n|$)/y;

export function readCsv(text: string): CsvTable {
  const records: string[][] = [[]];
  const source = text.replace(/^\uFEFF/, '');
  for (let at = 0; at < source.length; ) {
    CELL.lastIndex = at;
    const cell = CELL.exec(source);
    if (cell === null) {
      return {
        kind: 'invalid',
        problem: `record ${records.length}: a quote stands where none can be, or is never closed`,
      };
    }
    const [{ length }, quoted, plain = '', end] = cell;
    records.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    at += length;
    if (end !== ',') records.push([]);
  }
  const [columns, ...rows] = records.filter((record) => record.length > 1 || (record[0] ?? '') !== '');
  if (columns === undefined) return { kind: 'invalid', problem: 'the file is empty' };
  return { kind: 'table', columns: columns.map((column) => column.trim()), rows };
}

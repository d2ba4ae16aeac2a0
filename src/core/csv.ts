/** CSV as RFC 4180 has it: written for spreadsheets that must not run it, and read back to the same cells. Pure. */

// A spreadsheet takes such a cell for a formula, and a stranger's address or a server's reply may be one. The apostrophe is part of
// the set so that taking one off always gives back the cell as it was.
const RUNS_IN_A_SPREADSHEET = /^[=+\-@\t\r\n']/;
const NEEDS_QUOTES = /[",\r\n]/;

export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(text: string): string {
  const safe = RUNS_IN_A_SPREADSHEET.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** What `csvLine` wrote, line by line; undefined for what it never writes. Bare LF between lines is taken too: editors leave it. */
export function readCsv(text: string): readonly (readonly string[])[] | undefined {
  const lines: string[][] = [];
  let cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (match === null) return undefined;
    const [, quoted, plain = '', end] = match;
    cells.push(withoutGuard(quoted === undefined ? plain : quoted.replaceAll('""', '"')));
    if (end === ',') continue;
    lines.push(cells);
    cells = [];
  }
  return cells.length === 0 ? lines : undefined;
}

function withoutGuard(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell;
}

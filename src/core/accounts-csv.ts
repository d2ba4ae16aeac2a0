/** The account list as people export it: CSV (RFC 4180) with a header line, or bare addresses. Pure. */

/** `name`, `password` and `group` are `''` when the file has none. */
export type AccountRow = {
  readonly address: string;
  readonly name: string;
  readonly password: string;
  readonly group: string;
};

export type ParsedAccounts =
  | { readonly kind: 'parsed'; readonly rows: readonly AccountRow[] }
  | { readonly kind: 'invalid'; readonly line: number; readonly problem: string };

/** Column names as address books and directories export them. */
const COLUMNS: Readonly<Record<string, keyof AccountRow>> = {
  address: 'address',
  email: 'address',
  'e-mail': 'address',
  'email address': 'address',
  'e-mail address': 'address',
  mail: 'address',
  primarysmtpaddress: 'address',
  name: 'name',
  displayname: 'name',
  'display name': 'name',
  'full name': 'name',
  password: 'password',
  group: 'group',
  department: 'group',
};

export function parseAccountsCsv(text: string): ParsedAccounts {
  const records = splitRecords(text.replace(/^\uFEFF/, ''));
  if (records.kind === 'invalid') return records;
  const [header, ...rest] = records.rows;
  if (header === undefined) return { kind: 'invalid', line: 1, problem: 'the file is empty' };
  const named = header.cells.map((cell) => COLUMNS[cell.trim().toLowerCase()]);
  const hasHeader = named.includes('address');
  if (!hasHeader && !header.cells[0]?.includes('@')) {
    return { kind: 'invalid', line: 1, problem: 'the first line must name the columns, one of them "address"' };
  }
  const unknown = hasHeader ? header.cells.find((_, index) => named[index] === undefined) : undefined;
  if (unknown !== undefined) {
    return {
      kind: 'invalid',
      line: 1,
      problem: `the column "${unknown.trim().slice(0, 40)}" is not known; there are address, name, password, group`,
    };
  }
  // Without a header only addresses are read: whatever stands behind one would be guessed at.
  return hasHeader ? collect(rest, named) : collect(records.rows, ['address']);
}

type CsvRecord = { readonly line: number; readonly cells: readonly string[] };

function collect(records: readonly CsvRecord[], columns: readonly (keyof AccountRow | undefined)[]): ParsedAccounts {
  const rows = new Map<string, AccountRow>();
  for (const { line, cells } of records) {
    const cell = (name: keyof AccountRow) => cells[columns.indexOf(name)]?.trim() ?? '';
    const row = {
      address: cell('address'),
      name: cell('name'),
      password: columns.includes('password') ? cell('password') : '',
      group: columns.includes('group') ? cell('group') : '',
    };
    if (cells.slice(columns.length).some((extra) => extra.trim() !== '')) {
      return {
        kind: 'invalid',
        line,
        problem: `there are more fields than columns (${columns.length}); a first line "address,name,password,group" names them`,
      };
    }
    if (row.address === '') return { kind: 'invalid', line, problem: 'there is no address in this line' };
    if (rows.has(row.address.toLowerCase()))
      return { kind: 'invalid', line, problem: `${row.address} stands in the file twice` };
    rows.set(row.address.toLowerCase(), row);
  }
  return { kind: 'parsed', rows: [...rows.values()] };
}

type Records =
  | { readonly kind: 'records'; readonly rows: readonly CsvRecord[] }
  | Extract<ParsedAccounts, { kind: 'invalid' }>;

/** Commas or semicolons (spreadsheets of half of Europe), quotes doubled inside quotes, line breaks inside quotes allowed. */
function splitRecords(text: string): Records {
  const separator = (text.split('\n', 1)[0] ?? '').includes(';') ? ';' : ',';
  const rows: CsvRecord[] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  let line = 1;
  let startLine = 1;
  const endCell = () => {
    cells.push(cell);
    cell = '';
  };
  const endRecord = () => {
    endCell();
    if (cells.some((value) => value.trim() !== '')) rows.push({ line: startLine, cells });
    cells = [];
    startLine = line;
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\n') line += 1;
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text.charAt(at + 1) === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === separator) endCell();
    else if (character === '\n') endRecord();
    else if (character !== '\r') cell += character;
  }
  if (quoted) return { kind: 'invalid', line: startLine, problem: 'a quote is opened and never closed' };
  endRecord();
  return { kind: 'records', rows };
}

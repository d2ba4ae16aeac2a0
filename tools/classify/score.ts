/** Labelled lines against the classifier: how many it reads as the person did who labelled them. */

import { findingOfSaid, type Said } from '../../src/core/finding.ts';
import { readLine } from '../../src/core/log-line.ts';
import type { OutcomeClass } from '../../src/core/outcome-class.ts';
import { readCsv } from './csv.ts';

export type Score = {
  readonly lines: number;
  /** the class, or one of `also_acceptable` */
  readonly right: number;
  /** the class exactly */
  readonly strict: number;
  /** lines that are not right */
  readonly misses: readonly { readonly reply: string; readonly expected: string; readonly got: OutcomeClass }[];
};

export type Scored =
  | { readonly kind: 'scored'; readonly score: Score }
  | { readonly kind: 'invalid'; readonly problem: string };

const NEEDED = ['reply', 'class'] as const;

export function scoreCsv(text: string): Scored {
  const table = readCsv(text);
  if (table.kind === 'invalid') return table;
  const missing = NEEDED.filter((column) => !table.columns.includes(column));
  if (missing.length > 0) return { kind: 'invalid', problem: `there is no column ${missing.join(', ')}` };
  const cell = (row: readonly string[], column: string) => row[table.columns.indexOf(column)]?.trim() ?? '';
  const read = table.rows.map((row) => ({
    reply: cell(row, 'reply'),
    expected: cell(row, 'class'),
    acceptable: cell(row, 'also_acceptable').split('|'),
    got: findingOfSaid(readCells(cell(row, 'reply'), cell(row, 'code'), cell(row, 'enhanced'))).class,
  }));
  const wrong = read.filter(({ expected, acceptable, got }) => got !== expected && !acceptable.includes(got));
  return {
    kind: 'scored',
    score: {
      lines: read.length,
      right: read.length - wrong.length,
      strict: read.filter(({ expected, got }) => got === expected).length,
      misses: wrong.map(({ reply, expected, got }) => ({ reply, expected, got })),
    },
  };
}

/** The line itself says most; a column counts only where the line has no code of its own. */
function readCells(reply: string, code: string, enhanced: string): Said {
  const said = readLine(reply);
  return {
    ...(/^[2-5]\d\d$/.test(code) ? { code: Number(code) } : {}),
    ...(/^[245]\.\d{1,3}\.\d{1,3}$/.test(enhanced) ? { enhanced } : {}),
    ...said,
  };
}

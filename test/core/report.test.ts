/** The chain of a report, and its CSV: what must be seen, and what must come back. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvLine, readCsv } from '../../src/core/csv.ts';
import { type Chain, type ChainedRecord, chainLink, chainSeed, checkChain } from '../../src/core/report-chain.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function chainOf(lines: readonly (readonly string[])[]): Chain & { readonly last: string } {
  let last = chainSeed('harbour', 'outage-1', sha256);
  const records = lines.map((fields, at): ChainedRecord => {
    last = chainLink(last, fields, sha256);
    return { where: `line ${at + 1}`, fields, hash: last };
  });
  return { clientId: 'harbour', outageId: 'outage-1', records, last };
}

const cells = fc.array(fc.string({ unit: 'binary', maxLength: 8 }), { minLength: 1, maxLength: 4 });
const report = fc.array(cells, { minLength: 2, maxLength: 12 }).map(chainOf);
const place = fc.nat({ max: 1_000 });

it('a chain is whole as long as nobody has touched it', () => {
  fc.assert(
    fc.property(report, (chain) => {
      expect(checkChain(chain, sha256)).toEqual({ kind: 'whole', last: chain.last });
    }),
  );
});

/** What may be done to the records; undefined: nothing was. */
const HARM: Readonly<Record<string, (records: readonly ChainedRecord[], at: number) => readonly ChainedRecord[]>> = {
  'a changed field': (records, at) =>
    records.map((record, n) =>
      n === at ? { ...record, fields: [...record.fields.slice(1), `${record.fields[0]}x`] } : record,
    ),
  'a field moved into its neighbour': (records, at) =>
    records.map((record, n) => (n === at ? { ...record, fields: ['', ...record.fields] } : record)),
  'a removed line': (records, at) => records.toSpliced(at, 1),
  'a repeated line': (records, at) => records.toSpliced(at, 0, ...records.slice(at, at + 1)),
  'an inserted line, with a hash that fits': (records, at) => {
    const previous = records[at - 1]?.hash ?? chainSeed('harbour', 'outage-1', sha256);
    return records.toSpliced(at, 0, { where: 'new', fields: ['new'], hash: chainLink(previous, ['new'], sha256) });
  },
  'two swapped lines': (records, at) => {
    const other = (at + 1) % records.length;
    return records.map((record, n) =>
      n === at ? (records[other] ?? record) : n === other ? (records[at] ?? record) : record,
    );
  },
  'a cut end': (records, at) => records.slice(0, at),
};

it.each(Object.keys(HARM))('%s is seen', (harm) => {
  fc.assert(
    fc.property(report, place, (chain, n) => {
      const records = HARM[harm]?.(chain.records, n % chain.records.length) ?? [];
      expect(checkChain({ ...chain, records }, sha256).kind).toBe('broken');
    }),
  );
});

it('the first line that is not as it was written is named', () => {
  const chain = chainOf([['a'], ['b'], ['c']]);
  const records = chain.records.map((record, at) => (at === 1 ? { ...record, fields: ['B'] } : record));
  expect(checkChain({ ...chain, records }, sha256)).toMatchObject({ kind: 'broken', where: 'line 2' });
  expect(checkChain({ ...chain, last: undefined }, sha256)).toMatchObject({ kind: 'broken', where: 'the end' });
});

it('no report passes for the one of another outage or client', () => {
  const chain = chainOf([['a']]);
  expect(checkChain({ ...chain, outageId: 'outage-2' }, sha256).kind).toBe('broken');
  expect(checkChain({ ...chain, clientId: 'quay' }, sha256).kind).toBe('broken');
});

it('CSV gives back every cell as it was', () => {
  fc.assert(
    fc.property(fc.array(cells, { maxLength: 5 }), (lines) => {
      expect(readCsv(lines.map(csvLine).join(''))).toEqual(lines);
    }),
  );
});

it.each(['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', "'=1"])(
  'a spreadsheet does not run %j',
  (cell) => {
    const line = csvLine([cell]);
    expect(line).toMatch(/^"?'/);
    expect(readCsv(line)).toEqual([[cell]]);
  },
);

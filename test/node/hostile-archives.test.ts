import { expect, it } from 'vitest';
import { runsByName } from '../../src/core/rules/dangerous.ts';
import { createInspector } from '../../src/filter/inspect.ts';

// In Node, where the time of the processor can be measured.
function millisecondsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  return process.cpuUsage(before).user / 1_000;
}

// An empty file of no name.
const ENTRY = Buffer.from('PK\x03\x04'.padEnd(30, '\0'), 'latin1');

it('three hundred zips of letters that look like records take less than a second', () => {
  const zip = Buffer.concat([ENTRY, Buffer.alloc(60_000, 'PK')]).toString('base64');
  const part = `--b\r\nContent-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${zip}\r\n`;
  const message = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${part.repeat(300)}--b--\r\n`;
  const inspector = createInspector();
  expect(millisecondsOf(() => inspector.write(Buffer.from(message)))).toBeLessThan(1_000);
  expect(inspector.end().inspected.unscanned).toContain('archive');
});

it('five thousand names that end in dots take less than a second', () => {
  const name = `a.pdf${' .'.repeat(245)}x`;
  const all = () => Array.from({ length: 5_000 }, (_, number) => runsByName(`${number}${name}`));
  expect(millisecondsOf(all)).toBeLessThan(500);
  expect([runsByName(name), runsByName('a.exe. .'), runsByName('. .')]).toEqual([false, true, false]);
});

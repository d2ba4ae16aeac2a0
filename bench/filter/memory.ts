/**
 * A process of its own, started by bench/filter.ts: several messages of 25 MiB at once through the inspector, chunk by chunk, none of
 * them ever whole in memory. It prints by how many bytes the process grew at most.
 */
import { randomFillSync } from 'node:crypto';
import { createInspector } from '../../src/filter/inspect.ts';

const SIZE = 25 * 1_048_576;
const AT_ONCE = 4;
const PLAIN_BYTES = 48_450;

const HEADS: Readonly<Record<string, string>> = {
  file: 'Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n',
  page: 'Content-Type: text/html; charset=utf-8\r\n\r\n<html><body>',
  // A stored file within a zip: its content is hashed as it comes.
  zip: `Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.concat([
    Buffer.from('PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0', 'latin1'),
    Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0]),
    Buffer.from('a'),
  ]).toString('base64')}\r\n`,
};

function chunkOf(kind: string): Uint8Array {
  if (kind === 'page')
    return Buffer.from('<p>Nets <b>and</b> ropes, <a href="https://a.example/1">look</a></p>\r\n'.repeat(900));
  const encoded = randomFillSync(Buffer.alloc(PLAIN_BYTES)).toString('base64');
  return Buffer.from(encoded.replace(/.{76}/g, '$&\r\n'));
}

function run(kind: string): void {
  const inspectors = Array.from({ length: AT_ONCE }, () => createInspector());
  for (const inspector of inspectors) inspector.write(Buffer.from(HEADS[kind] ?? ''));
  for (let sent = 0; sent < SIZE; sent += 65_536) {
    for (const inspector of inspectors) inspector.write(chunkOf(kind));
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  for (const inspector of inspectors) inspector.end();
  peak = Math.max(peak, process.memoryUsage.rss());
}

let peak = 0;
const kind = process.argv[2] ?? 'file';
// Code is compiled and the heap has found its size: what is measured is what messages add.
const small = createInspector();
for (let chunk = 0; chunk < 40; chunk += 1) small.write(chunkOf(kind));
small.end();
const idle = process.memoryUsage.rss();
run(kind);
process.stdout.write(`${peak - idle}\n`);

/**
 * The facts of known messages: each `NAME.eml` in test/fixtures/facts has its facts in `NAME.json` beside it. A new case is a new file;
 * `UPDATE_FACTS=1` writes what is found, for a person to read before it is committed.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inspectInChunks } from '../filter/inspected.ts';

const ROOT = new URL('../fixtures/facts', import.meta.url).pathname;
const NAMES = readdirSync(ROOT)
  .filter((name) => name.endsWith('.eml'))
  .map((name) => name.replace(/\.eml$/, ''));

describe('the facts of a known message', () => {
  it('are there to be compared', () => {
    expect(NAMES.length).toBeGreaterThan(20);
  });

  it.each(NAMES)('%s', (name) => {
    const message = new Uint8Array(readFileSync(`${ROOT}/${name}.eml`));
    const { inspected } = inspectInChunks(message, [1_000]);
    const path = `${ROOT}/${name}.json`;
    if (process.env['UPDATE_FACTS'] === '1') writeFileSync(path, `${JSON.stringify(inspected, null, 2)}\n`);
    expect(existsSync(path), 'UPDATE_FACTS=1 writes what is found').toBe(true);
    expect(inspected).toEqual(JSON.parse(readFileSync(path, 'utf8')));
  });
});

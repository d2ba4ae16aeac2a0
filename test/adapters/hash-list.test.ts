import { expect, test } from 'vitest';
import { createHashList } from '../../src/adapters/hash-list.ts';

const A = 'a'.repeat(64);
const B = 'B'.repeat(64);

function list(texts: readonly (string | undefined)[]) {
  let at = 0;
  let reads = 0;
  const troubles: string[] = [];
  const get = async () => {
    const text = texts[reads];
    reads += 1;
    return text === undefined ? undefined : (new Blob([text]).stream() as ReadableStream<Uint8Array>);
  };
  const hashes = createHashList('lists/bad', { get, now: () => at, trouble: (one) => troubles.push(one) });
  return {
    troubles,
    hashes: async () => [...(await hashes())],
    reads: () => reads,
    pass: (ms: number) => {
      at += ms;
    },
  };
}

test.each([
  ['one on each line', `${A}\n${B}\n`, [A, B.toLowerCase()]],
  ['as sha256sum prints them, with CRLF and comments', `# bad\r\n${A}  bill.exe\r\n\r\n${B}\r\n`, [A, B.toLowerCase()]],
  ['what is none', `${A}0\n${A.slice(1)}\nsha256:${A}\n`, []],
  ['nothing', '', []],
])('%s', async (_name, text, expected) => {
  expect(await list([text]).hashes()).toEqual(expected);
});

test('it is read again after five minutes, and not before', async () => {
  const bad = list([A, B]);
  await bad.hashes();
  bad.pass(299_999);
  expect(await bad.hashes()).toEqual([A]);
  bad.pass(1);
  expect(await bad.hashes()).toEqual([B.toLowerCase()]);
  expect(bad.reads()).toBe(2);
});

test('a list that is gone or has no end is told of, and what was known counts on', async () => {
  const bad = list([A, undefined, `${A}\n`.repeat(70_000)]);
  await bad.hashes();
  for (const problem of [/no list/, /longer than/]) {
    bad.pass(300_000);
    expect(await bad.hashes()).toEqual([A]);
    expect(bad.troubles.at(-1)).toMatch(problem);
  }
});

test('the first mail of all waits for the list, however much comes at once', async () => {
  const bad = list([A, A, A]);
  expect(await Promise.all([bad.hashes(), bad.hashes(), bad.hashes()])).toEqual([[A], [A], [A]]);
});

test('without a key nothing is read', async () => {
  const get = () => Promise.reject(new Error('nobody asks'));
  const hashes = createHashList('', { get, now: () => 0, trouble: () => {} });
  expect([...(await hashes())]).toEqual([]);
});

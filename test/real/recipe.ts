/** The Sieve script as docs/sent-copies.md gives it to people: what is proved is what they are told. */
import { readFile } from 'node:fs/promises';

const PAGE = new URL('../../docs/sent-copies.md', import.meta.url);

export async function sentCopiesSieve(): Promise<string> {
  const script = /```sieve\n([\s\S]*?)```/.exec(await readFile(PAGE, 'utf8'))?.[1];
  if (script === undefined) throw new Error('docs/sent-copies.md has no sieve script');
  return script;
}

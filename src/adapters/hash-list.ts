/** The deployment's list of bad content: one SHA-256 on each line of a text in R2 (what `sha256sum` prints serves), remembered for a while. */
import { problemOf } from '../core/problem-of.ts';

export type HashListNeeds = {
  readonly get: (key: string) => Promise<ReadableStream<Uint8Array> | undefined>;
  readonly now: () => number;
  readonly trouble: (problem: string) => void;
};

// A new entry counts everywhere after so long; the list is read no more often by anybody.
const REMEMBERED_MS = 300_000;
// Some 60,000 entries, which are some 10 MB of memory. Longer lists belong to a scanner (docs/filtering.md).
const MAX_BYTES = 4_194_304;

const NOTHING: ReadonlySet<string> = new Set();

/** What could not be read is told of, and what was read before counts on. */
export function createHashList(key: string, needs: HashListNeeds): () => Promise<ReadonlySet<string>> {
  let known: ReadonlySet<string> | undefined;
  let readAt = 0;
  return async () => {
    if (key === '') return NOTHING;
    if (known !== undefined) {
      if (needs.now() - readAt < REMEMBERED_MS) return known;
      // Before it is read: what comes meanwhile goes by the older list. Of the first one nobody goes without.
      readAt = needs.now();
    }
    try {
      known = hashesIn(await read(key, needs));
      readAt = needs.now();
    } catch (problem) {
      needs.trouble(problemOf(problem));
    }
    return known ?? NOTHING;
  };
}

async function read(key: string, { get }: HashListNeeds): Promise<string> {
  const stream = await get(key);
  if (stream === undefined) throw new Error(`there is no list under ${key}`);
  const decoder = new TextDecoder();
  let text = '';
  // Leaving the loop cancels the rest.
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_BYTES) throw new Error(`the list is longer than ${MAX_BYTES} bytes`);
  }
  return text;
}

function hashesIn(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/^[0-9a-f]{64}(?![0-9a-f])/gm) ?? []);
}

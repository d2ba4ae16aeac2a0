/** Addresses that stand in text and that mail programs make into links. */

const MAX_URL = 2_000;
const BARE = /(?:https?:\/\/|(?<![\w.@/-])www\.)[^\s<>"`{}|\\^[\]\u00a0\u200b]{1,2000}/gi;
const MAY_HAVE = /:\/\/|www\./i;
const AFTERWARDS: ReadonlySet<string> = new Set(".,;:!?)'*_\u2019\u201d\u00bb");

export type BareLink = { readonly url: string; readonly text: string };

/** `url` always with a scheme; `text` as it stands there. */
export function* bareLinks(text: string): Generator<BareLink> {
  if (!MAY_HAVE.test(text)) return;
  for (const [found] of text.matchAll(BARE)) {
    const written = withoutPunctuation(found).slice(0, MAX_URL);
    yield { url: /^www/i.test(written) ? `http://${written}` : written, text: written };
  }
}

/** What ends the sentence is not the link's. A loop: a pattern that looks for the end of a run of dots is quadratic. */
function withoutPunctuation(found: string): string {
  let end = found.length;
  while (end > 0 && AFTERWARDS.has(found.charAt(end - 1))) end -= 1;
  return found.slice(0, end);
}

/**
 * HTML as a stream of tokens, cut as browsers cut it (HTML standard §13.2.5) where it matters for what a reader sees. One pass that
 * never looks back: whatever is not closed runs to the end, because a search for the end of a hundred thousand `<style` or quotes that
 * have none is quadratic.
 */
import { decodeEntities } from './entities.ts';

export type OpenTag = {
  /** lower case */
  readonly name: string;
  /** names in lower case, values decoded; the first of a name counts */
  readonly attributes: ReadonlyMap<string, string>;
};

export type TokenReader = {
  /** as a reader sees it, white space as written */
  text(text: string): void;
  open(tag: OpenTag): void;
  close(name: string): void;
  comment(): void;
};

// Elements whose content is no markup, and how it ends. Only these two are shown.
const RAW: ReadonlyMap<string, RegExp> = new Map(
  ['script', 'style', 'title', 'iframe', 'noembed', 'noframes', 'textarea', 'xmp'].map((name): [string, RegExp] => [
    name,
    new RegExp(`</${name}(?=[\\s/>])`, 'gi'),
  ]),
);
const SHOWN_RAW: ReadonlySet<string> = new Set(['textarea', 'xmp']);

const MARKUP = /<(?=[a-zA-Z/!?])/g;
const LETTER = /[a-zA-Z]/;
const NAME = /[^\s/>]*/y;
const ATTRIBUTE = /[\s/=]*([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)(?:"|$)|'([^']*)(?:'|$)|([^\s>]*)))?/y;
const COMMENT_END = /--!?>/g;

export function readTokens(html: string, reader: TokenReader): void {
  let at = 0;
  while (at < html.length) {
    const open = markupFrom(html, at);
    const end = open === -1 ? html.length : open;
    if (end > at) reader.text(decodeEntities(html.slice(at, end)));
    if (open === -1) return;
    at = readMarkup(html, open, reader);
  }
}

function readMarkup(html: string, open: number, reader: TokenReader): number {
  const first = html.charAt(open + 1);
  if (LETTER.test(first)) return readTag(html, open, reader);
  if (first === '/') return readClosing(html, open, reader);
  if (html.startsWith('<!--', open)) {
    reader.comment();
    return commentEnd(html, open + 4);
  }
  return after(html, '>', open);
}

/** Where markup begins; a smaller-than sign before anything else is one. */
function markupFrom(html: string, at: number): number {
  MARKUP.lastIndex = at;
  return MARKUP.exec(html)?.index ?? -1;
}

function readTag(html: string, open: number, reader: TokenReader): number {
  const name = nameAt(html, open + 1);
  const attributes = new Map<string, string>();
  let at = open + 1 + name.length;
  for (let match = matchAt(ATTRIBUTE, html, at); match !== null; match = matchAt(ATTRIBUTE, html, at)) {
    at += match[0].length;
    const key = (match[1] ?? '').toLowerCase();
    if (!attributes.has(key)) attributes.set(key, decodeEntities(match[2] ?? match[3] ?? match[4] ?? ''));
  }
  const tag = { name: name.toLowerCase(), attributes };
  const end = after(html, '>', at);
  reader.open(tag);
  return readRaw(html, end, tag.name, reader);
}

/** The content of an element that holds no markup, up to its closing tag. */
function readRaw(html: string, at: number, name: string, reader: TokenReader): number {
  const closing = RAW.get(name);
  if (closing === undefined) return at;
  closing.lastIndex = at;
  const end = closing.exec(html)?.index ?? html.length;
  if (SHOWN_RAW.has(name) && end > at) reader.text(decodeEntities(html.slice(at, end)));
  return end;
}

function readClosing(html: string, open: number, reader: TokenReader): number {
  if (LETTER.test(html.charAt(open + 2))) reader.close(nameAt(html, open + 2).toLowerCase());
  return after(html, '>', open);
}

function nameAt(html: string, at: number): string {
  return matchAt(NAME, html, at)?.[0] ?? '';
}

/** `<!-->` and `<!--->` are whole comments: what follows them is on the screen. */
function commentEnd(html: string, at: number): number {
  if (html.startsWith('>', at)) return at + 1;
  if (html.startsWith('->', at)) return at + 2;
  COMMENT_END.lastIndex = at;
  return COMMENT_END.exec(html) === null ? html.length : COMMENT_END.lastIndex;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function after(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found === -1 ? text.length : found + mark.length;
}

/** One HTML part as its reader sees it: the words, the links with what stands on the screen for them, and what is hidden or active in it. */
import type { LinkFacts, MarkupFacts } from '../core/message-facts.ts';
import { NO_MARKUP } from '../core/message-facts.ts';
import { type OpenTag, readTokens, type TokenReader } from '../mime/html-tokens.ts';
import { bareLinks } from './bare-links.ts';
import { isHidden, seenAs } from './hidden-style.ts';
import { obfuscatedIn, withoutInvisible } from './obfuscation.ts';
import { OpenElements } from './open-elements.ts';

/** As found, its host not yet judged. */
export type FoundLink = Omit<LinkFacts, 'host'>;

export type HtmlFacts = {
  readonly text: string;
  readonly links: readonly FoundLink[];
  /** what relative links are relative to */
  readonly base: string | undefined;
  readonly markup: MarkupFacts;
};

// They do not separate words: `v<b>i</b>agra` is one.
const INLINE: ReadonlySet<string> = new Set(
  'a abbr acronym b bdi bdo big cite code data dfn em font i ins kbd label mark q s samp small span strike strong sub sup time tt u var wbr'.split(
    ' ',
  ),
);
const MAX_LINK_TEXT = 500;

export function readHtml(html: string, maxLinks: number): HtmlFacts {
  const reading = new HtmlReading(maxLinks);
  readTokens(html, reading);
  return reading.finish();
}

type Counts = { -readonly [Key in keyof MarkupFacts]: MarkupFacts[Key] };

class HtmlReading implements TokenReader {
  readonly #maxLinks: number;
  readonly #counts: Counts = { ...NO_MARKUP };
  readonly #elements = new OpenElements();
  readonly #words: string[] = [];
  readonly #links: FoundLink[] = [];
  #anchor: { readonly url: string; text: string } | undefined;
  #base: string | undefined;
  // Until a style sheet may have said otherwise: then white is honest on what we take for white.
  #page = '#ffffff';

  constructor(maxLinks: number) {
    this.#maxLinks = maxLinks;
  }

  text(text: string): void {
    if (this.#elements.isUnshown) return;
    if (isHidden(this.#elements.seen)) {
      this.#counts.hiddenCharacters += lettersIn(text);
      return;
    }
    this.#words.push(this.#elements.isIn('pre') ? text : text.replace(/[\r\n]+/g, ' '));
    if (this.#anchor !== undefined) this.#extendAnchor(text);
    else for (const link of bareLinks(text)) this.#found({ ...link, from: 'text' });
  }

  open(tag: OpenTag): void {
    const { name, attributes } = tag;
    // The body ends a head that was never closed.
    if (name === 'body') this.#elements.pop('head');
    if (name === 'a') this.#endAnchor();
    if (name === 'style' || name === 'link') this.#page = '';
    this.#elements.makeWay(name);
    this.#elements.push(name, seenAs(attributes, this.#elements.seen, this.#page));
    if (!INLINE.has(name)) this.#words.push('\n');
    this.#count(tag);
    this.#follow(tag);
  }

  close(name: string): void {
    if (name === 'a') this.#endAnchor();
    this.#elements.pop(name);
    if (!INLINE.has(name)) this.#words.push('\n');
  }

  comment(): void {
    this.#counts.comments += 1;
  }

  finish(): HtmlFacts {
    this.#endAnchor();
    const written = this.#words.join('');
    const text = folded(withoutInvisible(written));
    const markup = {
      ...this.#counts,
      visibleCharacters: lettersIn(text),
      obfuscatedCharacters: obfuscatedIn(written),
    };
    return { text, links: this.#links, base: this.#base, markup };
  }

  #count({ name, attributes }: OpenTag): void {
    switch (name) {
      case 'form':
        this.#counts.forms += 1;
        return;
      case 'input':
        if (attributes.get('type')?.toLowerCase() === 'password') this.#counts.passwordFields += 1;
        return;
      case 'script':
        this.#counts.scripts += 1;
        return;
      case 'iframe':
      case 'frame':
      case 'object':
      case 'embed':
        this.#counts.iframes += 1;
        return;
      case 'img':
        if (/^\s*(?:https?:)?\/\//i.test(attributes.get('src') ?? '')) this.#counts.remoteImages += 1;
        else this.#counts.inlineImages += 1;
    }
  }

  #follow({ name, attributes }: OpenTag): void {
    const href = attributes.get('href');
    if (name === 'base' && href !== undefined) this.#base ??= href;
    else if (name === 'a' && href !== undefined) this.#anchor = { url: href, text: '' };
    else if (name === 'area' && href !== undefined)
      this.#found({ url: href, text: attributes.get('alt') ?? '', from: 'href' });
    const refresh = name === 'meta' ? REFRESH.exec(attributes.get('content') ?? '')?.[1] : undefined;
    if (refresh !== undefined) this.#found({ url: refresh, text: '', from: 'href' });
    const action = attributes.get(name === 'form' ? 'action' : 'formaction');
    if (action !== undefined) this.#found({ url: action, text: '', from: 'form' });
    const source = attributes.get(name === 'img' || name === 'iframe' ? 'src' : 'background');
    if (source !== undefined) this.#image(source, attributes.get('alt') ?? '');
  }

  #image(source: string, alt: string): void {
    if (alt !== '' && this.#anchor !== undefined) this.#extendAnchor(` ${alt} `);
    if (!/^\s*(?:data|cid):/i.test(source)) this.#found({ url: source, text: alt, from: 'image' });
  }

  #extendAnchor(text: string): void {
    if (this.#anchor !== undefined && this.#anchor.text.length < MAX_LINK_TEXT * 2) this.#anchor.text += text;
  }

  #endAnchor(): void {
    if (this.#anchor === undefined) return;
    const { url, text } = this.#anchor;
    this.#anchor = undefined;
    this.#found({ url, text, from: 'href' });
  }

  /** One more than wanted is kept: that is how the caller knows that there were more. */
  #found({ url, text, from }: FoundLink): void {
    if (this.#links.length > this.#maxLinks) return;
    const words = withoutInvisible(text).replace(/\s+/g, ' ').trim().slice(0, MAX_LINK_TEXT);
    this.#links.push({ url: url.trim(), text: words, from });
  }
}

// No two runs of blanks side by side: which of them has which is tried in every way, and a page may be half a megabyte of blanks.
const REFRESH = /^\s*(?:[.\d]{1,12}\s*)?[;,]\s*url\s*=\s*["']?([^"']{1,2000})/i;

function lettersIn(text: string): number {
  return text.replace(/\s+/g, '').length;
}

function folded(text: string): string {
  return text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[ \n]*/g, '\n')
    .trim();
}

/** The text parts of a message: gathered as they stream by, decoded by their charset when they end, read for words and links, let go. */
import { type LinkFacts, type MarkupFacts, NO_MARKUP, type TextFacts, type Unscanned } from '../core/message-facts.ts';
import { BoundedBytes } from '../mime/bounded-bytes.ts';
import { decodeBytes } from '../mime/charset.ts';
import type { PartSink } from '../mime/observer.ts';
import { bareLinks } from './bare-links.ts';
import { hostOf } from './host-of.ts';
import { type FoundLink, readHtml } from './html-facts.ts';
import { obfuscatedIn, withoutInvisible } from './obfuscation.ts';

// What a rule and a score read. Of a novel in one part they see the beginning.
const MAX_CHARACTERS = 65_536;
// A message of a thousand text parts would make a thousand texts for every reader of facts.
const MAX_TEXTS = 8;
// Read for links and markup, over all parts: more HTML than any newsletter, less than what would take a second to read.
const MAX_BYTES = 524_288;
// A page of links is an attack on whoever looks them up.
const MAX_LINKS = 300;
const MAX_URL = 2_000;
// HTML standard §13.2.3.2: a charset is declared within so many bytes.
const META_CHARSET = /<meta[^>]{0,200}charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w:.-]{1,40})/i;
const META_BYTES = 1_024;

export type TextKind = TextFacts['kind'];

export class TextParts {
  readonly #texts: TextFacts[] = [];
  readonly #links: LinkFacts[] = [];
  readonly #unscanned = new Set<Unscanned>();
  #markup: MarkupFacts = NO_MARKUP;
  #bytesLeft = MAX_BYTES;

  /** A text part begins. */
  gather(kind: TextKind, charset: string | undefined): PartSink {
    const bytes = new BoundedBytes(this.#bytesLeft);
    return {
      write: (piece) => bytes.append(piece, 0, piece.length),
      end: () => this.#read(kind, bytes, charset),
    };
  }

  facts(): {
    readonly texts: readonly TextFacts[];
    readonly links: readonly LinkFacts[];
    readonly markup: MarkupFacts;
    readonly unscanned: readonly Unscanned[];
  } {
    return { texts: this.#texts, links: this.#links, markup: this.#markup, unscanned: [...this.#unscanned] };
  }

  #read(kind: TextKind, bytes: BoundedBytes, charset: string | undefined): void {
    const view = bytes.view();
    this.#bytesLeft -= view.length;
    if (bytes.overflowed) this.#unscanned.add('text');
    if (kind === 'html') this.#readHtml(decodeHtml(view, charset), bytes.overflowed);
    else this.#readPlain(decodeBytes(view, charset), bytes.overflowed);
  }

  #readPlain(text: string, isCut: boolean): void {
    this.#add('plain', withoutInvisible(text).replace(/\r\n?/g, '\n').trim(), isCut);
    for (const link of bareLinks(text)) if (!this.#link({ ...link, from: 'text' })) break;
    const obfuscated = obfuscatedIn(text);
    if (obfuscated > 0)
      this.#markup = { ...this.#markup, obfuscatedCharacters: this.#markup.obfuscatedCharacters + obfuscated };
  }

  #readHtml(html: string, isCut: boolean): void {
    const { text, links, base, markup } = readHtml(html, MAX_LINKS);
    this.#add('html', text, isCut);
    for (const link of links) if (!this.#link(link, base)) break;
    this.#markup = sumOf(this.#markup, markup);
  }

  #add(kind: TextKind, text: string, isCut: boolean): void {
    if (text === '') return;
    if (this.#texts.length >= MAX_TEXTS) {
      this.#unscanned.add('text');
      return;
    }
    const isTruncated = isCut || text.length > MAX_CHARACTERS;
    if (isTruncated) this.#unscanned.add('text');
    this.#texts.push({ kind, text: text.slice(0, MAX_CHARACTERS).toWellFormed(), isTruncated });
  }

  /** false when there is no room for it, nor for what follows */
  #link({ url, text, from }: FoundLink, base?: string): boolean {
    if (this.#links.length >= MAX_LINKS) {
      this.#unscanned.add('links');
      return false;
    }
    const written = url.slice(0, MAX_URL).toWellFormed();
    this.#links.push({ url: written, host: hostOf(written, base), text: text.toWellFormed(), from });
    return true;
  }
}

/** The header outranks the document, and the document a guess. */
function decodeHtml(bytes: Uint8Array, charset: string | undefined): string {
  if (charset !== undefined) return decodeBytes(bytes, charset);
  const head = Buffer.from(bytes.subarray(0, META_BYTES)).toString('latin1');
  return decodeBytes(bytes, META_CHARSET.exec(head)?.[1]);
}

function sumOf(one: MarkupFacts, other: MarkupFacts): MarkupFacts {
  return {
    forms: one.forms + other.forms,
    passwordFields: one.passwordFields + other.passwordFields,
    scripts: one.scripts + other.scripts,
    remoteImages: one.remoteImages + other.remoteImages,
    inlineImages: one.inlineImages + other.inlineImages,
    iframes: one.iframes + other.iframes,
    hiddenCharacters: one.hiddenCharacters + other.hiddenCharacters,
    visibleCharacters: one.visibleCharacters + other.visibleCharacters,
    comments: one.comments + other.comments,
    obfuscatedCharacters: one.obfuscatedCharacters + other.obfuscatedCharacters,
  };
}

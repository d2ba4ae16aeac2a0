/** The elements that are open at a place in an HTML part, as far as it matters for what is seen and what is a link. */
import { PAGE, type Seen } from './hidden-style.ts';

const VOID: ReadonlySet<string> = new Set(
  'area base br col embed hr img input link meta param source track wbr'.split(' '),
);
// They end a paragraph that is open (HTML standard §13.2.6.4.7): what follows an unclosed hidden <p> is on the screen.
const ENDS_PARAGRAPH: ReadonlySet<string> = new Set(
  'address article blockquote center div dl fieldset form h1 h2 h3 h4 h5 h6 hr ol p pre section table ul'.split(' '),
);
const NEVER_SHOWN: ReadonlySet<string> = new Set('audio datalist head object select template video'.split(' '));
// Deeper ones are not followed: a megabyte of <b> is no reason to hold a record for each.
const MAX_DEPTH = 1_000;

type Element = { readonly name: string; readonly seen: Seen };

export class OpenElements {
  readonly #stack: Element[] = [];
  readonly #open = new Map<string, number>();
  #unshown = 0;

  get seen(): Seen {
    return this.#stack.at(-1)?.seen ?? PAGE;
  }

  /** within something of which no text is on the screen */
  get isUnshown(): boolean {
    return this.#unshown > 0;
  }

  isIn(name: string): boolean {
    return (this.#open.get(name) ?? 0) > 0;
  }

  /** What the beginning of such an element ends. */
  makeWay(name: string): void {
    if (ENDS_PARAGRAPH.has(name)) this.pop('p');
  }

  push(name: string, seen: Seen): void {
    if (VOID.has(name) || this.#stack.length >= MAX_DEPTH) return;
    this.#stack.push({ name, seen });
    this.#count(name, 1);
  }

  /** The innermost of that name and all in it; each is taken off once, so this stays linear over a whole part. */
  pop(name: string): void {
    if (!this.isIn(name)) return;
    for (let last = this.#stack.pop(); last !== undefined; last = this.#stack.pop()) {
      this.#count(last.name, -1);
      if (last.name === name) return;
    }
  }

  #count(name: string, by: 1 | -1): void {
    this.#open.set(name, (this.#open.get(name) ?? 0) + by);
    if (NEVER_SHOWN.has(name)) this.#unshown += by;
  }
}

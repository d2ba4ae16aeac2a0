/** The first words of a message for its line in a list: from the first text part, or from the first HTML when there is no other. */
import { BoundedBytes } from './bounded-bytes.ts';
import { decodeBytes } from './charset.ts';
import { oneLine } from './display-text.ts';
import { htmlText } from './html-text.ts';
import type { Line } from './line-reader.ts';
import { decodeTransfer } from './transfer-encoding.ts';

const MAX_LENGTH = 200;
// 200 characters, encoded at up to 12 bytes each, after some empty lines.
const MAX_PLAIN_BYTES = 8_192;
// Newsletters open with their style sheets; beyond this we show no preview rather than hold more of a message.
const MAX_HTML_BYTES = 65_536;

export type TextPart = {
  readonly kind: 'plain' | 'html';
  readonly encoding: string;
  readonly charset: string | undefined;
};

const LINE_END = Uint8Array.of(0x0a);

export class Preview {
  readonly #gathered: { readonly part: TextPart; readonly bytes: BoundedBytes }[] = [];
  #current: BoundedBytes | undefined;

  /** A text part begins; only the first of each kind is gathered. */
  open(part: TextPart): void {
    this.#current = undefined;
    if (this.#gathered.some((earlier) => earlier.part.kind === part.kind)) return;
    this.#current = new BoundedBytes(part.kind === 'plain' ? MAX_PLAIN_BYTES : MAX_HTML_BYTES);
    this.#gathered.push({ part, bytes: this.#current });
  }

  close(): void {
    this.#current = undefined;
  }

  add(line: Line): void {
    if (this.#current === undefined || this.#current.overflowed) return;
    this.#current.append(line.bytes, line.start, line.end);
    this.#current.append(LINE_END, 0, 1);
  }

  text(): string {
    const texts = this.#gathered.toSorted((a, b) => Number(a.part.kind === 'html') - Number(b.part.kind === 'html'));
    for (const { part, bytes } of texts) {
      const decoded = decodeBytes(decodeTransfer(bytes.view(), part.encoding), part.charset);
      const line = oneLine(part.kind === 'html' ? htmlText(decoded) : decoded, MAX_LENGTH);
      if (line !== '') return line;
    }
    return '';
  }
}

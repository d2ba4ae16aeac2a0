/** Whether certain bytes come by in a stream, also where the pieces part them. */
export class ByteWatch {
  readonly #patterns: readonly Buffer[];
  readonly #found = new Set<Buffer>();
  readonly #overlap: number;
  #end = Buffer.alloc(0);

  constructor(patterns: readonly Buffer[]) {
    this.#patterns = patterns;
    this.#overlap = Math.max(0, ...patterns.map(({ length }) => length - 1));
  }

  write(bytes: Uint8Array): void {
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const seam = Buffer.concat([this.#end, piece.subarray(0, this.#overlap)]);
    for (const pattern of this.#patterns)
      if (!this.#found.has(pattern) && (seam.includes(pattern) || piece.includes(pattern))) this.#found.add(pattern);
    const end = piece.length >= this.#overlap ? piece : Buffer.concat([this.#end, piece]);
    this.#end = Buffer.from(end.subarray(Math.max(0, end.length - this.#overlap)));
  }

  has(pattern: Buffer): boolean {
    return this.#found.has(pattern);
  }
}

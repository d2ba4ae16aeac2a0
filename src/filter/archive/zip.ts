/**
 * A zip as it streams by. Readers go by the directory at its end, streaming tools by the header before each file, and what deceives one
 * of them says something else in the other: so both are listed. The end of the zip is kept for that, because a header that claims 4 GB
 * would otherwise swallow it.
 */
import { ByteReader, type Reading } from './byte-reader.ts';
import type { ByteSink } from './byte-sink.ts';
import { EntrySink } from './entry-sink.ts';
import { isBomb } from './inflater.ts';
import { entryName, type OpenEntry } from './listing.ts';
import { Tail } from './tail.ts';
import { pass, peek, upto } from './want.ts';
import type { ArchiveReader, ContainerKind, Within } from './within.ts';
import { readDirectory } from './zip-directory.ts';
import {
  CENTRAL,
  CENTRAL_BYTES,
  DESCRIPTOR,
  END,
  LOCAL,
  LOCAL_BYTES,
  readLocal,
  type ZipRecord,
} from './zip-records.ts';

// A directory of a thousand files; of a longer one the end is read.
const TAIL_BYTES = 131_072;
// More files than are listed, with their folders, and letters in packed bytes that look like a record: what comes after them is read in the
// directory only. A file of nothing but such letters would be looked at ten million times.
const MAX_LOOKS = 20_000;
// And a message has room for three hundred of them.
export const MAX_LOOKS_OF_A_MESSAGE = 200_000;
const MAX_RECORDS = 2_000;
// Of a name that is longer, the end is what tells one from another, and what runs from what does not.
const MAX_KEY = 500;
const PK = Buffer.from('PK');
const STORED = 0;
const DEFLATED = 8;
// In a document these hold text, styles and pictures; the rest of it is looked into.
const INERT_IN_DOCUMENT = /\.(?:xml|rels|png|jpe?g|gif|emf|wmf|tiff?|svg|vml|odttf|fntdata|rdf)$/i;

const DOCUMENTS: ReadonlyMap<string, ContainerKind> = new Map([
  ['[Content_Types].xml', 'ooxml'],
  ['content.xml', 'odf'],
]);

// Folders that hold what runs, in such a container; elsewhere they are folders.
const SCRIPTS: readonly (readonly [ContainerKind, RegExp])[] = [
  ['odf', /^(?:Basic|Scripts)\/./],
  ['ooxml', /^xl\/macrosheets\/./i],
];

export class ZipReader implements ArchiveReader {
  readonly #within: Within;
  readonly #isSure: boolean;
  readonly #reader: ByteReader;
  readonly #tail = new Tail(TAIL_BYTES);
  readonly #seen = new Map<string, OpenEntry | undefined>();
  #open: EntrySink | undefined;
  readonly #scriptsOf = new Set<ContainerKind>();
  #looks = 0;
  #records = 0;
  #container: ContainerKind = 'archive';
  #flavour = '';

  /** `by`: a file that is only called a zip may be none, and is no broken one then */
  constructor(within: Within, by: 'content' | 'name') {
    this.#within = within;
    this.#isSure = by === 'content';
    this.#reader = new ByteReader(this.#read());
  }

  get container(): ContainerKind {
    return this.#container;
  }

  get flavour(): string {
    return this.#flavour;
  }

  write(bytes: Uint8Array): void {
    this.#tail.write(bytes);
    this.#reader.write(bytes);
  }

  end(): void {
    this.#reader.end();
    this.#open?.abandon();
    this.#readDirectory(this.#tail.view());
    if (this.#scriptsOf.has(this.#container)) this.#within.markMacros();
  }

  *#read(): Reading {
    while (this.#records < MAX_RECORDS && this.#mayLook()) {
      yield* upto(PK);
      const signature = (yield* peek(4)).readUInt32LE(0);
      if (signature === LOCAL) yield* this.#readFile();
      else if (signature === CENTRAL) yield* this.#passCentral();
      else yield* pass(2);
    }
    this.#within.listing.markPartial('archive');
  }

  #mayLook(): boolean {
    const { budget } = this.#within;
    if (this.#looks >= MAX_LOOKS || budget.looksLeft <= 0) return false;
    this.#looks += 1;
    budget.looksLeft -= 1;
    return true;
  }

  *#readFile(): Reading {
    const fixed = yield* peek(LOCAL_BYTES);
    const length = LOCAL_BYTES + fixed.readUInt16LE(26) + fixed.readUInt16LE(28);
    const record = readLocal(yield* peek(length));
    const sink = this.#openEntry(record);
    yield* pass(length);
    if (record.isOpenEnded && record.packedBytes === 0) yield* this.#passOpenEnded(sink);
    else yield* pass(record.packedBytes, sink);
    this.#closeEntry();
  }

  /** Up to the descriptor that counts right (§4.3.9), or to the next record where somebody left its signature out. */
  *#passOpenEnded(sink: ByteSink | undefined): Reading {
    let passed = 0;
    const counting: ByteSink = {
      write(bytes) {
        passed += bytes.length;
        sink?.write(bytes);
      },
    };
    while (this.#mayLook()) {
      yield* upto(PK, counting);
      const bytes = yield* peek(20);
      const signature = bytes.readUInt32LE(0);
      if (signature === LOCAL || signature === CENTRAL || signature === END) return;
      if (signature === DESCRIPTOR && bytes.readUInt32LE(8) === passed) return;
      yield* pass(2, counting);
    }
    this.#open?.abandon();
    this.#open = undefined;
  }

  /** Read at the end, from the tail. Here it is passed over, so that nothing in its names looks like a record. */
  *#passCentral(): Reading {
    const fixed = yield* peek(CENTRAL_BYTES);
    yield* pass(CENTRAL_BYTES + fixed.readUInt16LE(28) + fixed.readUInt16LE(30) + fixed.readUInt16LE(32));
  }

  #openEntry(record: ZipRecord): EntrySink | undefined {
    const entry = this.#list(record);
    if (entry === undefined || record.isEncrypted) return undefined;
    if (this.#container !== 'archive' && INERT_IN_DOCUMENT.test(entry.name)) return undefined;
    const isPacked = record.method === DEFLATED && !isBomb(record);
    if (isPacked || record.method === STORED)
      this.#open = new EntrySink(entry, isPacked ? 'deflated' : 'stored', this.#within);
    else this.#within.listing.unscanned.add('archive');
    return this.#open;
  }

  #closeEntry(): void {
    this.#open?.end();
    this.#open = undefined;
  }

  #list({ name: bytes, isEncrypted, packedBytes, sizeBytes }: ZipRecord): OpenEntry | undefined {
    this.#records += 1;
    const name = entryName(bytes);
    this.#judge(name);
    const { listing, depth } = this.#within;
    const entry = name.endsWith('/') ? undefined : listing.add({ name, sizeBytes, packedBytes, isEncrypted, depth });
    this.#seen.set(name.slice(-MAX_KEY), entry);
    return entry;
  }

  /** What kind of container has such an entry. */
  #judge(name: string): void {
    if (/(?:^|\/)vbaProject\.bin$/i.test(name)) this.#within.markMacros();
    for (const [kind, pattern] of SCRIPTS) if (pattern.test(name)) this.#scriptsOf.add(kind);
    if (name === 'META-INF/MANIFEST.MF' || name === 'AndroidManifest.xml') this.#container = 'program';
    else if (this.#container === 'archive') this.#container = DOCUMENTS.get(name) ?? 'archive';
    if (this.#flavour === '') this.#flavour = /^(?:word|xl|ppt|visio)(?=\/)/.exec(name)?.[0] ?? '';
  }

  #readDirectory(tail: Buffer): void {
    const directory = readDirectory(tail);
    const isNone = directory === undefined && !this.#isSure && this.#seen.size === 0;
    if (directory?.isWhole !== true && !isNone) this.#within.listing.markPartial('archive');
    for (const record of directory?.records ?? []) this.#merge(record);
  }

  #merge(record: ZipRecord): void {
    const key = entryName(record.name).slice(-MAX_KEY);
    const listed = this.#seen.get(key);
    if (listed === undefined) {
      if (!this.#seen.has(key)) this.#list(record);
      return;
    }
    // What stood behind the data is known here; of two claims the worse one counts.
    const { listing, depth } = this.#within;
    listing.exceeded(depth, Math.max(0, record.sizeBytes - listed.sizeBytes));
    listed.sizeBytes = Math.max(listed.sizeBytes, record.sizeBytes);
    listed.packedBytes = Math.max(listed.packedBytes, record.packedBytes);
    if (record.isEncrypted) listing.markEncrypted();
    listed.isEncrypted ||= record.isEncrypted;
  }
}

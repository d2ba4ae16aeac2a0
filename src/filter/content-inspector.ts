/**
 * The content of a part, or of an entry of an archive in it, as its bytes stream by: hash, size, what it truly is, whether it is or holds
 * test content, macros, encryption; and where it is an archive, what lies in it. Never more of it is held than its head.
 */
import { createHash } from 'node:crypto';
import { BoundedBytes } from '../mime/bounded-bytes.ts';
import { CabReader } from './archive/cab.ts';
import { GzipReader } from './archive/gzip.ts';
import { type ArchiveFormat, Listing } from './archive/listing.ts';
import { RarReader } from './archive/rar.ts';
import { TarReader } from './archive/tar.ts';
import type { ArchiveReader, EntryContent, Within } from './archive/within.ts';
import { ZipReader } from './archive/zip.ts';
import { ByteWatch } from './byte-watch.ts';
import { documentType } from './document-type.ts';
import type { Findings } from './findings.ts';
import { type Detected, detect, detectIso, HEAD_BYTES, ISO_MARK } from './true-type.ts';

// Split so that the file that holds this is not taken for what it looks for.
const EICAR_TEXT = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');
export const EICAR = 'EICAR-Test-File';
const EICAR_BYTES = Buffer.from(EICAR_TEXT, 'latin1');
const LINE_END = Buffer.from('\n');
const EICAR_LINE = Buffer.concat([LINE_END, EICAR_BYTES]);
// [MS-OVBA] §2.2.1 and [MS-OFFCRYPTO] §2.3.4.4: names in the directory of a compound file, which is in UTF-16.
const VBA_PROJECT = Buffer.from('_VBA_PROJECT', 'utf16le');
const ENCRYPTED_PACKAGE = Buffer.from('EncryptedPackage', 'utf16le');
// Attachment, archive in it, archive in that, and once more: whoever packs deeper hides something or builds a bomb.
const MAX_DEPTH = 3;

export type Place = {
  /** how many archives are around it */
  readonly depth: number;
  readonly name: string;
  /** a reader shows it: a letter may speak of the test string, a file that has it is one */
  readonly isLetter: boolean;
};

export class ContentInspector implements EntryContent {
  readonly #place: Place;
  readonly #findings: Findings;
  readonly #hash = createHash('sha256');
  readonly #head = new BoundedBytes(HEAD_BYTES);
  readonly #isoMark = new BoundedBytes(ISO_MARK.bytes.length);
  readonly #eicarMark: Buffer;
  readonly #eicar: ByteWatch;
  #detected: Detected | undefined;
  #archive: ArchiveReader | undefined;
  #ole: ByteWatch | undefined;
  #sizeBytes = 0;

  constructor(place: Place, findings: Findings) {
    this.#place = place;
    this.#findings = findings;
    this.#eicarMark = place.isLetter ? EICAR_LINE : EICAR_BYTES;
    this.#eicar = new ByteWatch([this.#eicarMark]);
    this.#eicar.write(LINE_END);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get wantsMore(): boolean {
    const type = this.#detected?.type;
    return type !== 'image' && type !== 'audio' && type !== 'video';
  }

  write(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#eicar.write(bytes);
    this.#watchForIso(bytes);
    this.#sizeBytes += bytes.length;
    if (this.#detected !== undefined) {
      this.#look(bytes);
      return;
    }
    const taken = Math.min(bytes.length, HEAD_BYTES - this.#head.view().length);
    this.#head.append(bytes, 0, taken);
    if (this.#head.view().length < HEAD_BYTES) return;
    this.#begin();
    this.#look(bytes.subarray(taken));
  }

  end(): string {
    if (this.#detected === undefined) this.#begin();
    this.#archive?.end();
    if (this.#eicar.has(this.#eicarMark)) this.#findings.threats.add(EICAR);
    if (this.#ole?.has(VBA_PROJECT) === true) this.#findings.hasMacros = true;
    if (this.#ole?.has(ENCRYPTED_PACKAGE) === true) {
      this.#findings.isEncrypted = true;
      this.#findings.unscanned.add('encrypted');
    }
    return this.#hash.digest('hex');
  }

  /** Once it has ended. */
  get trueType(): Detected {
    const detected = this.#detected ?? { type: 'unknown' };
    if (this.#archive !== undefined && this.#archive.container !== 'archive')
      return documentType(this.#archive.container, this.#archive.flavour, this.#findings.hasMacros);
    return detectIso(this.#isoMark.view()) ?? detected;
  }

  /** The head is all there: what it is, and who reads on. */
  #begin(): void {
    const head = this.#head.view();
    this.#detected = detect(head);
    if (this.#detected.type === 'ole') this.#ole = new ByteWatch([VBA_PROJECT, ENCRYPTED_PACKAGE]);
    this.#archive = this.#openArchive(this.#detected);
    this.#look(head);
  }

  #look(bytes: Uint8Array): void {
    this.#ole?.write(bytes);
    this.#archive?.write(bytes);
  }

  #watchForIso(bytes: Uint8Array): void {
    const start = Math.max(0, ISO_MARK.at - this.#sizeBytes);
    if (start < bytes.length) this.#isoMark.append(bytes, start, Math.min(bytes.length, start + ISO_MARK.bytes.length));
  }

  #openArchive(detected: Detected): ArchiveReader | undefined {
    const format = this.#formatOf(detected);
    if (format === undefined) return undefined;
    this.#findings.listing ??= new Listing(format, this.#findings.budget);
    const { listing, budget } = this.#findings;
    const depth = this.#place.depth + 1;
    if (depth > MAX_DEPTH) {
      listing.markPartial('archive-depth');
      return undefined;
    }
    const openContent = (name: string) => new ContentInspector({ depth, name, isLetter: false }, this.#findings);
    const markMacros = () => {
      this.#findings.hasMacros = true;
    };
    const within = { listing, name: this.#place.name, depth, budget, openContent, markMacros };
    return detected.type === 'archive' ? open(format, within) : new ZipReader(within, 'name');
  }

  /** Programs that unpack a zip find the directory at its end, whatever stands before the first file: so a name is enough. */
  #formatOf({ type, mime = '' }: Detected): ArchiveFormat | undefined {
    if (type === 'archive') return FORMATS.get(mime) ?? 'other';
    return ZIP_NAME.test(this.#place.name) && type !== 'ole' ? 'zip' : undefined;
  }
}

const ZIP_NAME = /\.(?:zip|zipx|jar|apk|docx|docm|xlsx|xlsm|pptx|pptm|odt|ods|odp)$/i;

const FORMATS: ReadonlyMap<string, ArchiveFormat> = new Map([
  ['application/zip', 'zip'],
  ['application/gzip', 'gzip'],
  ['application/x-tar', 'tar'],
  ['application/x-rar', 'rar'],
  ['application/x-7z-compressed', '7z'],
  ['application/vnd.ms-cab-compressed', 'cab'],
]);

/** What cannot be listed is said to be listed in part, and the message not to be scanned. */
function open(format: ArchiveFormat, within: Within): ArchiveReader | undefined {
  switch (format) {
    case 'zip':
      return new ZipReader(within, 'content');
    case 'gzip':
      return new GzipReader(within);
    case 'tar':
      return new TarReader(within);
    case 'rar':
      return new RarReader(within);
    case 'cab':
      return new CabReader(within);
    case '7z':
    case 'iso':
    case 'other':
      within.listing.markPartial('archive');
      return undefined;
  }
}

/**
 * What bytes are by what they begin with, whatever they are called. A table of our own: the types that a filter tells apart are few, the
 * bytes come in pieces and only their head is held, and what is text, a page or a script is for the filter to know by its own lights.
 */
import type { TrueType } from '../core/message-facts.ts';

export type Detected = { readonly type: TrueType; readonly mime?: string };

/** So many bytes are looked at. */
export const HEAD_BYTES = 1_024;

type Magic = readonly [type: TrueType, mime: string, bytes: string, at?: number];

// Bytes as Latin-1. The first that fits counts.
const MAGIC: readonly Magic[] = [
  ['executable', 'application/x-elf', '\x7fELF'],
  ['executable', 'application/x-mach-binary', '\xfe\xed\xfa\xce'],
  ['executable', 'application/x-mach-binary', '\xfe\xed\xfa\xcf'],
  ['executable', 'application/x-mach-binary', '\xce\xfa\xed\xfe'],
  ['executable', 'application/x-mach-binary', '\xcf\xfa\xed\xfe'],
  ['executable', 'application/java-vm', '\xca\xfe\xba\xbe'],
  ['executable', 'application/vnd.android.dex', 'dex\n03'],
  ['executable', 'application/vnd.ms-htmlhelp', 'ITSF\x03'],
  ['shortcut', 'application/x-ms-shortcut', 'L\0\0\0\x01\x14\x02\0'],
  ['shortcut', 'application/x-mswinurl', '[InternetShortcut]'],
  ['script', 'text/x-script', '#!'],
  ['script', 'text/vbscript-encoded', '#@~^'],
  ['archive', 'application/zip', 'PK\x03\x04'],
  ['archive', 'application/zip', 'PK\x05\x06'],
  ['archive', 'application/zip', 'PK\x07\x08PK'],
  ['archive', 'application/x-rar', 'Rar!\x1a\x07\0'],
  ['archive', 'application/x-rar', 'Rar!\x1a\x07\x01\0'],
  ['archive', 'application/x-7z-compressed', '7z\xbc\xaf\x27\x1c'],
  ['archive', 'application/gzip', '\x1f\x8b\x08'],
  ['archive', 'application/vnd.ms-cab-compressed', 'MSCF\0\0\0\0'],
  ['archive', 'application/x-bzip2', 'BZh'],
  ['archive', 'application/x-xz', '\xfd7zXZ\0'],
  ['archive', 'application/zstd', '\x28\xb5\x2f\xfd'],
  ['archive', 'application/x-lz4', '\x04\x22\x4d\x18'],
  ['archive', 'application/x-tar', 'ustar', 257],
  ['archive', 'application/x-unix-archive', '!<arch>\n'],
  ['archive', 'application/x-rpm', '\xed\xab\xee\xdb'],
  ['archive', 'application/x-arj', '\x60\xea'],
  ['archive', 'application/x-ace', '**ACE**', 7],
  ['archive', 'application/x-lzh', '-lh', 2],
  ['archive', 'application/vnd.ms-tnef', '\x78\x9f\x3e\x22'],
  ['ole', 'application/x-ole-storage', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
  ['image', 'image/png', '\x89PNG\r\n\x1a\n'],
  ['image', 'image/jpeg', '\xff\xd8\xff'],
  ['image', 'image/gif', 'GIF87a'],
  ['image', 'image/gif', 'GIF89a'],
  ['image', 'image/tiff', 'II*\0'],
  ['image', 'image/tiff', 'MM\0*'],
  ['image', 'image/webp', 'WEBP', 8],
  ['image', 'image/x-icon', '\0\0\x01\0'],
  ['image', 'image/vnd.adobe.photoshop', '8BPS'],
  ['image', 'image/emf', ' EMF', 40],
  ['image', 'image/heic', 'ftyphei', 4],
  ['image', 'image/heic', 'ftypmif1', 4],
  ['image', 'image/avif', 'ftypavif', 4],
  ['audio', 'audio/mp4', 'ftypM4A', 4],
  ['video', 'video/mp4', 'ftyp', 4],
  ['video', 'video/x-msvideo', 'AVI ', 8],
  ['video', 'video/x-matroska', '\x1a\x45\xdf\xa3'],
  ['video', 'video/x-ms-asf', '\x30\x26\xb2\x75\x8e\x66\xcf\x11'],
  ['audio', 'audio/wav', 'WAVE', 8],
  ['audio', 'audio/mpeg', 'ID3'],
  ['audio', 'audio/mpeg', '\xff\xfb'],
  ['audio', 'audio/ogg', 'OggS'],
  ['audio', 'audio/flac', 'fLaC'],
  ['audio', 'audio/midi', 'MThd'],
  ['disk-image', 'application/x-vhd', 'conectix'],
  ['disk-image', 'application/x-vhdx', 'vhdxfile'],
  ['disk-image', 'application/x-qemu-disk', 'QFI\xfb'],
  ['unknown', 'application/onenote', '\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3'],
  ['text', 'application/rtf', '{\\rt'],
];

const ISO: Detected = { type: 'disk-image', mime: 'application/x-iso9660-image' };
/** ECMA-119 §6.2.1: the first descriptor stands in sector 16 and says CD001 from its second byte on. */
export const ISO_MARK = { at: 32_769, bytes: Buffer.from('CD001') };

export function detectIso(bytes: Uint8Array): Detected | undefined {
  return ISO_MARK.bytes.equals(bytes) ? ISO : undefined;
}

/** `head`: the first bytes, up to `HEAD_BYTES`. Containers are what is in them: a zip may be a document (content-inspector.ts). */
export function detect(head: Uint8Array): Detected {
  const latin1 = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, HEAD_BYTES)).toString('latin1');
  if (latin1 === '') return { type: 'unknown' };
  if (isDosProgram(latin1)) return { type: 'executable', mime: 'application/vnd.microsoft.portable-executable' };
  // RFC 8118 §5, and what readers accept: somewhere in the first kilobyte.
  if (latin1.includes('%PDF-')) return { type: 'pdf', mime: 'application/pdf' };
  const magic = MAGIC.find(([, , bytes, at = 0]) => latin1.startsWith(bytes, at));
  if (magic !== undefined) return { type: magic[0], mime: magic[1] };
  if (latin1.startsWith('BM') && latin1.slice(6, 10) === '\0\0\0\0') return { type: 'image', mime: 'image/bmp' };
  return detectText(head, latin1);
}

/** The two letters begin words too; a program has bytes soon after that no text has. */
function isDosProgram(latin1: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: which is what is looked for
  return latin1.startsWith('MZ') && /[\0-\x08\x0e-\x1f]/.test(latin1.slice(2, 64));
}

const PAGE =
  /^(?:\s|<!--[^>]{0,200}-->|<\?xml[^>]{0,200}>)*<(?:!doctype\s+html|html|head|body|script|iframe|meta|title|table|div|p|a\s)[\s>/]?/i;
const SCRIPT =
  /^\s*(?:@echo\s|<job[\s>]|<package[\s>]|<\?xml[^>]{0,100}>\s*<(?:scriptlet|component|package|job)[\s>]|on error resume next\b|windows registry editor )|<hta:application\b/i;
const SVG = /^(?:\s|<!--[^>]{0,200}-->|<\?xml[^>]{0,200}>|<!doctype svg[^>]{0,200}>)*<svg[\s>]/i;
const MESSAGE =
  /^(?:return-path|received|from|to|subject|date|message-id|mime-version|delivered-to|dkim-signature|x-[\w-]{1,60}):\s.*\r?\n(?:[\w-]{1,60}:|\s)/i;

function detectText(head: Uint8Array, latin1: string): Detected {
  const text = unmarked(head, latin1);
  if (SCRIPT.test(text)) return { type: 'script', mime: 'text/x-script' };
  if (SVG.test(text)) return { type: 'image', mime: 'image/svg+xml' };
  if (PAGE.test(text)) return { type: 'html', mime: 'text/html' };
  if (MESSAGE.test(text)) return { type: 'message', mime: 'message/rfc822' };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: text has none of them
  if (/[\0-\x06\x0e-\x1a\x1c-\x1f]/.test(text)) return { type: 'unknown' };
  if (/^\s*<\?xml\s/.test(text)) return { type: 'text', mime: 'text/xml' };
  return { type: 'text', mime: 'text/plain' };
}

/** Without the byte order mark, and without the other half of every character where it says UTF-16. */
function unmarked(head: Uint8Array, latin1: string): string {
  if (latin1.startsWith('\xef\xbb\xbf')) return latin1.slice(3);
  if (latin1.startsWith('\xff\xfe')) return Buffer.from(head.subarray(2, HEAD_BYTES)).toString('utf16le');
  if (latin1.startsWith('\xfe\xff')) return latin1.slice(2).replace(/\0/g, '');
  return latin1;
}

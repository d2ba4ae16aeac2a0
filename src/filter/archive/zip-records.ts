/** The records of a zip (APPNOTE.TXT 6.3 §4.3), little-endian, as far as they tell what lies in it. */

export type ZipRecord = {
  readonly name: Uint8Array;
  readonly method: number;
  readonly isEncrypted: boolean;
  /** sizes stand behind the data only (§4.4.4, bit 3) */
  readonly isOpenEnded: boolean;
  readonly packedBytes: number;
  readonly sizeBytes: number;
};

export const LOCAL = 0x04034b50;
export const CENTRAL = 0x02014b50;
export const END = 0x06054b50;
export const DESCRIPTOR = 0x08074b50;
export const LOCAL_BYTES = 30;
export const CENTRAL_BYTES = 46;
export const END_BYTES = 22;
// §4.5.3: this instead of a size says that the size stands in the extra field.
const IN_EXTRA = 0xffffffff;
const ZIP64 = 1;

/** `at`: where the record begins in the whole of it, name and extra field included. */
export function readLocal(bytes: Buffer): ZipRecord {
  return readFields(bytes, { from: 6, lengths: 26, variable: LOCAL_BYTES });
}

export function readCentral(bytes: Buffer): ZipRecord {
  return readFields(bytes, { from: 8, lengths: 28, variable: CENTRAL_BYTES });
}

type Layout = { readonly from: number; readonly lengths: number; readonly variable: number };

/** From the flags on both have the same fields in the same order. */
function readFields(bytes: Buffer, { from, lengths, variable }: Layout): ZipRecord {
  const flags = bytes.readUInt16LE(from);
  const nameBytes = bytes.readUInt16LE(lengths);
  const extra = bytes.subarray(variable + nameBytes, variable + nameBytes + bytes.readUInt16LE(lengths + 2));
  const packed = bytes.readUInt32LE(from + 12);
  const size = bytes.readUInt32LE(from + 16);
  const large = largeSizes(extra);
  return {
    name: bytes.subarray(variable, variable + nameBytes),
    method: bytes.readUInt16LE(from + 2),
    isEncrypted: (flags & 0x0001) !== 0,
    isOpenEnded: (flags & 0x0008) !== 0,
    sizeBytes: size === IN_EXTRA ? (large.shift() ?? size) : size,
    packedBytes: packed === IN_EXTRA ? (large.shift() ?? packed) : packed,
  };
}

function largeSizes(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== ZIP64) continue;
    const field = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
    const count = Math.floor(field.length / 8);
    return Array.from({ length: count }, (_, index) => Number(field.readBigUInt64LE(index * 8)));
  }
  return [];
}

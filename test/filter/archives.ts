/** Archives made by hand, so that each byte of them says what the test wants. */
import { type Zippable, zipSync } from 'fflate';
import { lines } from '../mime/walk.ts';

export const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

export function zip(files: Zippable): Uint8Array {
  return zipSync(files, { level: 6, mtime: '2026-03-04T09:12:44' });
}

export function text(content: string): Uint8Array {
  return new Uint8Array(Buffer.from(content, 'latin1'));
}

/** A message with one file attached. */
export function attached(name: string, content: Uint8Array): string {
  const body = Buffer.from(content).toString('base64').replace(/.{76}/g, '$&\r\n');
  return lines(`Content-Type: application/octet-stream; name="${name}"`, 'Content-Transfer-Encoding: base64', '', body);
}

export type TarFile = { readonly name: string; readonly content: Uint8Array; readonly type?: string };

export function tar(files: readonly TarFile[]): Uint8Array {
  const blocks = files.flatMap(({ name, content, type = '0' }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0, 'latin1');
    header.write(content.length.toString(8).padStart(11, '0'), 124, 'latin1');
    header.write(type, 156, 'latin1');
    header.write('ustar\0', 257, 'latin1');
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return new Uint8Array(Buffer.concat([...blocks, Buffer.alloc(1_024)]));
}

type RarFile = {
  readonly name: string;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  readonly isEncrypted: boolean;
};

/** RAR 4: main header, files, end. */
export function rar4(files: readonly RarFile[], flags = 0): Uint8Array {
  const block = (type: number, blockFlags: number, body: Buffer, following = Buffer.alloc(0)) => {
    const head = Buffer.alloc(7);
    head.writeUInt8(type, 2);
    head.writeUInt16LE(blockFlags, 3);
    head.writeUInt16LE(7 + body.length, 5);
    return Buffer.concat([head, body, following]);
  };
  const file = ({ name, packedBytes, sizeBytes, isEncrypted }: RarFile) => {
    const fixed = Buffer.alloc(25);
    fixed.writeUInt32LE(packedBytes, 0);
    fixed.writeUInt32LE(sizeBytes, 4);
    fixed.writeUInt16LE(name.length, 19);
    return block(
      0x74,
      0x8000 | (isEncrypted ? 4 : 0),
      Buffer.concat([fixed, text(name)]),
      Buffer.alloc(packedBytes, 0x52),
    );
  };
  const all = [
    Buffer.from('Rar!\x1a\x07\0', 'latin1'),
    block(0x73, flags, Buffer.alloc(6)),
    ...files.map(file),
    block(0x7b, 0, Buffer.alloc(0)),
  ];
  return new Uint8Array(Buffer.concat(all));
}

function vint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** RAR 5: main header, files, end; `encrypted`: an encryption header hides the rest. */
export function rar5(files: readonly RarFile[], headers: 'plain' | 'encrypted' = 'plain'): Uint8Array {
  const block = (type: number, flags: number, body: readonly Buffer[], following = Buffer.alloc(0)) => {
    const content = Buffer.concat([vint(type), vint(flags), ...body]);
    return Buffer.concat([Buffer.alloc(4), vint(content.length), content, following]);
  };
  const file = ({ name, packedBytes, sizeBytes, isEncrypted }: RarFile) => {
    const extra = isEncrypted ? Buffer.concat([vint(3), vint(1), vint(0), vint(0)]) : Buffer.alloc(0);
    const fields = [
      vint(4),
      vint(sizeBytes),
      vint(0),
      Buffer.alloc(4),
      vint(0),
      vint(1),
      vint(name.length),
      Buffer.from(name),
    ];
    const body = [...(isEncrypted ? [vint(extra.length)] : []), vint(packedBytes), ...fields, extra];
    return block(2, isEncrypted ? 3 : 2, body, Buffer.alloc(packedBytes, 0x52));
  };
  const rest =
    headers === 'encrypted'
      ? [block(4, 0, [vint(0), vint(0)]), Buffer.alloc(100, 0x33)]
      : [...files.map(file), block(5, 0, [vint(0)])];
  return new Uint8Array(Buffer.concat([Buffer.from('Rar!\x1a\x07\x01\0', 'latin1'), block(1, 0, [vint(0)]), ...rest]));
}

/** A cabinet with nothing in its folders. */
export function cab(files: readonly { readonly name: string; readonly sizeBytes: number }[]): Uint8Array {
  const header = Buffer.alloc(44);
  header.write('MSCF', 0, 'latin1');
  header.writeUInt32LE(44, 16);
  header.writeUInt16LE(files.length, 28);
  const list = files.map(({ name, sizeBytes }) => {
    const fixed = Buffer.alloc(16);
    fixed.writeUInt32LE(sizeBytes, 0);
    return Buffer.concat([fixed, Buffer.from(`${name}\0`)]);
  });
  return new Uint8Array(Buffer.concat([header, ...list]));
}

import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { PartFacts } from '../../src/core/message-facts.ts';
import { attached, cab, EICAR, rar4, rar5, tar, text, zip } from './archives.ts';
import { inspect, inspectInChunks } from './inspected.ts';

function partOf(name: string, content: Uint8Array): PartFacts {
  const [part] = inspect(attached(name, content)).parts;
  if (part === undefined) throw new Error('there is a part');
  return part;
}

function listOf({ archive }: PartFacts): readonly string[] {
  return (archive?.entries ?? []).map(
    ({ depth, name, sizeBytes, isEncrypted }) => `${depth} ${name} ${sizeBytes}${isEncrypted ? ' locked' : ''}`,
  );
}

const PROGRAM = text(`MZ\x90\0${'\0'.repeat(80)}`);
const FILES = { 'read.me': text('hello'), 'run.exe': PROGRAM };
const RAR_FILES = [
  { name: 'run.exe', packedBytes: 20, sizeBytes: 300, isEncrypted: false },
  { name: 'b.txt', packedBytes: 5, sizeBytes: 200_000, isEncrypted: true },
];

function stored(name: string, content: Uint8Array): Uint8Array {
  return zip({ [name]: [content, { level: 0 }] });
}

/** Nothing that deflate makes smaller: what it has seen is out of its sight when it comes again. */
function noise(sizeBytes: number): Uint8Array {
  const piece = randomBytes(50_000);
  return new Uint8Array(Buffer.concat(Array.from({ length: sizeBytes / piece.length }, () => piece)));
}

describe('what lies in an archive is listed', () => {
  const cases: readonly {
    readonly what: string;
    readonly name: string;
    readonly content: Uint8Array;
    readonly list: readonly string[];
  }[] = [
    { what: 'zip', name: 'a.zip', content: zip(FILES), list: ['1 read.me 5', '1 run.exe 84'] },
    { what: 'zip with another name', name: 'a.dat', content: zip(FILES), list: ['1 read.me 5', '1 run.exe 84'] },
    {
      what: 'zip behind something else',
      name: 'a.zip',
      content: Buffer.concat([text('GIF89a....'), zip(FILES)]),
      list: ['1 read.me 5', '1 run.exe 84'],
    },
    {
      what: 'two zips behind each other',
      name: 'a.zip',
      content: Buffer.concat([zip({ a: text('1') }), zip({ b: text('2') })]),
      list: ['1 a 1', '1 b 1'],
    },
    {
      what: 'zip in zip in zip',
      name: 'a.zip',
      content: stored('b.zip', stored('c.zip', stored('d', text('x')))),
      list: ['1 b.zip 209', '2 c.zip 101', '3 d 1'],
    },
    { what: 'tar', name: 'a.tar', content: tar([{ name: 'run.exe', content: PROGRAM }]), list: ['1 run.exe 84'] },
    {
      what: 'tar with a long name of GNU',
      name: 'a.tar',
      content: tar([
        { name: '././@LongLink', content: text(`${'x'.repeat(120)}.exe\0`), type: 'L' },
        { name: 'x', content: PROGRAM },
      ]),
      list: [`1 ${'x'.repeat(120)}.exe 84`],
    },
    {
      what: 'tar with a long name of pax',
      name: 'a.tar',
      content: tar([
        { name: 'x', content: text('17 path=long.exe\n'), type: 'x' },
        { name: 'x', content: PROGRAM },
      ]),
      list: ['1 long.exe 84'],
    },
    { what: 'gzip', name: 'a.txt.gz', content: gzipSync(text('hello')), list: ['1 a.txt 5'] },
    {
      what: 'gzip that says a name',
      name: 'a.gz',
      content: gzipSync(text('hello'), { filename: 'run.exe' }),
      list: ['1 run.exe 5'],
    },
    {
      what: 'tar in gzip',
      name: 'a.tgz',
      content: gzipSync(tar([{ name: 'run.exe', content: PROGRAM }])),
      list: ['1 a.tar 2048', '2 run.exe 84'],
    },
    { what: 'RAR 4', name: 'a.rar', content: rar4(RAR_FILES), list: ['1 run.exe 300', '1 b.txt 200000 locked'] },
    { what: 'RAR 5', name: 'a.rar', content: rar5(RAR_FILES), list: ['1 run.exe 300', '1 b.txt 200000 locked'] },
    { what: 'cabinet', name: 'a.cab', content: cab([{ name: 'run.exe', sizeBytes: 7 }]), list: ['1 run.exe 7'] },
  ];
  it.each(cases)('$what', ({ name, content, list }) => {
    const part = partOf(name, content);
    expect(listOf(part)).toEqual(list);
    expect(part.archive?.isPartial).toBe(false);
  });

  it.each(cases)('$what: the same however it comes in pieces', ({ name, content }) => {
    const message = attached(name, content);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }), (cuts) => {
        expect(inspectInChunks(message, cuts).inspected).toEqual(inspect(message));
      }),
      { numRuns: 20 },
    );
  });

  it.each(cases)('$what: broken off or bent anywhere, it ends in facts', ({ name, content }) => {
    fc.assert(
      fc.property(fc.nat(content.length), fc.nat(content.length - 1), fc.nat(255), (end, at, byte) => {
        const bent = Uint8Array.from(content);
        bent[at] = byte;
        expect(inspect(attached(name, bent.subarray(0, end))).unscanned).not.toContain('fault');
      }),
      { numRuns: 60 },
    );
  });
});

describe('a zip that says one thing here and another there', () => {
  const header = (zipped: Uint8Array, signature: number) =>
    Buffer.from(zipped).indexOf(Buffer.from([0x50, 0x4b, signature]));

  it('is listed by its headers and by its directory', () => {
    const zipped = zip({ 'one.txt': text('x') });
    const bent = Buffer.from(zipped);
    bent.write('two.exe', header(zipped, 1) + 46, 'latin1');
    expect(listOf(partOf('a.zip', bent))).toEqual(['1 one.txt 1', '1 two.exe 1']);
  });

  it('shows its directory though a header claims the rest of the file', () => {
    const bent = Buffer.from(zip({ a: [text('x'), { level: 0 }], 'run.exe': PROGRAM }));
    bent.writeUInt32LE(0x7fffffff, 18);
    expect(listOf(partOf('a.zip', bent))).toEqual(['1 a 1', '1 run.exe 84']);
  });

  it('shows its directory though its comment holds a second end', () => {
    const zipped = zip({ a: [text('x'), { level: 0 }], 'run.exe': PROGRAM });
    const bent = Buffer.concat([zipped, Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]);
    bent.writeUInt32LE(0x7fffffff, 18);
    expect(listOf(partOf('a.zip', bent))).toEqual(['1 a 1', '1 run.exe 84']);
  });
});

describe('limits', () => {
  it('archives are opened three deep, and a deeper one is noted', () => {
    const facts = inspect(attached('a.zip', zip({ b: zip({ c: zip({ d: zip({ e: text('x') }) }) }) })));
    expect(facts.unscanned).toEqual(['archive-depth']);
    expect(facts.parts[0]?.archive?.isPartial).toBe(true);
    expect(
      listOf(partOf('a.zip', zip({ b: zip({ c: zip({ d: zip({ e: text('x') }) }) }) }))).map((line) =>
        line.slice(0, 3),
      ),
    ).toEqual(['1 b', '2 c', '3 d']);
  });

  it('of all archives of a message five thousand entries are listed, and more are noted', () => {
    const names = Object.fromEntries(Array.from({ length: 900 }, (_, n) => [`${n}`, text('')]));
    const content = Buffer.from(zip(names)).toString('base64');
    const part = ['--b', 'Content-Type: application/zip', 'Content-Transfer-Encoding: base64', '', content];
    const parts = Array.from({ length: 8 }, () => part).flat();
    const facts = inspect(['Content-Type: multipart/mixed; boundary=b', '', ...parts, '--b--', ''].join('\r\n'));
    const listed = facts.parts.map(({ archive }) => archive?.entries.length);
    expect(listed).toEqual([900, 900, 900, 900, 900, 500, 0, 0]);
    expect(facts.parts.at(-1)?.archive?.isPartial).toBe(true);
    expect(facts.unscanned).toContain('archive');
  });

  it('a thousand entries are listed, and more are noted', () => {
    const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`f${index}`, text('')]));
    const facts = inspect(attached('a.zip', zip(many)));
    expect(facts.parts[0]?.archive?.entries.length).toBe(1_000);
    expect(facts.unscanned).toEqual(['archive']);
  });

  it('a bomb is known by what it claims, is not inflated and not hashed', () => {
    const facts = inspect(attached('a.zip', zip({ zeros: new Uint8Array(40_000_000) })));
    const archive = facts.parts[0]?.archive;
    expect(archive?.ratio).toBeGreaterThan(900);
    expect(archive?.entries[0]?.sha256).toBeUndefined();
    expect(facts.unscanned).toEqual(['archive']);
  });

  it('a bomb that claims to be small is known by what comes out', () => {
    const bent = Buffer.from(zip({ zeros: new Uint8Array(4_000_000) }));
    bent.writeUInt32LE(1, 22);
    bent.writeUInt32LE(1, bent.indexOf(Buffer.from('PK\x01\x02', 'latin1')) + 24);
    expect(inspect(attached('a.zip', bent)).parts[0]?.archive?.ratio).toBeGreaterThan(200);
  });

  it('of one message only so much is inflated, however many archives it has', () => {
    const content = noise(500_000);
    const fifty = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`f${index}`, content]));
    const facts = inspect(attached('a.zip', zip(fifty)));
    const hashed = facts.parts[0]?.archive?.entries.filter(({ sha256 }) => sha256 !== undefined);
    expect(hashed?.length).toBe(33);
    expect(facts.unscanned).toEqual(['archive']);
  });

  it('a picture is not inflated past its head, and nothing is amiss', () => {
    const picture = Buffer.concat([text('\xff\xd8\xff\xe0'), noise(200_000)]);
    const facts = inspect(attached('a.zip', zip({ 'a.jpg': picture, b: text('x') })));
    expect(facts.parts[0]?.archive?.entries.map(({ sha256 }) => sha256 !== undefined)).toEqual([false, true]);
    expect(facts.unscanned).toEqual([]);
  });
});

describe('what is encrypted', () => {
  const locked = () => {
    const zipped = Buffer.from(zip({ a: text('x') }));
    zipped.writeUInt16LE(1, 6);
    zipped.writeUInt16LE(1, zipped.indexOf(Buffer.from('PK\x01\x02', 'latin1')) + 8);
    return zipped;
  };
  const cases: readonly { readonly what: string; readonly content: Uint8Array }[] = [
    { what: 'a file in a zip', content: locked() },
    { what: 'a zip in a zip', content: zip({ 'b.zip': locked() }) },
    { what: 'RAR 4 with its headers', content: rar4([], 0x0080) },
    { what: 'RAR 5 with its headers', content: rar5([], 'encrypted') },
    { what: 'a document', content: ole('EncryptedPackage') },
    { what: 'a document in a zip', content: zip({ 'a.docx': ole('EncryptedPackage') }) },
  ];
  it.each(cases)('$what', ({ content }) => {
    const facts = inspect(attached('a', content));
    expect(facts.parts[0]?.isEncrypted).toBe(true);
    expect(facts.unscanned).toContain('encrypted');
  });
});

function ole(name: string): Uint8Array {
  return Buffer.concat([
    text('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'),
    Buffer.alloc(3_000),
    Buffer.from(name, 'utf16le'),
    Buffer.alloc(500),
  ]);
}

describe('macros', () => {
  const types = { '[Content_Types].xml': text('<Types/>') };
  const cases: readonly { readonly what: string; readonly content: Uint8Array; readonly has: boolean }[] = [
    { what: 'a Word document with a project', content: zip({ ...types, 'word/vbaProject.bin': text('x') }), has: true },
    { what: 'a Word document without one', content: zip({ ...types, 'word/document.xml': text('x') }), has: false },
    {
      what: 'a sheet with macros of old',
      content: zip({ ...types, 'xl/macrosheets/sheet1.xml': text('x') }),
      has: true,
    },
    {
      what: 'an open document with Basic',
      content: zip({ 'content.xml': text('x'), 'Basic/Standard/Module1.xml': text('x') }),
      has: true,
    },
    { what: 'an archive with a folder called Scripts', content: zip({ 'Scripts/a.py': text('x') }), has: false },
    { what: 'a compound file with a project', content: ole('_VBA_PROJECT_CUR'), has: true },
    { what: 'a compound file without one', content: ole('WordDocument'), has: false },
    { what: 'a document in an archive', content: zip({ 'a.doc': ole('_VBA_PROJECT') }), has: true },
  ];
  it.each(cases)('$what: $has', ({ content, has }) => {
    expect(partOf('a', content).hasMacros).toBe(has);
  });
});

describe('test content', () => {
  const cases: readonly { readonly what: string; readonly message: string; readonly found: boolean }[] = [
    { what: 'a file', message: attached('a.com', text(EICAR)), found: true },
    { what: 'with blanks after it', message: attached('a.com', text(`${EICAR} \r\n`)), found: true },
    {
      what: 'with something before it',
      message: attached('a.com', text(`${'x'.repeat(70_000)}${EICAR}`)),
      found: true,
    },
    { what: 'in a zip', message: attached('a.zip', zip({ a: text(EICAR) })), found: true },
    {
      what: 'three archives deep',
      message: attached('a.zip', zip({ b: gzipSync(tar([{ name: 'c', content: text(EICAR) }])) })),
      found: true,
    },
    { what: 'a letter that is nothing else', message: `Subject: x\r\n\r\n${EICAR}\r\n`, found: true },
    { what: 'a letter that speaks of it', message: `Subject: x\r\n\r\nIt is ${EICAR}, as you know.\r\n`, found: false },
    { what: 'half of it', message: attached('a.com', text(EICAR.slice(0, 40))), found: false },
  ];
  it.each(cases)('$what: $found', ({ message, found }) => {
    expect(inspect(message).threats).toEqual(found ? [{ name: 'EICAR-Test-File', path: '1' }] : []);
  });
});

it('what was inflated whole is hashed', () => {
  const [entry] = partOf('a.zip', zip({ a: text('hello '.repeat(1_000)) })).archive?.entries ?? [];
  expect(entry?.sha256).toBe(createHash('sha256').update('hello '.repeat(1_000)).digest('hex'));
});

it('what lies in an archive is known by its content', () => {
  const entries = partOf('a.zip', zip({ 'invoice.pdf': PROGRAM, 'a.txt': text('x') })).archive?.entries;
  expect(entries?.map(({ trueType }) => trueType)).toEqual(['executable', 'text']);
});

import { describe, expect, it } from 'vitest';
import { readMessage } from '../../src/mime/read.ts';
import { lines, utf8, walk } from './walk.ts';

const MESSAGE = lines(
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/html',
  '',
  '<p>hello</p>',
  '--b',
  'Content-Type: image/png',
  'Content-ID: <logo@harbour>',
  'Content-Transfer-Encoding: base64',
  '',
  'iVBORw==',
  '--b',
  'Content-Type: application/x-sh; name="../run\u202e.sh"',
  '',
  'x',
  '--b--',
);

async function read(message: string) {
  const { sizeBytes, parts } = walk(message);
  return readMessage({ sizeBytes, partCount: parts.length }, async () => utf8(message));
}

describe('an opened message', () => {
  it('gives its HTML as it came and its attachments decoded', async () => {
    const message = await read(MESSAGE);
    expect(message).toMatchObject({
      kind: 'read',
      html: expect.stringMatching(/^<p>hello<\/p>\n?$/),
      attachments: [
        {
          index: 0,
          fileName: 'attachment-1',
          contentType: 'image/png',
          sizeBytes: 4,
          contentId: 'logo@harbour',
          content: Uint8Array.of(0x89, 0x50, 0x4e, 0x47),
        },
        { index: 1, fileName: '.._run .sh', contentType: 'application/x-sh' },
      ],
    });
  });

  it('has as many attachments as its line in the list says', async () => {
    const message = await read(MESSAGE);
    expect(message.kind === 'read' && message.attachments.length).toBe(
      walk(MESSAGE).parts.filter(({ isAttachment }) => isAttachment).length,
    );
  });

  it('is not fetched at all when it is too large or has too many parts', async () => {
    const load = async (): Promise<Uint8Array> => {
      throw new Error('fetched');
    };
    expect(await readMessage({ sizeBytes: 8_000_001, partCount: 1 }, load)).toEqual({ kind: 'too-large' });
    expect(await readMessage({ sizeBytes: 10, partCount: 1_000 }, load)).toEqual({ kind: 'too-complex' });
    await expect(readMessage({ sizeBytes: 10, partCount: 1 }, load)).rejects.toThrow('fetched');
  });

  it('is too complex when its structure would exhaust us, whatever was counted before', async () => {
    const nested = Array.from(
      { length: 60 },
      (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`,
    ).join('');
    const broad = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(25_000)}`;
    for (const message of [nested, broad]) {
      expect(await readMessage({ sizeBytes: message.length, partCount: 1 }, async () => utf8(message))).toEqual({
        kind: 'too-complex',
      });
    }
  });

  it('with nothing in it is read as nothing', async () => {
    expect(await read('')).toEqual({ kind: 'read', to: [], cc: [], replyTo: [], attachments: [] });
  });
});

describe('where an answer goes', () => {
  it('is said by Reply-To, groups opened, what is no address left out', async () => {
    const message = await read(
      'Reply-To: List <list@world.example>, Team: a@world.example, b@world.example;, nonsense\r\n\r\nx\r\n',
    );
    expect(message).toMatchObject({
      replyTo: [
        { name: 'List', address: 'list@world.example' },
        { name: '', address: 'a@world.example' },
        { name: '', address: 'b@world.example' },
      ],
    });
  });
});

describe('who a message is addressed to', () => {
  it('is everyone the header names, decoded, groups opened, what is no address left out', async () => {
    const many = Array.from({ length: 60 }, (_, n) => `p${n}@world.example`);
    const message = await read(
      `To: =?utf-8?q?Zo=C3=AB?= <zoe@world.example>, Team: a@world.example;, nonsense\r\nCc: ${many.join(',\r\n ')}\r\n\r\nx\r\n`,
    );
    expect(message).toMatchObject({
      to: [
        { name: 'Zo\u00eb', address: 'zoe@world.example' },
        { name: '', address: 'a@world.example' },
      ],
      cc: many.map((address) => ({ name: '', address })),
    });
  });

  it('ends at 500 of each', async () => {
    const many = Array.from({ length: 600 }, (_, n) => `p${n}@world.example`).join(',\r\n ');
    const message = await read(`To: ${many}\r\nCc: ${many}\r\n\r\nx\r\n`);
    expect(message.kind === 'read' && [message.to.length, message.cc.length]).toEqual([500, 500]);
  });
});

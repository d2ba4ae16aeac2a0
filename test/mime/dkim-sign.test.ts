import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dkimSignature } from '../../src/mime/dkim-sign.ts';
import { mailauth } from '../../src/mime/mailauth.ts';
import { keyRecord, readSigningKey, type SigningKey } from '../../src/mime/signing-key.ts';
import { latin1, lines } from './walk.ts';

const PEM = { type: 'pkcs8', format: 'pem' } as const;
const rsa = readSigningKey({
  domain: 'harbour.example',
  selector: 'bw1',
  privateKeyPem: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export(PEM).toString(),
});
const ed25519 = readSigningKey({
  domain: 'harbour.example',
  selector: 'bw2',
  privateKeyPem: generateKeyPairSync('ed25519').privateKey.export(PEM).toString(),
});
const KEYS = [rsa, ed25519];
const AT = Date.UTC(2026, 10, 23, 10);

const HEADER = lines(
  'From:  Anna\t<anna@harbour.example>  ',
  'To: partner@world.example,',
  '\tother@world.example',
  'SUBJECT : The   tide',
  'Date: Mon, 23 Nov 2026 10:00:00 +0000',
  'Message-ID: <1@harbour.example>',
  'X-Other: x',
);
const BODY = lines('Good  morning. \t', '', ' at nine', '.', '', '');

test.each([
  ['rsa-sha256', rsa],
  ['ed25519-sha256', ed25519],
])('a message signed with %s is valid to mailauth', async (algorithm, key) => {
  const message = latin1(`${HEADER}\r\n${BODY}`);
  const results = await verified(join(await dkimSignature(message, key, AT), message));
  expect(results).toEqual([{ result: 'pass', domain: 'harbour.example', algorithm }]);
});

test('the signature is valid by RFC 6376 done by hand', async () => {
  const field = text(await dkimSignature(latin1(`${HEADER}\r\n${BODY}`), rsa, AT));
  const canonicalBody = 'Good morning.\r\n\r\n at nine\r\n.\r\n';
  expect(tag(field, 'bh')).toBe(createHash('sha256').update(canonicalBody).digest('base64'));
  const byName: Readonly<Record<string, string>> = {
    from: 'from:Anna <anna@harbour.example>',
    to: 'to:partner@world.example, other@world.example',
    subject: 'subject:The tide',
    date: 'date:Mon, 23 Nov 2026 10:00:00 +0000',
    'message-id': 'message-id:<1@harbour.example>',
  };
  const named = tag(field, 'h').split(':');
  const signed = [...new Set(named)].flatMap((name) => byName[name] ?? []);
  expect(signed).toHaveLength(5);
  const own = field
    .trimEnd()
    .replace(/^DKIM-Signature/, 'dkim-signature')
    .replace(/: /, ':')
    .replaceAll(/\r\n/g, '')
    .replaceAll(/[ \t]+/g, ' ')
    .replace(/ b=.*$/, ' b=');
  const bytes = [...signed, own].join('\r\n');
  expect(verify('sha256', Buffer.from(bytes), createPublicKey(rsa.key), Buffer.from(tag(field, 'b'), 'base64'))).toBe(
    true,
  );
});

test('whatever a message is made of, its signature holds for what SMTP makes of it', async () => {
  const piece = fc.constantFrom('a', ' ', '\t', '\r', '\n', '\r\n', '\r\n\r\n', '.', 'é', '  ', '\0');
  const body = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(body, sizes, fc.constantFrom(rsa, ed25519), async (content, cuts, key) => {
      const message = latin1(`${HEADER}\r\n${content}`);
      const field = await dkimSignature(inChunks(message, cuts), key, AT);
      const carried = join(field, latin1(asCarried(text(message))));
      expect((await verified(carried)).map(({ result }) => result)).toEqual(['pass']);
    }),
    { numRuns: 150 },
  );
});

test.each([
  ['From: Someone Else <else@world.example>'],
  ['Subject: Pay this'],
  ['To: everybody@world.example'],
  ['Reply-To: else@world.example'],
  ['Content-Type: text/html'],
])('a field that was added breaks it: %s', async (added) => {
  const message = latin1(`${HEADER}\r\n${BODY}`);
  const field = await dkimSignature(message, rsa, AT);
  expect(await verified(join(field, latin1(`${added}\r\n`), message))).toMatchObject([{ result: 'fail' }]);
});

test('what relays add and change does not break it: trace fields, white space', async () => {
  const message = latin1(`${HEADER}\r\n${BODY}`);
  const field = await dkimSignature(message, rsa, AT);
  const relayed = text(message).replace('Anna\t<', 'Anna <').replace('morning. \t', 'morning.').concat('\r\n\r\n');
  const whole = join(latin1('Received: from a by b; Mon, 23 Nov 2026 10:00:01 +0000\r\n'), field, latin1(relayed));
  expect(await verified(whole)).toMatchObject([{ result: 'pass' }]);
});

test('the lines of the field fit, and a message without From is not signed', async () => {
  const field = text(await dkimSignature(latin1(`${HEADER}\r\n${BODY}`), rsa, AT));
  expect(field).toMatch(/^DKIM-Signature: v=1;\r\n(?:\t[^\r\n]{1,77}\r\n)+$/);
  await expect(dkimSignature(latin1('Subject: x\r\n\r\n'), rsa, AT)).rejects.toThrow('without From');
});

test.each([
  [
    'a domain that would be another tag',
    { domain: 'a; l=0', selector: 's', privateKeyPem: 'x' },
    /domain of a signing key/,
  ],
  [
    'text that is no key',
    { domain: 'a.example', selector: 's', privateKeyPem: 'secret' },
    /^the signing key is no PKCS#8 PEM$/,
  ],
])('a key that cannot sign is said when it is read: %s', (_name, key, words) => {
  expect(() => readSigningKey(key)).toThrow(words);
});

type Verified = { readonly result: string; readonly domain: string; readonly algorithm: string };

async function verified(message: Uint8Array): Promise<readonly Verified[]> {
  const { dkimVerify } = await mailauth();
  const { results } = await dkimVerify(Buffer.from(message), {
    resolver: async (name: string) => answer(name),
    strict: true,
  });
  return results.map(({ status, signingDomain, algo }) => ({
    result: status.result,
    domain: String(signingDomain),
    algorithm: String(algo),
  }));
}

async function answer(name: string): Promise<string[][]> {
  const record = KEYS.map((key: SigningKey) => keyRecord(key)).find((one) => one.name === name);
  if (record === undefined) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
  return [[record.value.slice(0, 255), record.value.slice(255)]];
}

/** What smtp/content.ts makes of it; its own test says so. */
function asCarried(message: string): string {
  const mended = message.replaceAll(/\r\n|\r|\n/g, '\r\n');
  return mended.endsWith('\r\n') ? mended : `${mended}\r\n`;
}

function inChunks(bytes: Uint8Array, sizes: readonly number[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        controller.enqueue(bytes.slice(at, at + size));
        at += size;
      }
      controller.close();
    },
  });
}

function tag(field: string, name: string): string {
  return (new RegExp(`[;\\s]${name}=([^;]*)`).exec(field)?.[1] ?? '').replaceAll(/\s/g, '');
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

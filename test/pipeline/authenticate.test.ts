/** Who a sender is, against a DNS that says what a test tells it: the real checks, without a wire. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { startTimer } from '../../src/adapters/clock.ts';
import type { AuthenticationFacts } from '../../src/core/message-facts.ts';
import { dkimSignature } from '../../src/mime/dkim-sign.ts';
import { keyRecord, readSigningKey } from '../../src/mime/signing-key.ts';
import { type AuthenticateNeeds, type AuthenticationSubject, authenticate } from '../../src/pipeline/authenticate.ts';
import type { LookUp, Records } from '../../src/pipeline/look-up.ts';
import { textOf, write } from '../support/mail.ts';
import { streamed, subjectOf } from '../support/scanners.ts';

const privateKeyPem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const sender = readSigningKey({ domain: 'world.example', selector: 's1', privateKeyPem });
const record = keyRecord(sender);

const ZONE: Readonly<Record<string, string>> = {
  [record.name]: record.value,
  'world.example': 'v=spf1 ip4:192.0.2.7 -all',
  '_dmarc.world.example': 'v=DMARC1; p=reject',
};

/** `troubled`: of these names nobody can say anything */
function zone(troubled: RegExp = /^$/, said = ZONE): LookUp {
  return async (name, type): Promise<Records> => {
    if (troubled.test(name)) return { kind: 'failed' };
    const value = type === 'TXT' ? said[name] : undefined;
    return value === undefined ? { kind: 'none' } : { kind: 'records', records: [value] };
  };
}

function needs(change: Partial<AuthenticateNeeds> = {}): AuthenticateNeeds {
  return { lookUp: zone(), now: () => 0, startTimer, trouble: () => {}, ...change };
}

async function signed(content = write()): Promise<string> {
  return `${textOf(await dkimSignature(Buffer.from(content, 'latin1'), sender, Date.UTC(2029, 1, 1)))}${content}`;
}

const from = (change: Partial<AuthenticationSubject['envelope']>) => ({
  envelope: { ...subjectOf('').envelope, ...change },
});

const OWN = { source: 'own', spf: 'pass', dkim: 'pass', dkimDomains: ['world.example'], dmarc: 'pass' };

describe('found by ourselves', () => {
  test('a signed message from the right address passes', async () => {
    expect(await authenticate(subjectOf(await signed()), needs())).toEqual(OWN);
  });

  test('a stream is read as bytes are', async () => {
    const mail = await signed(write({ body: 'The tide is at nine.\r\n'.repeat(20_000) }));
    expect(await authenticate(subjectOf(mail, streamed(mail)), needs())).toEqual(OWN);
  });

  test.each<
    readonly [string, () => Promise<string>, Partial<Parameters<typeof from>[0]>, LookUp, Partial<AuthenticationFacts>]
  >([
    [
      'changed on its way',
      async () => (await signed()).replace('Good', 'Bad'),
      {},
      zone(),
      { dkimDomains: [], spf: 'pass', dmarc: 'pass' },
    ],
    [
      'from another address',
      signed,
      { remoteIp: '198.51.100.1' },
      zone(),
      { spf: 'fail', dkim: 'pass', dmarc: 'pass' },
    ],
    [
      'from another address and unsigned',
      async () => write(),
      { remoteIp: '198.51.100.1' },
      zone(),
      { spf: 'fail', dkim: 'none', dmarc: 'fail' },
    ],
    [
      'from an address nobody knows',
      async () => write(),
      { remoteIp: '' },
      zone(),
      { spf: 'unknown', dkim: 'none', dmarc: 'unknown' },
    ],
    [
      'signed, from an address nobody knows',
      signed,
      { remoteIp: '' },
      zone(),
      { spf: 'unknown', dkim: 'pass', dmarc: 'pass' },
    ],
    [
      'from a domain without records',
      async () => write(),
      {},
      zone(/^$/, {}),
      { spf: 'none', dkim: 'none', dmarc: 'none' },
    ],
    ['with two authors', async () => `From: <ceo@bank.example>\r\n${write()}`, {}, zone(), { dmarc: 'permerror' }],
    ['with SPF that nobody can say', async () => write(), {}, zone(/^world/), { spf: 'temperror', dmarc: 'temperror' }],
    [
      'with a policy that nobody can say',
      async () => write(),
      { remoteIp: '198.51.100.1' },
      zone(/^_dmarc/),
      { spf: 'fail', dmarc: 'temperror' },
    ],
    [
      'that is a bounce, by its greeting',
      async () => write(),
      { reversePath: '', helo: 'world.example' },
      zone(),
      { spf: 'pass', dmarc: 'pass' },
    ],
    [
      'that is a bounce, greeted as somebody else',
      async () => write(),
      { reversePath: '', helo: 'other.example' },
      zone(),
      { spf: 'none', dmarc: 'fail' },
    ],
    [
      'with an odd greeting and an odd address',
      async () => write(),
      { reversePath: 'x@@[y', helo: '[192.0.2.7]', remoteIp: 'not-an-address' },
      zone(),
      { dkim: 'none' },
    ],
    [
      'with no resolver that answers',
      signed,
      {},
      zone(/./),
      { spf: 'temperror', dkim: 'temperror', dkimDomains: [], dmarc: 'temperror' },
    ],
  ])('one %s', async (_name, content, envelope, lookUp, expected) => {
    const facts = await authenticate(subjectOf(await content(), from(envelope)), needs({ lookUp }));
    expect(facts).toMatchObject({ source: 'own', ...expected });
  });

  test('a hundred signatures are not verified, and hide nothing', async () => {
    const many = 'DKIM-Signature: v=1; a=rsa-sha256; d=evil.example; s=x; h=from; bh=AA==; b=AA==\r\n'.repeat(100);
    const facts = await authenticate(subjectOf(`${many}${write()}`, from({ remoteIp: '198.51.100.1' })), needs());
    expect(facts).toEqual({ source: 'own', spf: 'fail', dkim: 'policy', dkimDomains: [], dmarc: 'fail' });
  });

  test.each([
    ['a field of a hundred thousand lines', `X: a${'\r\n '.repeat(100_000)}\r\n`],
    ['a hundred thousand lines that are no fields', 'a\r\n'.repeat(100_000)],
    ['a From of a hundred thousand lines', `From:${'\r\n '.repeat(100_000)}<sender@world.example>\r\n`],
  ])('%s is no work, and hides nothing', async (_name, lines) => {
    const honest = lines.startsWith('From') ? write().replace(/^From: .*\r\n/m, '') : write();
    const before = Date.now();
    const facts = await authenticate(subjectOf(`${lines}${honest}`, from({ remoteIp: '198.51.100.1' })), needs());
    expect(facts).toMatchObject({ spf: 'fail', dkim: 'policy', dmarc: 'fail' });
    expect(Date.now() - before).toBeLessThan(1_500);
  });

  test('eight signatures over a million lines are broken off, and are no failure', async () => {
    const one =
      'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=world.example; s=s1; h=from; bh=AA==; b=AA==\r\n';
    const mail = `${one.repeat(8)}${write({ body: ' \r\n'.repeat(1_500_000) })}`;
    const facts = await authenticate(subjectOf(mail, streamed(mail)), needs());
    expect(facts).toEqual({ source: 'own', spf: 'pass', dkim: 'policy', dkimDomains: [], dmarc: 'pass' });
  });

  test('a header that never ends is no reason to read on', async () => {
    let read = 0;
    const content = async () =>
      new ReadableStream<Uint8Array>({
        pull(controller) {
          read += 65_536;
          controller.enqueue(Buffer.alloc(65_536, 'x'));
        },
      });
    const troubles: string[] = [];
    const facts = await authenticate(subjectOf('', { content }), needs({ trouble: (one) => troubles.push(one) }));
    expect(facts).toMatchObject({ spf: 'temperror', dkim: 'temperror', dmarc: 'temperror' });
    expect(read).toBeLessThan(1_000_000);
    expect(troubles).toHaveLength(1);
  });

  test('what is known when the time is up counts, the rest is not known yet', async () => {
    const never = new Promise<Records>(() => {});
    const known = zone();
    let isUp = () => {};
    const expired = new Promise<void>((resolve) => {
      isUp = resolve;
    });
    const lookUp: LookUp = (name, type) => {
      if (name !== 'world.example') return known(name, type);
      isUp();
      return never;
    };
    const timed = needs({ lookUp, startTimer: () => ({ expired, cancel: () => {} }) });
    expect(await authenticate(subjectOf(await signed()), timed)).toEqual({
      ...OWN,
      spf: 'temperror',
      dmarc: 'temperror',
    });
  });
});

const BY_PLATFORM = from({ helo: '', remoteIp: '' });
const BLOCK = [
  'Received: from mx.world.example (192.0.2.7) by cloudflare-email.net (unknown) id 4fQ; Mon, 23 Nov 2026 10:00:00 +0000',
  'Authentication-Results: mx.cloudflare.net;',
  '\tdkim=pass header.d=world.example header.s=s1 header.b=AbCd;',
  '\tdmarc=fail header.from=world.example policy.dmarc=none;',
  '\tspf=softfail (x) smtp.mailfrom=sender@world.example',
  'X-CF-SpamH-Score: 1',
  '',
].join('\r\n');

describe('found by the platform', () => {
  const asked: string[] = [];
  const lookUp: LookUp = async (name) => {
    asked.push(name);
    return { kind: 'none' };
  };

  test('its words count where only it can have written them, and nobody is asked', async () => {
    expect(await authenticate(subjectOf(`${BLOCK}${write()}`, BY_PLATFORM), needs({ lookUp }))).toEqual({
      source: 'platform',
      spf: 'softfail',
      dkim: 'pass',
      dkimDomains: ['world.example'],
      dmarc: 'fail',
    });
    expect(asked).toEqual([]);
  });

  test.each([
    ['beside the chain', 'arc=none smtp.remote-ip=192.0.2.7', '192.0.2.7'],
    ['of IPv6, in quotes', 'arc=pass smtp.remote-ip="2001:DB8::7" arc.chain=a.example', '2001:db8::7'],
    ['behind a remark', 'arc=neutral (body hash did not verify) smtp.remote-ip=192.0.2.7', '192.0.2.7'],
    ['within a remark', 'arc=fail (smtp.remote-ip=192.0.2.7 (x)) smtp.remote-ip=198.51.100.1', undefined],
    ['in a name the sender has chosen', 'spf=none smtp.helo=x smtp.remote-ip=192.0.2.7', undefined],
    ['behind the names of a chain', 'arc=pass arc.chain=a smtp.remote-ip=192.0.2.7', undefined],
    ['nowhere', 'arc=none', undefined],
  ])('it says the address of the peer %s', async (_name, result, remoteIp) => {
    const said = BLOCK.replace('\r\nX-CF', `;\r\n\t${result}\r\nX-CF`);
    const facts = await authenticate(subjectOf(`${said}${write()}`, BY_PLATFORM), needs());
    expect(facts.source).toBe('platform');
    expect(facts.remoteIp).toBe(remoteIp);
    const byFront = await authenticate(subjectOf(`${said}${write()}`), needs());
    expect(byFront.remoteIp).toBeUndefined();
    const lower = await authenticate(subjectOf(`X-First: 1\r\n${said}${write()}`, BY_PLATFORM), needs());
    expect(lower.remoteIp).toBeUndefined();
  });

  test('the same words from another front are the sender’s', async () => {
    const facts = await authenticate(subjectOf(`${BLOCK}${write()}`), needs());
    expect(facts).toMatchObject({ source: 'own', dkim: 'none' });
  });

  test('the same words below a line of the sender’s are the sender’s', async () => {
    const facts = await authenticate(subjectOf(`X-First: 1\r\n${BLOCK}${write()}`, BY_PLATFORM), needs());
    expect(facts).toMatchObject({ source: 'own', dkim: 'none', spf: 'unknown' });
  });

  test('they count where no resolver is configured; without them nobody has looked', async () => {
    const none = needs({ lookUp: undefined });
    expect(await authenticate(subjectOf(`${BLOCK}${write()}`, BY_PLATFORM), none)).toMatchObject({
      source: 'platform',
    });
    expect(await authenticate(subjectOf(write(), BY_PLATFORM), none)).toMatchObject({ source: 'none', spf: 'unknown' });
  });
});

describe('not looked into', () => {
  const content = () => Promise.reject(new Error('nobody may read it'));

  test.each([
    ['what our own people write', { direction: 'outbound' as const }, needs()],
    ['mail of another front where no resolver is configured', {}, needs({ lookUp: undefined })],
  ])('%s', async (_name, change, given) => {
    const facts = await authenticate(subjectOf('', { content, ...change }), given);
    expect(facts).toEqual({ source: 'none', spf: 'unknown', dkim: 'unknown', dkimDomains: [], dmarc: 'unknown' });
  });

  test('bytes that cannot be read are said, and nothing is thrown', async () => {
    const troubles: string[] = [];
    const facts = await authenticate(subjectOf('', { content }), needs({ trouble: (one) => troubles.push(one) }));
    expect(facts).toMatchObject({ source: 'own', spf: 'temperror', dmarc: 'temperror' });
    expect(troubles).toEqual(['Error: nobody may read it']);
  });
});

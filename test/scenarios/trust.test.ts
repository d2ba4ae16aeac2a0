/** What mail that is given back carries, so that the client's filter can trust it (docs/trust.md). */
import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { composeClientObject } from '../../src/compose.ts';
import { arcSet, type ChainState } from '../../src/mime/arc-seal.ts';
import { digest, dkimSignature } from '../../src/mime/dkim-sign.ts';
import { mailauth } from '../../src/mime/mailauth.ts';
import { keyRecord, readSigningKey } from '../../src/mime/signing-key.ts';
import type { Zone } from '../support/behaviour.ts';
import { enrol } from '../support/client.ts';
import { textOf, withoutTrace, write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';
import { startResolver } from '../support/resolver.ts';
import { testEnv } from '../support/test-env.ts';

const pem = () =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const OURS = { domain: 'edge.breakwater.test', selector: 'arc1', privateKeyPem: pem() };
const ours = readSigningKey(OURS);
const sender = readSigningKey({ domain: 'world.example', selector: 's1', privateKeyPem: pem() });
const list = readSigningKey({ domain: 'list.example', selector: 'l1', privateKeyPem: pem() });
const AT = Date.UTC(2029, 11, 31);

const txt = (value: string) => ({ kind: 'records', txt: [`"${value.slice(0, 250)}" "${value.slice(250)}"`] }) as const;
const ZONE: Zone = {
  ...Object.fromEntries([sender, list].map(keyRecord).map(({ name, value }) => [name, txt(value)])),
  'world.example': txt('v=spf1 ip4:192.0.2.7 -all'),
  '_dmarc.world.example': txt('v=DMARC1; p=reject'),
};
const KEYS = new Map([sender, list, ours].map(keyRecord).map(({ name, value }) => [name, value]));

const ARC = { ARC_DOMAIN: OURS.domain, ARC_SELECTOR: OURS.selector, ARC_KEY: OURS.privateKeyPem };

type Case = {
  readonly by?: 'ingest' | 'email';
  readonly content: string | Uint8Array;
  readonly zone?: Zone;
  readonly bindings?: object;
};

/** Kept in an outage and given back: what the gateway got. */
async function givenBack({ by = 'ingest', content, zone = ZONE, bindings = ARC }: Case): Promise<Uint8Array> {
  const [gateway, resolver] = [await startPeer(), await startResolver(zone)];
  const harbour = await enrol({ gateways: [gateway] });
  const deployment = composeClientObject({ ...testEnv, ...bindings, DNS_RESOLVERS: resolver.url } as typeof testEnv);
  await harbour.break({ parcel: deployment.parcel });
  await harbour.declareFailure();
  if (by === 'ingest') expect(await harbour.ingest({ to: 'anna', content })).toMatchObject({ disposition: 'spooled' });
  else expect(await harbour.email({ to: 'anna', content })).toBeUndefined();
  await harbour.declareRepair();
  await harbour.pass(60_000);
  const [received, ...more] = await gateway.received();
  expect(more).toEqual([]);
  return received?.content ?? new Uint8Array();
}

/** What a receiver with a verifier of its own makes of it. */
async function judged(content: Uint8Array) {
  const { dkimVerify, arc } = await mailauth();
  const resolver = async (name: string) => {
    const value = KEYS.get(name);
    if (value === undefined) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
    return [[value]];
  };
  const verified = await dkimVerify(Buffer.from(content), { resolver, strict: true });
  const chain = await arc(verified.arc as unknown as Parameters<typeof arc>[0], { resolver, strict: true });
  return { result: chain.status.result, sets: chain.i };
}

async function signed(content = write()): Promise<string> {
  return `${textOf(await dkimSignature(Buffer.from(content, 'latin1'), sender, AT))}${content}`;
}

async function sealedByList(content: string, chain: ChainState = 'none'): Promise<string> {
  const message = await digest(Buffer.from(content, 'latin1'));
  return `${arcSet(message, { results: 'mx.list.example; spf=pass smtp.mailfrom=world.example', chain, at: AT }, list)}${content}`;
}

function ownResults(content: Uint8Array): string {
  const field = /^Authentication-Results:(?:[^\r]*\r\n)(?:[ \t][^\r]*\r\n)*/m.exec(textOf(content))?.[0] ?? '';
  return field.replaceAll(/\s+/g, ' ').trim();
}

function names(content: Uint8Array): readonly string[] {
  return [...textOf(content).matchAll(/^([\w-]+):/gm)].map(([, name = '']) => name);
}

it('what is given back carries our results, a seal that holds and our trace, and is unchanged below', async () => {
  const content = await signed();
  const got = await givenBack({ content });
  expect(names(got).slice(0, 6)).toEqual([
    'ARC-Seal',
    'ARC-Message-Signature',
    'ARC-Authentication-Results',
    'Authentication-Results',
    'Received',
    'X-Breakwater-Trace',
  ]);
  expect(textOf(withoutTrace(got))).toBe(content);
  expect(await judged(got)).toEqual({ result: 'pass', sets: 1 });
  const changed = Buffer.from(textOf(got).replace('Good morning', 'Good evening'), 'latin1');
  expect(await judged(changed)).toMatchObject({ result: 'fail' });
  const results = ownResults(got);
  expect(results).toMatch(/^Authentication-Results: edge\.breakwater\.test; dkim=pass reason="checked at the replay"/);
  expect(results).toMatch(/; spf=pass .*smtp\.mailfrom=/);
  expect(results).toMatch(/; dmarc=pass .*header\.from=world\.example/);
  expect(results).toMatch(/; arc=none$/);
  expect(textOf(got).replaceAll(/\s+/g, ' ')).toContain(
    results.replace('Authentication-Results: ', 'ARC-Authentication-Results: i=1; '),
  );
});

it('a chain that holds is sealed on', async () => {
  const content = await sealedByList(await signed());
  const got = await givenBack({ content });
  expect(await judged(got)).toEqual({ result: 'pass', sets: 2 });
  expect(textOf(got)).toMatch(/^ARC-Seal: i=2; a=rsa-sha256; t=\d+; cv=pass;/);
  expect(ownResults(got)).toMatch(/; arc=pass /);
});

it('a chain that was broken is never sealed as one that holds', async () => {
  const content = (await sealedByList(await signed())).replace('Good morning', 'Good evening');
  const got = await givenBack({ content });
  expect(textOf(got)).toMatch(/^ARC-Seal: i=2; a=rsa-sha256; t=\d+; cv=fail;/);
  expect(await judged(got)).toMatchObject({ result: 'fail' });
  expect(ownResults(got)).toMatch(/dkim=fail .*; arc=fail/);
  expect(textOf(withoutTrace(got))).toBe(content);
  const again = await givenBack({ content: textOf(got) });
  expect(names(again)[0]).toBe('Authentication-Results');
});

it.each([
  ['a bare LF and a last line without its end', () => write({ body: 'one\ntwo\rthree' }).replace(/\r\n$/, '')],
  ['a first line that is none', () => ` folded onto nothing\r\n${write()}`],
  ['8-bit characters in the header', () => write({ subject: 'Gr\u00fc\u00dfe \u00ff' })],
  ['a message too large to be held whole', () => write({ body: 'x'.repeat(70).concat('\r\n').repeat(6_000) })],
])('the seal holds for what arrives: %s', async (_name, content) => {
  const got = await givenBack({ content: Buffer.from(content(), 'latin1') });
  expect(names(got)[0]).toBe('ARC-Seal');
  expect(await judged(got)).toEqual({ result: 'pass', sets: 1 });
});

const PLATFORM = [
  'Received: from mx.world.example (192.0.2.7)',
  '\tby cloudflare-email.net (unknown) id 4fQ; Mon, 23 Nov 2026 10:00:00 +0000',
  'Received-SPF: pass (mx.cloudflare.net: domain of sender@world.example designates 192.0.2.7)',
  'Authentication-Results: mx.cloudflare.net;',
  '\tdkim=pass header.d=world.example header.s=s1 header.b=AbCd;',
  '\tdmarc=pass header.from=world.example policy.dmarc=reject;',
  '\tspf=pass (mx.cloudflare.net: domain of "a;b"@world.example; designates 192.0.2.7) smtp.mailfrom=sender@world.example;',
  '\tarc=none smtp.remote-ip=192.0.2.7',
  'X-CF-SpamH-Score: 0',
  '',
].join('\r\n');
const FORGED = 'Authentication-Results: mx.cloudflare.net;\r\n\tdmarc=pass header.from=bank.example\r\n';
const SCORE = 'X-CF-SpamH-Score: 0\r\n';
const OUR_NAME = 'Authentication-Results: edge.breakwater.test; dmarc=pass header.from=bank.example\r\n';

it('what the platform found on arrival counts, though the key of the day is gone', async () => {
  const content = `${PLATFORM}${OUR_NAME}${write()}`;
  const got = await givenBack({ by: 'email', content, zone: {} });
  expect(ownResults(got)).toBe(
    'Authentication-Results: edge.breakwater.test; dkim=pass header.d=world.example header.s=s1 header.b=AbCd; ' +
      'dmarc=pass header.from=world.example policy.dmarc=reject; ' +
      'spf=pass (mx.cloudflare.net: domain of "a;b"@world.example; designates 192.0.2.7) smtp.mailfrom=sender@world.example; arc=none',
  );
  expect(await judged(got)).toEqual({ result: 'pass', sets: 1 });
});

it.each<readonly [string, 'email' | 'ingest', string]>([
  [
    'below the last line of its block',
    'email',
    `${PLATFORM.replace(/Authentication-Results[\s\S]*?\r\n(?!\t)/, '')}${FORGED}`,
  ],
  [
    'with a second last line',
    'email',
    `${PLATFORM.replace(/Authentication-Results[\s\S]*?\r\n(?!\t)/, '').replace(SCORE, '')}X-Other: x\r\n${FORGED}${SCORE}`,
  ],
  ['beside its own', 'email', PLATFORM.replace('Received-SPF', `${FORGED}Received-SPF`)],
  [
    'below a Received of the sender',
    'email',
    `Received: from a by b; Mon, 23 Nov 2026 10:00:00 +0000\r\nReceived: x\r\n${FORGED}${SCORE}`,
  ],
  ['in a whole block, brought by another front', 'ingest', PLATFORM.replaceAll('world.example', 'bank.example')],
])('what a sender has written in the name of the platform is not believed: %s', async (_name, by, block) => {
  const got = await givenBack({ by, content: `${block}${write({ from: 'x@bank.example' })}` });
  expect(ownResults(got)).toContain('edge.breakwater.test;');
  expect(ownResults(got)).not.toMatch(/dmarc=pass|dkim=pass/);
});

it.each([
  ['there is no key', { bindings: {} }, ['Authentication-Results', 'Received']],
  ['the key is none', { bindings: { ...ARC, ARC_KEY: 'no key' } }, ['Authentication-Results', 'Received']],
  ['the message has no From', { content: 'Subject: x\r\n\r\nx\r\n' }, ['Authentication-Results', 'Received']],
  [
    'it has a hundred signatures',
    { content: `${'DKIM-Signature: v=1; l=1; d=a.example\r\n'.repeat(100)}${write()}` },
    ['ARC-Seal', 'ARC-Message-Signature'],
  ],
  ['no header ends', { content: `X: ${'x'.repeat(600_000)}` }, ['X-Breakwater-Filter', 'Received']],
])('the message goes all the same when %s', async (_name, how, first) => {
  const content = 'content' in how ? how.content : await signed();
  const got = await givenBack({ content, ...how });
  expect(names(got).slice(0, 2)).toEqual(first);
  expect(textOf(withoutTrace(got)).startsWith(content)).toBe(true);
});

it('when no resolver answers, nothing is claimed, a chain is left as it was, and the message goes', async () => {
  const content = await sealedByList(await signed());
  const trouble = { kind: 'rcode', status: 2 } as const;
  const zone = Object.fromEntries(Object.keys(ZONE).map((name) => [name, trouble]));
  const got = await givenBack({ content, zone });
  expect(names(got)[0]).toBe('Authentication-Results');
  expect(ownResults(got)).toMatch(/dkim=temperror .*spf=temperror .*arc=temperror$/);
  expect(await judged(got)).toEqual({ result: 'pass', sets: 1 });
});

it('what a colleague wrote in the webmail is vouched for by the login', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({
    gateways: [gateway],
    people: ['anna', 'bo'].map((address) => ({ address, password: 'correct horse battery' })),
  });
  await harbour.break({ parcel: composeClientObject({ ...testEnv, ...ARC } as typeof testEnv).parcel });
  await harbour.declareFailure();
  const anna = await harbour.logIn('anna', 'correct horse battery');
  expect((await anna.ask('POST', '/send', { to: [harbour.at('bo')], subject: 'x', text: 'x' })).status).toBe(201);
  await harbour.declareRepair();
  await harbour.pass(60_000);
  const got = (await gateway.received()).find(({ recipients }) => recipients.includes(harbour.at('bo')));
  expect(ownResults(got?.content ?? new Uint8Array())).toBe(
    `Authentication-Results: edge.breakwater.test; auth=pass smtp.auth=${harbour.at('anna')}`,
  );
});

it('an admin can see whose name and key to trust, and why there is none', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const ask = async (bindings: object) => {
    const headers = { authorization: `Bearer ${testEnv.OPERATOR_TOKEN}` };
    return (await harbour.request('GET', `/api/v1/clients/${harbour.id}/trust`, undefined, headers, bindings)).json();
  };
  expect(await ask({})).toMatchObject({ authservId: 'edge.breakwater.test', arc: { state: 'none' } });
  expect(await ask({ ...ARC, ARC_KEY: 'x' })).toMatchObject({ arc: { state: 'unusable', problem: /PKCS#8/ } });
  expect(await ask(ARC)).toMatchObject({ arc: { state: 'ready', record: keyRecord(ours) } });
});

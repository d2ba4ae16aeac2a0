/** Scanners on the way of a message: what they find follows the client's rules, and their silence never loses or stops mail. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BAD_HASHES, type ScannerPlan } from '../../src/core/filter-plan.ts';
import type { ClamdBehaviour } from '../support/behaviour.ts';
import { enrol, type TestClient } from '../support/client.ts';
import { startHook } from '../support/hook.ts';
import { EICAR, writeWithFile } from '../support/known-bad.ts';
import { textOf, withoutTrace, write } from '../support/mail.ts';
import { type Peer, startPeer } from '../support/peer.ts';
import { RSPAMD_URL, startClamd } from '../support/scanners.ts';
import { type TestBindings, testEnv } from '../support/test-env.ts';

const PASSWORD = 'correct horse battery';
const FOUND = { kind: 'answer', text: 'stream: Test.Malware FOUND' } as const;
const DEAD = 'http://127.0.0.1:9';

async function harbourWith(scanners: readonly object[] = []) {
  const [gateway, relay] = [await startPeer(), await startPeer()];
  const people = [{ address: 'anna', password: PASSWORD }];
  const harbour = await enrol({ gateways: [gateway], relay, people });
  await harbour.operator('PUT', `/clients/${harbour.id}/filter`, { sets: ['virus'] });
  if (scanners.length > 0) await harbour.operator('PUT', `/clients/${harbour.id}/filter/scanners`, { scanners });
  return { gateway, relay, harbour };
}

async function clamd(behaviour: ClamdBehaviour, whenFailed: ScannerPlan['whenFailed'] = 'pass-marked') {
  return { kind: 'clamd', host: '127.0.0.1', port: await startClamd(behaviour), tls: 'none', whenFailed };
}

async function reasonsIn(harbour: TestClient): Promise<readonly string[]> {
  const path = `/clients/${harbour.id}/quarantine`;
  const { messages } = await harbour.operator<{ messages: readonly { reason: string }[] }>('GET', path);
  return messages.map(({ reason }) => reason);
}

async function delivered(gateway: Peer): Promise<{ readonly head: string; readonly content: string }> {
  const [received, ...more] = await gateway.received();
  expect(more).toEqual([]);
  const all = textOf(received?.content ?? new Uint8Array());
  const content = textOf(withoutTrace(received?.content ?? new Uint8Array()));
  return { head: all.slice(0, all.length - content.length).replaceAll(/\s+/g, ' '), content };
}

describe('what is found', () => {
  it('is quarantined by the set "virus", with the name the scanner gave it', async () => {
    const { gateway, harbour } = await harbourWith([await clamd(FOUND)]);
    expect(await harbour.ingest({ to: 'anna', content: write() })).toMatchObject({ disposition: 'quarantined' });
    expect(await reasonsIn(harbour)).toEqual([expect.stringContaining('Test.Malware')]);
    expect(await gateway.received()).toEqual([]);
  });

  it('is quarantined without any scanner of others when it is a test threat', async () => {
    const { harbour } = await harbourWith();
    const content = writeWithFile('bill.com', EICAR);
    expect(await harbour.ingest({ to: 'anna', content })).toMatchObject({ disposition: 'quarantined' });
    expect(await reasonsIn(harbour)).toEqual([expect.stringMatching(/EICAR/i)]);
  });

  it('is delivered where the client has no rule for it', async () => {
    const { gateway, harbour } = await harbourWith([await clamd(FOUND)]);
    await harbour.operator('PUT', `/clients/${harbour.id}/filter`, { sets: [] });
    const content = write();
    expect(await harbour.ingest({ to: 'anna', content })).toMatchObject({ disposition: 'delivered' });
    expect((await delivered(gateway)).content).toBe(content);
  });

  it('is kept from the mailboxes of an emergency as well', async () => {
    const { harbour } = await harbourWith([await clamd({ kind: 'works' })]);
    await harbour.declareFailure();
    await harbour.ingest({ to: 'anna', content: writeWithFile('bill.com', EICAR) });
    await harbour.ingest({ to: 'anna', content: write({ subject: 'an honest one' }) });
    await harbour.settle();
    const anna = await harbour.logIn('anna', PASSWORD);
    expect((await anna.list()).map(({ subject }) => subject)).toEqual(['an honest one']);
  });

  it.each([
    ['does not leave for the world, whoever writes it', FOUND, 0],
    ['leaves when nothing was found', { kind: 'works' } as const, 1],
  ])('%s', async (_name, behaviour, copies) => {
    const { harbour, relay } = await harbourWith([await clamd(behaviour)]);
    await harbour.declareFailure();
    const anna = await harbour.logIn('anna', PASSWORD);
    await anna.ask('POST', '/send', { to: ['x@world.example'], subject: 'Out', text: 'Hello' });
    await harbour.settle();
    expect(await relay.received()).toHaveLength(copies);
  });
});

describe('a listed hash', () => {
  const FILE = 'a bill that is none';
  const SHA256 = createHash('sha256').update(FILE).digest('hex');

  it('of the client is found in its own mail', async () => {
    const { harbour } = await harbourWith();
    await harbour.operator('PUT', `/clients/${harbour.id}/lists/${BAD_HASHES}`, `${SHA256}\n`);
    const content = writeWithFile('bill.pdf', FILE);
    expect(await harbour.ingest({ to: 'anna', content })).toMatchObject({ disposition: 'quarantined' });
    expect(await reasonsIn(harbour)).toEqual([expect.stringContaining(SHA256)]);
  });

  it('of the deployment is found in everybody’s', async () => {
    const { harbour } = await harbourWith();
    await testEnv.CONTENT.put('lists/bad.txt', `${SHA256}  bill.pdf\n`);
    const bindings = { HASH_LIST: 'lists/bad.txt' } as Partial<TestBindings>;
    const content = writeWithFile('bill.pdf', FILE);
    expect(await harbour.ingest({ to: 'anna', content }, bindings)).toMatchObject({ disposition: 'quarantined' });
  });

  it('that cannot be read keeps nothing', async () => {
    const { harbour } = await harbourWith();
    const bindings = { HASH_LIST: 'lists/nobody-has-put-it.txt' } as Partial<TestBindings>;
    const content = writeWithFile('bill.pdf', FILE);
    expect(await harbour.ingest({ to: 'anna', content }, bindings)).toMatchObject({ disposition: 'delivered' });
  });
});

describe('a scanner of the deployment', () => {
  it('is asked about mail of a client that has none', async () => {
    const { harbour } = await harbourWith();
    const bindings = { CLAMD: `127.0.0.1:${await startClamd(FOUND)}`, CLAMD_TLS: 'none' } as Partial<TestBindings>;
    expect(await harbour.ingest({ to: 'anna', content: write() }, bindings)).toMatchObject({
      disposition: 'quarantined',
    });
  });

  it.each([
    ['pass-marked', 'delivered'],
    ['hold', 'spooled'],
  ])('that is down is the client’s to judge: %s', async (whenScannerFailed, disposition) => {
    const { harbour } = await harbourWith();
    await harbour.operator('PUT', `/clients/${harbour.id}/filter`, { whenScannerFailed });
    const bindings = { CLAMD: '127.0.0.1:9', CLAMD_TLS: 'none' } as Partial<TestBindings>;
    expect(await harbour.ingest({ to: 'anna', content: write() }, bindings)).toMatchObject({ disposition });
    expect((await harbour.status()).spool.held).toBe(disposition === 'spooled' ? 1 : 0);
  });

  it('gives way to the client’s own', async () => {
    const { harbour } = await harbourWith([await clamd({ kind: 'works' })]);
    const bindings = { CLAMD: `127.0.0.1:${await startClamd(FOUND)}`, CLAMD_TLS: 'none' } as Partial<TestBindings>;
    expect(await harbour.ingest({ to: 'anna', content: write() }, bindings)).toMatchObject({
      disposition: 'delivered',
    });
  });
});

describe('a scanner that is down', () => {
  it.each<readonly [string, () => Promise<object>]>([
    ['a clamd that is not there', async () => ({ ...(await clamd({ kind: 'works' })), port: 9 })],
    ['a clamd that closes', () => clamd({ kind: 'close-at-once' })],
    ['a clamd that talks nonsense', () => clamd({ kind: 'answer', text: 'what?' })],
    ['an rspamd that is not there', async () => ({ kind: 'rspamd', url: DEAD, whenFailed: 'pass-marked' })],
    ['an HTTP scanner that is not there', async () => ({ kind: 'http', url: DEAD, whenFailed: 'pass-marked' })],
  ])('%s stops no mail: it goes on, marked, its bytes as they were', async (_name, scanner) => {
    const given = await scanner();
    const { gateway, harbour } = await harbourWith([given]);
    const content = write();
    expect(await harbour.ingest({ to: 'anna', content })).toMatchObject({ disposition: 'delivered' });
    const { head, content: got } = await delivered(gateway);
    expect(got).toBe(content);
    expect(head).toMatch(/X-Breakwater-Filter: not looked at by (clamd|rspamd|http): /);
  });

  it('holds mail for a person where the client wants that, and lets it go when told', async () => {
    const { gateway, harbour } = await harbourWith([await clamd({ kind: 'close-at-once' }, 'hold')]);
    const content = write();
    const { id = '', disposition } = await harbour.ingest({ to: 'anna', content });
    expect([disposition, await gateway.received()]).toEqual(['spooled', []]);
    expect((await harbour.status()).spool.held).toBe(1);
    const view = await harbour.operator<object>('GET', `/clients/${harbour.id}/held`);
    expect(JSON.stringify(view)).toContain('clamd gave no answer');
    await harbour.operator('POST', `/clients/${harbour.id}/held/${id}/retry`);
    await harbour.settle();
    expect((await delivered(gateway)).content).toBe(content);
  });

  it('is waited for no longer than the filter has, all of them together', async () => {
    const hook = await startHook({ kind: 'stall' });
    const rspamd = { kind: 'rspamd', url: hook.url, whenFailed: 'pass-marked' };
    const { gateway, harbour } = await harbourWith([await clamd({ kind: 'stall' }), rspamd]);
    const before = Date.now();
    expect(await harbour.ingest({ to: 'anna', content: write() })).toMatchObject({ disposition: 'delivered' });
    expect(Date.now() - before).toBeLessThan(9_000);
    const { head } = await delivered(gateway);
    expect(head).toMatch(/not looked at by clamd: no answer within 4.5 s; not looked at by rspamd: no answer/);
    await hook.release();
  });

  it('in an outage keeps nobody from their mail', async () => {
    const { harbour } = await harbourWith([{ kind: 'rspamd', url: DEAD, whenFailed: 'pass-marked' }]);
    await harbour.declareFailure();
    expect(await harbour.ingest({ to: 'anna', content: write({ subject: 'to be read' }) })).toMatchObject({
      disposition: 'spooled',
    });
    await harbour.settle();
    const anna = await harbour.logIn('anna', PASSWORD);
    expect((await anna.list()).map(({ subject }) => subject)).toEqual(['to be read']);
  });

  it('hides no virus that another has found', async () => {
    const rspamd = { kind: 'rspamd', url: DEAD, whenFailed: 'hold' };
    const { harbour } = await harbourWith([await clamd(FOUND), rspamd]);
    expect(await harbour.ingest({ to: 'anna', content: write() })).toMatchObject({ disposition: 'quarantined' });
  });
});

it('a message too large to be held in memory is scanned from the store', async () => {
  const { harbour } = await harbourWith([
    await clamd({ kind: 'works' }),
    { kind: 'rspamd', url: RSPAMD_URL, whenFailed: 'hold' },
  ]);
  const filler = 'The tide is at nine, and the harbour is open.\r\n'.repeat(30_000);
  const content = `${writeWithFile('bill.com', EICAR)}${filler}`;
  expect(await harbour.ingest({ to: 'anna', content })).toMatchObject({ disposition: 'quarantined' });
  const honest = write({ body: filler });
  expect(await harbour.ingest({ to: 'anna', content: honest })).toMatchObject({ disposition: 'delivered' });
});

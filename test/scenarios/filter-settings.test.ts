/** The filter beside a client's own rules: built-in sets, spam, the quarantine, scanners with their secrets; and the lists of its rules. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_FILTER_PLAN } from '../../src/core/filter-plan.ts';
import { ownNames } from '../../src/core/rules/impersonation.ts';
import { enrol, type TestClient } from '../support/client.ts';
import { startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

type Problem = { readonly title: string; readonly detail: string; readonly fix: string };

const operator = { authorization: `Bearer ${testEnv.OPERATOR_TOKEN}` };

async function ask(client: TestClient, method: string, path: string, body?: unknown, bindings = {}) {
  const response = await client.request(method, `/api/v1/clients/${client.id}${path}`, body, operator, bindings);
  return { status: response.status, answer: await response.json<Problem & Record<string, unknown>>() };
}

async function planOf({ port }: TestClient) {
  return (await port.filterPlan()).plan;
}

async function auditOf(client: TestClient, action: string) {
  const { entries } = await client.operator<{ entries: readonly { action: string; detail: unknown }[] }>(
    'GET',
    `/clients/${client.id}/audit`,
  );
  return entries.filter((entry) => entry.action === action).map(({ detail }) => detail);
}

it('a client that has set nothing has the default plan, with every set off and in words', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  expect(await planOf(harbour)).toEqual(DEFAULT_FILTER_PLAN);
  const { answer } = await ask(harbour, 'GET', '/filter');
  expect(answer).toMatchObject({ spam: DEFAULT_FILTER_PLAN.spam, scanners: [], whenNotFullyScanned: 'pass-marked' });
  const sets = answer['sets'] as { set: string; isOn: boolean; words: readonly string[] }[];
  expect(sets).toHaveLength(7);
  for (const { isOn, words } of sets) expect([isOn, words.length > 0]).toEqual([false, true]);
  expect(sets.find(({ set }) => set === 'spam')?.words.at(-1)).toContain('90 or more');
});

it('what is set is in the plan at once and in the log, and what is left out stays', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const quarantine = { retentionDays: 14, users: 'release', digestHours: 0 };
  expect((await ask(harbour, 'PUT', '/filter', { sets: ['spam', 'virus'] })).status).toBe(200);
  expect((await ask(harbour, 'PUT', '/filter', { spam: { quarantineAt: 80, tagAt: 50 }, quarantine })).status).toBe(
    200,
  );
  expect((await ask(harbour, 'PUT', '/filter', { whenScannerFailed: 'hold' })).status).toBe(200);
  expect((await ask(harbour, 'PUT', '/filter', { whenNotFullyScanned: 'hold' })).status).toBe(200);
  expect(await planOf(harbour)).toEqual({
    ...DEFAULT_FILTER_PLAN,
    whenScannerFailed: 'hold',
    sets: ['spam', 'virus'],
    spam: { quarantineAt: 80, tagAt: 50 },
    quarantine,
    whenNotFullyScanned: 'hold',
  });
  const { answer } = await ask(harbour, 'GET', '/filter');
  const sets = answer['sets'] as { set: string; isOn: boolean }[];
  expect(sets.filter(({ isOn }) => isOn).map(({ set }) => set)).toEqual(['virus', 'spam']);
  expect(await auditOf(harbour, 'filter-set')).toEqual([
    { whenNotFullyScanned: 'hold' },
    { whenScannerFailed: 'hold' },
    { spam: { quarantineAt: 80, tagAt: 50 }, quarantine },
    { sets: ['spam', 'virus'] },
  ]);
});

it('two who set different parts at once undo nothing of each other', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await Promise.all([
    ask(harbour, 'PUT', '/filter', { sets: ['virus'] }),
    ask(harbour, 'PUT', '/filter', { whenNotFullyScanned: 'hold' }),
    ask(harbour, 'PUT', '/filter/scanners', { scanners: [] }),
    ask(harbour, 'PUT', '/filter', { spam: { quarantineAt: 70, tagAt: 70 } }),
  ]);
  const { answer } = await ask(harbour, 'GET', '/filter');
  expect(answer).toMatchObject({ spam: { quarantineAt: 70, tagAt: 70 }, whenNotFullyScanned: 'hold' });
  expect((answer['sets'] as { isOn: boolean }[]).filter(({ isOn }) => isOn)).toHaveLength(1);
});

it.each<[string, object, RegExp]>([
  ['nothing', {}, /at least one/],
  ['a set nobody knows', { sets: ['weather'] }, /sets\.0/],
  ['a set twice', { sets: ['spam', 'spam'] }, /sets: name each set once/],
  ['marking above the quarantine', { spam: { quarantineAt: 50, tagAt: 60 } }, /spam\.tagAt.*not be more/],
  ['a score of 0, which is all mail', { spam: { quarantineAt: 0, tagAt: 0 } }, /spam\.quarantineAt/],
  [
    'a quarantine of ten years',
    { quarantine: { retentionDays: 3_650, users: 'see', digestHours: 24 } },
    /retentionDays/,
  ],
  ['scanners, which have a route of their own', { scanners: [] }, /scanners/],
])('%s is not taken', async (_, body, words) => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const { status, answer } = await ask(harbour, 'PUT', '/filter', body);
  expect([status, answer.detail]).toEqual([422, expect.stringMatching(words)]);
  expect(await planOf(harbour)).toEqual(DEFAULT_FILTER_PLAN);
});

describe('scanners', () => {
  const RSPAMD = { kind: 'rspamd', url: 'https://rspamd.elsewhere.example', whenFailed: 'pass-marked' } as const;
  const HTTP = { kind: 'http', url: 'https://scan.elsewhere.example/v1', whenFailed: 'hold' } as const;
  const CLAMD = {
    kind: 'clamd',
    host: 'clamd.elsewhere.example',
    port: 3310,
    tls: 'implicit',
    whenFailed: 'hold',
  } as const;
  const strictly = { ALLOW_PRIVATE_PEERS: 'no' };

  it('their secrets are sealed, shown nowhere, and kept while a list is changed without them at hand', async () => {
    const harbour = await enrol({ gateways: [await startPeer()] });
    const secrets = ['the-rspamd-password', 'the-http-token'];
    const put = (scanners: readonly object[]) => ask(harbour, 'PUT', '/filter/scanners', { scanners });
    await put([{ ...RSPAMD, secret: secrets[0] }, { ...HTTP, secret: secrets[1] }, CLAMD]);
    const first = (await planOf(harbour)).scanners;
    expect(first).toMatchObject([
      { ...RSPAMD, sealedPassword: expect.any(String) },
      { ...HTTP, sealedToken: expect.any(String) },
      CLAMD,
    ]);
    await put([
      { ...HTTP, whenFailed: 'pass-marked', storedSecret: 'kept' },
      { ...RSPAMD, storedSecret: 'kept' },
    ]);
    const second = (await planOf(harbour)).scanners;
    expect(second).toEqual([{ ...first[1], whenFailed: 'pass-marked' }, first[0]]);
    const shown = await ask(harbour, 'GET', '/filter');
    expect(shown.answer['scanners']).toMatchObject([
      { url: HTTP.url, hasSecret: true },
      { url: RSPAMD.url, hasSecret: true },
    ]);
    const seen = JSON.stringify([
      shown,
      first,
      await harbour.operator('GET', `/clients/${harbour.id}`),
      await auditOf(harbour, 'scanners-set'),
    ]);
    for (const secret of secrets) expect(seen).not.toContain(secret);
    expect(JSON.stringify([shown, await auditOf(harbour, 'scanners-set')])).not.toContain('sealed');
    // Left out and not kept: it is gone.
    await put([RSPAMD]);
    expect((await planOf(harbour)).scanners).toEqual([RSPAMD]);
  });

  it.each<[string, object, RegExp]>([
    ['in the clear', { ...RSPAMD, url: 'http://rspamd.elsewhere.example' }, /read on the way/],
    ['inside', { ...HTTP, url: 'https://10.0.0.7/scan' }, /private/],
    ['this service itself', { ...HTTP, url: 'https://edge.breakwater.test/ingest' }, /this service itself/],
    ['no URL', { ...RSPAMD, url: 'rspamd' }, /no URL/],
    ['with a password in the URL', { ...RSPAMD, url: 'https://a:b@rspamd.elsewhere.example' }, /password/],
    ['clamd inside', { ...CLAMD, host: '127.0.0.1' }, /loopback/],
    ['clamd in the clear', { ...CLAMD, tls: 'none' }, /read all mail/],
    ['a secret nobody has given', { ...HTTP, storedSecret: 'kept' }, /None is stored/],
    ['a secret given and kept', { ...HTTP, secret: 'x', storedSecret: 'kept' }, /leave out the secret/],
    ['of a kind nobody knows', { kind: 'oracle', url: 'https://x.example' }, /kind/],
  ])('%s is not taken', async (_, scanner, words) => {
    const harbour = await enrol({ gateways: [await startPeer()] });
    const { status, answer } = await ask(harbour, 'PUT', '/filter/scanners', { scanners: [scanner] }, strictly);
    expect([status, answer.detail]).toEqual([422, expect.stringMatching(words)]);
    expect((await planOf(harbour)).scanners).toEqual([]);
  });

  it('clamd in the clear with consent, and four at most', async () => {
    const harbour = await enrol({ gateways: [await startPeer()] });
    const accepted = { ...CLAMD, tls: 'none', plainText: 'accepted' };
    expect((await ask(harbour, 'PUT', '/filter/scanners', { scanners: [accepted] }, strictly)).status).toBe(200);
    expect((await planOf(harbour)).scanners).toEqual([{ ...CLAMD, tls: 'none' }]);
    const five = Array.from({ length: 5 }, () => CLAMD);
    expect((await ask(harbour, 'PUT', '/filter/scanners', { scanners: five })).status).toBe(422);
  });

  it('a secret is never kept for another address', async () => {
    const harbour = await enrol({ gateways: [await startPeer()] });
    await ask(harbour, 'PUT', '/filter/scanners', { scanners: [{ ...HTTP, secret: 'the-token' }] });
    for (const moved of [
      { ...HTTP, url: 'https://evil.example/' },
      { ...RSPAMD, url: HTTP.url },
    ]) {
      const scanners = [{ ...moved, storedSecret: 'kept' }];
      expect((await ask(harbour, 'PUT', '/filter/scanners', { scanners })).status).toBe(422);
    }
  });
});

describe('lists', () => {
  it('a list is set whole, in the plan at once, and the log says what came and went', async () => {
    const harbour = await enrol({ gateways: [await startPeer()] });
    await ask(harbour, 'PUT', '/lists/partners', '# ours\nPartner.example\nboss@other.example\n');
    await ask(harbour, 'PUT', '/lists/partners', 'domain,note\npartner.example,good\nthird.example,new');
    expect((await planOf(harbour)).lists).toEqual({ partners: ['partner.example', 'third.example'] });
    expect(await ask(harbour, 'GET', '/lists/partners')).toMatchObject({
      answer: { name: 'partners', entries: ['partner.example', 'third.example'] },
    });
    expect((await ask(harbour, 'GET', '/lists')).answer).toMatchObject({
      lists: [{ name: 'partners', count: 2, by: 'operator', usedBy: [] }],
      sizeBytes: JSON.stringify(['partner.example', 'third.example']).length,
    });
    expect(await auditOf(harbour, 'list-set')).toEqual([
      {
        name: 'partners',
        count: 2,
        addedCount: 1,
        removedCount: 1,
        added: ['third.example'],
        removed: ['boss@other.example'],
      },
      expect.objectContaining({ count: 2, addedCount: 2, removedCount: 0 }),
    ]);
    expect((await ask(harbour, 'DELETE', '/lists/partners')).status).toBe(200);
    expect((await planOf(harbour)).lists).toEqual({});
    expect((await ask(harbour, 'DELETE', '/lists/partners')).status).toBe(404);
    expect((await ask(harbour, 'GET', '/lists/partners')).status).toBe(404);
  });

  it('a wrong entry is named with its line, and nothing is changed', async () => {
    const harbour = await enrol({ gateways: [await startPeer()] });
    await ask(harbour, 'PUT', '/lists/bad', 'a.example');
    const { status, answer } = await ask(harbour, 'PUT', '/lists/bad', 'b.example\n\nnobody\n');
    expect([status, answer.detail]).toEqual([
      422,
      'Line 3: "nobody" is no address, domain, host, IP address or SHA-256.',
    ]);
    expect((await planOf(harbour)).lists).toEqual({ bad: ['a.example'] });
    expect((await ask(harbour, 'PUT', '/lists/Bad_Name', 'a.example')).answer.detail).toContain('lower-case letters');
  });

  it('all lists of a client have a bound together', async () => {
    const harbour = await enrol({ gateways: [await startPeer()] });
    const hashes = (from: number, count: number) =>
      Array.from({ length: count }, (_, n) => (from + n).toString(16).padStart(64, '0')).join('\n');
    expect((await ask(harbour, 'PUT', '/lists/one', hashes(0, 4_000))).status).toBe(200);
    const second = await ask(harbour, 'PUT', '/lists/two', hashes(4_000, 4_000));
    expect([second.status, second.answer.detail]).toEqual([413, expect.stringContaining('512 KB')]);
    expect((await ask(harbour, 'PUT', '/lists/one', hashes(8_000, 7_000))).status).toBe(200);
    expect((await planOf(harbour)).lists['one']).toHaveLength(7_000);
  });
});

describe('names of its people', () => {
  const NAMES = { kind: 'impersonation', of: 'own-account' } as const;
  const rule = { name: 'Names', isOn: true, when: { kind: 'any', of: [NAMES] }, then: { kind: 'hold' } } as const;

  it('are in the plan while something asks for them, and follow the accounts', async () => {
    const harbour = await enrol({ gateways: [await startPeer()], people: [{ address: 'anna', name: 'Anna Berg' }] });
    const knows = async (name: string) => ownNames((await planOf(harbour)).nameKeys)(name);
    expect((await planOf(harbour)).nameKeys).toBe('');
    await ask(harbour, 'PUT', '/filter', { sets: ['own-name-impersonation'] });
    expect([await knows('Berg, Anna'), await knows('Ben Holm')]).toEqual([true, false]);
    await harbour.request(
      'POST',
      `/api/v1/clients/${harbour.id}/accounts/import`,
      `address,name\n${harbour.at('ben')},Ben Holm`,
      operator,
    );
    expect(await knows('Ben Holm')).toBe(true);
    await ask(harbour, 'PUT', '/filter', { sets: [] });
    expect((await planOf(harbour)).nameKeys).toBe('');
    await harbour.setRules([rule]);
    expect(await knows('Ben Holm')).toBe(true);
  });
});

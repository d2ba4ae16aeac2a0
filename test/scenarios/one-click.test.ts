/** R11: the link in a notice. Looking at it does nothing; one press does one thing once, without D1 and without a login (P9). */
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { createLinkTokens } from '../../src/adapters/link-tokens.ts';
import type { ClientId } from '../../src/core/ids.ts';
import { Links } from '../../src/durable/links.ts';
import type { LinkAction } from '../../src/pipeline/client-port.ts';
import { enrol, type TestClient } from '../support/client.ts';
import { textOf } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

const DAY = 86_400_000;

async function linkFor(client: TestClient, action: LinkAction): Promise<string> {
  const needs = {
    now: () => client.now,
    newLinkToken: createLinkTokens(testEnv.SEAL_KEY).newLinkToken,
    publicUrl: 'https://edge.breakwater.test',
  };
  const url = await runInDurableObject(client.stub, (_, { storage }) =>
    new Links(storage.sql).make(client.id, { action, occurrence: 1, recipient: 'anna@elsewhere.example' }, needs),
  );
  return new URL(url).pathname;
}

async function stateOf(client: TestClient): Promise<string> {
  return (await client.status()).health.state;
}

function bodyOf(notice: string): string {
  return Buffer.from(notice.slice(notice.indexOf('\r\n\r\n')), 'base64').toString();
}

it('a scanner that fetches the link changes nothing; pressing declares the failure, once', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const link = await linkFor(harbour, 'declare-failure');
  for (const method of ['GET', 'HEAD', 'GET']) {
    const shown = await harbour.request(method, link);
    expect(shown.status).toBe(200);
    expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(shown.headers.get('cache-control')).toBe('no-store');
    expect(shown.headers.get('referrer-policy')).toBe('no-referrer');
    if (method === 'GET') {
      const page = await shown.text();
      expect(page).toContain('Fail over now');
      expect(page.match(/<button/g)).toHaveLength(1);
      expect(page).toContain('form method="post"');
      expect(page).not.toContain('<script');
    }
  }
  expect(await stateOf(harbour)).toBe('up');
  const pressed = await harbour.request('POST', link);
  expect([pressed.status, await stateOf(harbour)]).toEqual([200, 'down']);
  expect(await pressed.text()).toContain('The failure is declared');
  await harbour.declareRepair();
  await harbour.pass(60_000);
  const again = await harbour.request('POST', link);
  expect([again.status, await stateOf(harbour)]).toEqual([410, 'up']);
  expect(await again.text()).toContain('has been used');
  expect(await (await harbour.request('GET', link)).text()).not.toContain('<button');
});

it('a link answers for the repair as well, and says when there is nothing to do', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const early = await harbour.request('POST', await linkFor(harbour, 'declare-repair'));
  expect([early.status, await early.text()]).toEqual([409, expect.stringContaining('no failure to end')]);
  await harbour.declareFailure();
  expect((await harbour.request('POST', await linkFor(harbour, 'declare-repair'))).status).toBe(200);
  await harbour.pass(60_000);
  expect(await stateOf(harbour)).toBe('up');
});

it('a link works for a day, and is forgotten after a week more', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const link = await linkFor(harbour, 'declare-failure');
  harbour.skip(DAY);
  expect((await harbour.request('GET', link)).status).toBe(410);
  expect((await harbour.request('POST', link)).status).toBe(410);
  expect(await stateOf(harbour)).toBe('up');
  harbour.skip(8 * DAY);
  await linkFor(harbour, 'declare-failure');
  expect((await harbour.request('GET', link)).status).toBe(404);
});

it('a link is one client’s own, and what is none of them is unknown, whoever is named', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const marina = await enrol({ gateways: [await startPeer()] });
  const link = await linkFor(harbour, 'declare-failure');
  const elsewhere = link.replace(harbour.id, marina.id);
  for (const path of [elsewhere, link.slice(0, -1), `${link.slice(0, -2)}xx`, link.replace(harbour.id, 'nobody')]) {
    expect([path, (await harbour.request('GET', path)).status]).toEqual([path, 404]);
    expect([path, (await harbour.request('POST', path)).status]).toEqual([path, 404]);
  }
  expect([await stateOf(harbour), await stateOf(marina)]).toEqual(['up', 'up']);
  expect((await harbour.request('POST', link)).status).toBe(200);
});

it('a token that we did not make for that client starts nobody’s object', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const { newLinkToken, isLinkToken } = createLinkTokens(testEnv.SEAL_KEY);
  const other = createLinkTokens('another deployment, another key, as long').newLinkToken(harbour.id);
  const good = newLinkToken(harbour.id);
  const tokens = [
    'x'.repeat(43),
    'x'.repeat(48),
    other,
    newLinkToken('marina' as ClientId),
    `${good}A`,
    `${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`,
  ];
  const untouched = {
    idFromName: () => {
      throw new Error('an object was asked for');
    },
  } as unknown as DurableObjectNamespace;
  for (const token of tokens) {
    for (const method of ['GET', 'POST']) {
      const answer = await harbour.request(
        method,
        `/act/${harbour.id}/${token}`,
        undefined,
        {},
        { CLIENTS: untouched },
      );
      expect([token, answer.status]).toEqual([token, 404]);
      expect(await answer.text()).toContain('not known');
    }
  }
  expect(isLinkToken(harbour.id, good)).toBe(true);
  expect((await harbour.request('GET', `/act/${harbour.id}/${good}`)).status).toBe(404);
});

it('a name that is no client’s leaves nothing behind', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  // Of a client that was here once: its name proves itself, and there is nothing any more.
  const path = `/act/nobody-at-all/${createLinkTokens(testEnv.SEAL_KEY).newLinkToken('nobody-at-all' as ClientId)}`;
  expect((await harbour.request('POST', path)).status).toBe(404);
  const stub = testEnv.CLIENTS.get(testEnv.CLIENTS.idFromName('nobody-at-all'));
  const tables = await runInDurableObject(stub, (_, { storage }) =>
    storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'").toArray(),
  );
  expect(tables).toEqual([]);
});

it('without D1 the press counts all the same', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const link = await linkFor(harbour, 'declare-failure');
  const away = {
    prepare() {
      throw new Error('D1 is away');
    },
  } as unknown as D1Database;
  const pressed = await harbour.request('POST', link, undefined, {}, { DB: away });
  expect([pressed.status, await stateOf(harbour)]).toEqual([200, 'down']);
});

it('what was pressed stands in the audit log and in the timeline, the token in neither', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const link = await linkFor(harbour, 'declare-failure');
  await harbour.request('POST', link);
  const audit = await testEnv.DB.prepare('SELECT * FROM audit WHERE client_id = ?').bind(harbour.id).all();
  expect(audit.results).toContainEqual(
    expect.objectContaining({
      actor: 'link',
      action: 'failure-declared',
      detail: expect.stringContaining('"by":"anna@elsewhere.example"'),
    }),
  );
  const seen = JSON.stringify([audit.results, await harbour.port.timeline(100)]);
  expect(seen).toContain('anna@elsewhere.example, by a link');
  expect(seen).not.toContain(link.split('/').at(-1));
});

it('the client’s name is text on the page, whatever it is', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await harbour.operator('PATCH', `/clients/${harbour.id}`, { name: '<img src=x onerror=alert(1)>' });
  const page = await (await harbour.request('GET', await linkFor(harbour, 'acknowledge'))).text();
  expect(page).toContain('&lt;img');
  expect(page).not.toContain('<img');
});

it('asked whether to fail over, a person answers by the link in the mail', async () => {
  const relay = await startPeer();
  const gateway = await startPeer();
  const settings = { noticeAddresses: ['it@elsewhere.example'], failover: 'ask' };
  const harbour = await enrol({ gateways: [gateway], relay, settings });
  await gateway.stop();
  for (let n = 0; n < 4; n += 1) await harbour.ingest({ to: 'anna', content: `Subject: ${n}\r\n\r\nx\r\n` });
  await harbour.pass(120_000);
  expect(await stateOf(harbour)).toBe('suspect');
  const mails = (await relay.received()).map(({ content }) => bodyOf(textOf(content)));
  const mail = mails.find((text) => text.includes('Fail over now')) ?? '';
  const link = /https:\/\/edge\.breakwater\.test(\/act\/\S+)/.exec(mail)?.[1] ?? '';
  expect((await harbour.request('POST', link)).status).toBe(200);
  await harbour.settle();
  expect((await harbour.status()).health).toMatchObject({ state: 'down', cause: { kind: 'declared' } });
});

it('each recipient has a link of their own, and the timeline says who pressed', async () => {
  const relay = await startPeer();
  const gateway = await startPeer();
  const noticeAddresses = ['anna@elsewhere.example', 'bo@elsewhere.example'];
  const harbour = await enrol({ gateways: [gateway], relay, settings: { noticeAddresses } });
  await gateway.stop();
  for (let n = 0; n < 4; n += 1) await harbour.ingest({ to: 'anna', content: `Subject: ${n}\r\n\r\nx\r\n` });
  await harbour.settle();
  const links = (await relay.received()).flatMap(({ content, recipients }) => {
    const path = /https:\/\/edge\.breakwater\.test(\/act\/\S+)/.exec(bodyOf(textOf(content)))?.[1];
    return path === undefined ? [] : [{ to: recipients[0], path }];
  });
  expect(links.map(({ to }) => to)).toEqual(noticeAddresses);
  const [annas, bos] = links.map(({ path }) => path);
  expect(annas).not.toBe(bos);
  expect((await harbour.request('POST', bos ?? '')).status).toBe(200);
  const said = (await harbour.port.timeline(5)).map(({ words }) => words).join();
  expect(said).toContain('bo@elsewhere.example, by a link');
  expect(said).not.toContain('anna@elsewhere.example');
});

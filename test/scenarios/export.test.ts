/** Taking everything with you: an outage, a mailbox, a held message, and the report that adds up; read back by independent readers. */

import { runInDurableObject } from 'cloudflare:test';
import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import { beforeAll, expect, it } from 'vitest';
import { compose } from '../../src/compose.ts';
import { readCsv } from '../../src/core/csv.ts';
import { createApp } from '../../src/http/app.ts';
import type { ExportRow } from '../../src/pipeline/export-port.ts';
import { enrol, type Person, ruleFor, type TestClient } from '../support/client.ts';
import { textOf, write } from '../support/mail.ts';
import { readMbox } from '../support/mbox.ts';
import { startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

const PASSWORD = 'correct horse battery';

let harbour: TestClient;
let quay: TestClient;
let admin: Person;
let ben: Person;
let outageId: string;
let rows: readonly ExportRow[];

const LATIN = Buffer.concat([
  Buffer.from('Subject: =CMD()\r\nMessage-ID: <8@world.example>\r\n\r\nM\xfc\xdfe\x00\x80\r\nbare\nline', 'latin1'),
]);
const FROM_LINES = write({ body: 'From here on\r\n>From there\r\n>>From\r\nFrom \r\n' });
// Too often received to be no loop: held for a person.
const LOOPING = `${'Received: from a by b\r\n'.repeat(51)}${write()}`;
const QUARANTINED = write({ subject: 'buy', from: 'spam@bad.example' });

beforeAll(async () => {
  const gateway = await startPeer();
  harbour = await enrol({
    gateways: [gateway],
    people: [
      { address: 'anna', password: PASSWORD, role: 'admin' },
      { address: 'ben', password: PASSWORD },
    ],
  });
  quay = await enrol({
    gateways: [await startPeer()],
    people: [{ address: 'cara', password: PASSWORD, role: 'admin' }],
  });
  await harbour.setRules([ruleFor('sender', 'spam@bad.example', { kind: 'quarantine' }, 'bulk')]);
  await harbour.declareFailure();
  await harbour.ingest({ to: 'anna', content: write({ subject: 'first' }) });
  await harbour.ingest({ to: 'ben', content: LATIN, from: '' });
  await harbour.ingest({ to: 'ben', content: FROM_LINES });
  await harbour.ingest({ to: 'ben', content: write({ body: `${'x'.repeat(998)}\r\n`.repeat(2100) }) });
  await harbour.ingest({ to: 'ben', content: LOOPING });
  await harbour.ingest({ to: 'ben', content: QUARANTINED, from: 'spam@bad.example' });
  await harbour.settle();
  ben = await harbour.logIn('ben', PASSWORD);
  admin = await harbour.logIn('anna', PASSWORD);
  const sent = { to: [harbour.at('anna')], subject: 'to a colleague', text: 'From ben' };
  expect((await ben.ask('POST', '/send', sent)).status).toBe(201);
  await harbour.settle();
  outageId = (await harbour.outage()).id;
  rows = await needs().exports(harbour.id).exportRows(outageId, { from: 0, limit: 500 });
});

function needs() {
  return compose(testEnv).http;
}

/** What stands below the mark that the largest of them bears: it is past what the filter reads of a text. */
function received(content: Uint8Array): Uint8Array {
  return Buffer.from(textOf(content).replace(/^X-Breakwater-Filter: .*\r\n/, ''), 'latin1');
}

const hex = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function bytesOf(response: Response): Promise<Uint8Array> {
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  return new Uint8Array(await response.arrayBuffer());
}

function asAdmin(path: string, client = harbour): Promise<Response> {
  return client.request('GET', `/api/v1/clients/${client.id}${path}`, undefined, { cookie: admin.cookie });
}

/** The lines of index.csv by the names of their columns. */
function indexOf(zip: Record<string, Uint8Array>): readonly Record<string, string>[] {
  const [columns = [], ...lines] = readCsv(new TextDecoder().decode(zip['index.csv'])) ?? [];
  return lines.map((cells) => Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ''])));
}

/** The SHA-256 of every row that is a message a person could have read. */
function hashes(keep: (row: ExportRow) => boolean): string[] {
  return rows.filter((row) => row.kind !== 'outbound' && keep(row)).map(({ sha256 }) => sha256);
}

it('P3: an outage as zip holds every message byte for byte, and an index that says what is where', async () => {
  const response = await asAdmin(`/outages/${outageId}/export?format=zip`);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/zip',
    'content-disposition': `attachment; filename="${harbour.id}-outage-${outageId}.zip"`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  });
  const zip = unzipSync(await bytesOf(response));
  const index = indexOf(zip);
  const kept = rows.filter(({ state }) => state !== 'quarantined');
  expect(
    index.map(({ id, sha256, sender, recipient, problem }) => ({ id, sha256, sender, recipient, problem })),
  ).toEqual(kept.map(({ id, sha256, sender, recipient }) => ({ id, sha256, sender, recipient, problem: '' })));
  for (const { file = '', sha256 } of index) expect(hex(zip[file] ?? new Uint8Array())).toBe(sha256);
  expect(Object.keys(zip)).toHaveLength(index.length + 1);
  for (const name of Object.keys(zip))
    expect(name).toMatch(/^(index\.csv|(inbox|sent)\/20\d\d\/\d\d\/\d{8}T\d{6}Z-[\w-]+\.eml)$/);
  expect(index.map(({ folder }) => folder)).toEqual(kept.map(({ kind }) => (kind === 'sent-copy' ? 'sent' : 'inbox')));
});

it('P3: an outage as mbox gives every message back byte for byte, whatever it holds', async () => {
  const response = await asAdmin(`/outages/${outageId}/export?format=mbox`);
  expect(response.headers.get('content-type')).toBe('application/mbox');
  const messages = readMbox(await bytesOf(response));
  expect(messages.map(({ content }) => hex(received(content)))).toEqual(hashes(({ state }) => state !== 'quarantined'));
  expect(messages[0]?.from).toMatch(/^sender@world\.example \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$/);
  expect(messages[1]?.from).toMatch(/^MAILER-DAEMON /);
});

it('what is in quarantine comes when it is asked for, in a folder of its own; folders can be had one by one', async () => {
  const zip = unzipSync(await bytesOf(await asAdmin(`/outages/${outageId}/export?format=zip&quarantined=yes`)));
  const quarantined = indexOf(zip).find(({ folder }) => folder === 'quarantined');
  expect(textOf(zip[quarantined?.['file'] ?? ''] ?? new Uint8Array())).toBe(QUARANTINED);
  const sent = readMbox(await bytesOf(await asAdmin(`/outages/${outageId}/export?format=mbox&folder=sent`)));
  expect(sent.map(({ content }) => hex(content))).toEqual(hashes(({ kind }) => kind === 'sent-copy'));
});

it('a user takes the own mailbox along, both folders of it, and an admin any of the client', async () => {
  const own = indexOf(unzipSync(await bytesOf(await ben.ask('GET', '/export?format=zip'))));
  const bens = ({ recipient, state }: ExportRow) => recipient === harbour.at('ben') && state !== 'quarantined';
  expect(new Set(own.map(({ sha256 }) => sha256))).toEqual(new Set(hashes(bens)));
  expect(own.filter(({ folder }) => folder === 'sent')).toHaveLength(1);
  const byAdmin = readMbox(await bytesOf(await asAdmin(`/mailboxes/${harbour.at('ben')}/export?format=mbox`)));
  expect(byAdmin).toHaveLength(own.length);
  expect(new Set(byAdmin.map(({ content }) => hex(received(content))))).toEqual(new Set(hashes(bens)));
  expect(readMbox(await bytesOf(await asAdmin('/mailboxes/unclaimed/export?format=mbox')))).toEqual([]);
});

it('one held message is had as it was received', async () => {
  for (const [state, content] of [
    ['quarantined', QUARANTINED],
    ['held', LOOPING],
  ]) {
    const id = rows.find((row) => row.state === state)?.id ?? '';
    const response = await asAdmin(`/held/${id}/content`);
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${id}.eml"`);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(textOf(await bytesOf(response))).toBe(content);
  }
  expect((await asAdmin(`/held/${rows[0]?.id}/content`)).status).toBe(404);
});

it('P8: nobody exports what is of another client, or of another person', async () => {
  const quarantined = rows.find(({ state }) => state === 'quarantined')?.id ?? '';
  const paths = [
    `/outages/${outageId}/export?format=zip`,
    `/outages/${outageId}/report?format=json`,
    `/mailboxes/${harbour.at('ben')}/export?format=zip`,
    `/held/${quarantined}/content`,
  ];
  const cara = await quay.logIn('cara', PASSWORD);
  for (const path of paths) {
    const at = (client: TestClient, cookie: string) =>
      client.request('GET', `/api/v1/clients/${client.id}${path}`, undefined, { cookie });
    // Theirs by name, and their ids under the own client.
    expect([path, (await at(harbour, cara.cookie)).status]).toEqual([path, 404]);
    expect([path, (await at(quay, cara.cookie)).status]).toEqual([path, 404]);
    expect([path, (await at(harbour, ben.cookie)).status]).toEqual([path, 403]);
    expect([path, (await harbour.request('GET', `/api/v1/clients/${harbour.id}${path}`)).status]).toEqual([path, 401]);
  }
  expect((await harbour.request('GET', '/api/mail/export?format=zip')).status).toBe(401);
  const all = await bytesOf(await ben.ask('GET', `/export?format=mbox&address=${harbour.at('anna')}`));
  expect(textOf(all)).not.toContain('Subject: first');
});

it('every export is in the audit log before its first byte, and without that line nothing is given out', async () => {
  const response = await asAdmin(`/outages/${outageId}/export?format=mbox`);
  const log = await harbour.operator<{ entries: { actor: string; action: string }[] }>(
    'GET',
    `/clients/${harbour.id}/audit`,
  );
  expect(log.entries[0]).toMatchObject({ actor: harbour.at('anna'), action: 'outage-exported' });
  // HEAD asks whether there is something to take; nothing leaves, so nothing is written.
  for (const path of [`/outages/${outageId}/export?format=zip`, `/mailboxes/${harbour.at('ben')}/export?format=zip`]) {
    const asked = await harbour.request('HEAD', `/api/v1/clients/${harbour.id}${path}`, undefined, {
      cookie: admin.cookie,
    });
    expect([asked.status, (await asked.arrayBuffer()).byteLength]).toEqual([200, 0]);
  }
  expect(await harbour.operator('GET', `/clients/${harbour.id}/audit`)).toEqual(log);
  await response.body?.cancel();
  const away = { ...needs(), clients: { ...needs().clients, record: () => Promise.reject(new Error('D1 is away')) } };
  const refused = await createApp(away).request(
    `/api/v1/clients/${harbour.id}/outages/${outageId}/export?format=mbox`,
    { headers: { authorization: `Bearer ${testEnv.OPERATOR_TOKEN}` } },
  );
  expect(refused.status).toBe(503);
});

/** The deployment with another content store, asked by the operator. */
function withContents(get: (key: string) => Promise<ReadableStream<Uint8Array> | undefined>) {
  const app = createApp({ ...needs(), contents: { get }, log: () => undefined });
  return (format: string) =>
    app.request(`/api/v1/clients/${harbour.id}/outages/${outageId}/export?format=${format}`, {
      headers: { authorization: `Bearer ${testEnv.OPERATOR_TOKEN}` },
    });
}

it('a message whose bytes are missing is said to be, and the rest is given all the same', async () => {
  const missing = rows[1];
  const { contents } = needs();
  const ask = withContents(async (key) => (key === missing?.contentKey ? undefined : contents.get(key)));
  const index = indexOf(unzipSync(await bytesOf(await ask('zip'))));
  expect(index.filter(({ problem }) => problem !== '')).toMatchObject([
    { id: missing?.id, file: '', problem: 'the content is not in the store' },
  ]);
  expect(index).toHaveLength(7);
  const messages = readMbox(await bytesOf(await ask('mbox')));
  expect(messages).toHaveLength(7);
  expect(textOf(messages[1]?.content ?? new Uint8Array())).toContain(`X-Breakwater-Not-Found: ${missing?.id}`);
});

it('a store that fails in the middle breaks the download off; it never ends as if it were whole', async () => {
  const { contents } = needs();
  const failing = rows[2]?.contentKey;
  for (const format of ['mbox', 'zip']) {
    const ask = withContents(async (key) => {
      if (key === failing) throw new Error('the store is away');
      return contents.get(key);
    });
    const response = await ask(format);
    expect(response.status).toBe(200);
    await expect(response.arrayBuffer()).rejects.toThrow('the store is away');
  }
});

it('P5: the report has a line for each message, and its figures are what the lines add up to', async () => {
  const response = await asAdmin(`/outages/${outageId}/report?format=json`);
  expect(response.headers.get('content-disposition')).toContain(`${harbour.id}-report-${outageId}.json`);
  const report = JSON.parse(new TextDecoder().decode(await bytesOf(response)));
  expect(report.messages).toHaveLength(rows.length);
  expect(report.messages[1]).toMatchObject({ id: rows[1]?.id, sender: '<>', state: 'waiting', sha256: hex(LATIN) });
  expect(report.outage).toMatchObject({ client: harbour.id, outage: outageId, kind: 'declared', closedAt: null });
  const { report: own } = await harbour.outage();
  expect(report.figures).toMatchObject({ ...own, complete: false });
  const { entries } = await harbour.operator<{ entries: { action: string; detail: unknown }[] }>(
    'GET',
    `/clients/${harbour.id}/audit`,
  );
  expect(entries.find(({ action }) => action === 'report-written')).toMatchObject({ detail: expect.anything() });
  expect(JSON.stringify(entries)).toContain(report.chain.last);
  expect(JSON.stringify(report)).not.toContain('Subject');
});

it('what one answer cannot carry comes in parts, each message in one of them; without a part nothing is left out silently', async () => {
  const client = await enrol({ gateways: [await startPeer()], people: [{ address: 'dora', password: PASSWORD }] });
  await client.declareFailure();
  const written = Array.from({ length: 5 }, () => write());
  for (const content of written) await client.ingest({ to: 'dora', content });
  await client.settle();
  // Nobody stores gigabytes here: the rows say so.
  const gigabyte = 1_073_741_824;
  await runInDurableObject(client.stub, (_, state) => {
    state.storage.sql.exec('UPDATE spool SET size_bytes = ?', gigabyte);
  });
  await testEnv.DB.prepare('UPDATE messages SET size_bytes = ? WHERE client_id = ?').bind(gigabyte, client.id).run();
  const ask = (path: string) =>
    client.request('GET', `/api/v1/clients/${client.id}${path}`, undefined, {
      authorization: `Bearer ${testEnv.OPERATOR_TOKEN}`,
    });
  const { id } = await client.outage();
  for (const path of [`/outages/${id}/export`, `/mailboxes/${client.at('dora')}/export`]) {
    const whole = await ask(`${path}?format=mbox`);
    expect(whole.status).toBe(422);
    expect(await whole.json()).toMatchObject({ detail: '5 messages are 3 parts.', parts: 3 });
    const read: string[] = [];
    for (const part of [1, 2, 3]) {
      const response = await ask(`${path}?format=mbox&part=${part}`);
      expect(response.headers.get('content-disposition')).toContain(`-part${part}of3.mbox`);
      read.push(...readMbox(await bytesOf(response)).map(({ content }) => textOf(content)));
    }
    expect(read).toEqual(written);
    expect((await ask(`${path}?format=mbox&part=4`)).status).toBe(422);
  }
});

it('a question that cannot be answered says what to ask instead', async () => {
  for (const query of ['', '?format=pst', '?format=zip&part=0', '?format=zip&folder=trash']) {
    const response = await asAdmin(`/outages/${outageId}/export${query}`);
    expect([query, response.status]).toEqual([query, 422]);
  }
  const none = await asAdmin(`/outages/${outageId}/export?format=zip&part=2`);
  expect(await none.json()).toMatchObject({ detail: 'There is one part.', fix: 'Leave "part" out.' });
});

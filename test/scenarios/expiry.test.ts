/** A message that its recipient keeps from being delivered: what its sender hears, and when nobody hears anything. */
import { runInDurableObject } from 'cloudflare:test';
import PostalMime from 'postal-mime';
import { expect, it } from 'vitest';
import { DEFAULT_EXPIRY } from '../../src/core/client.ts';
import type { OutageId } from '../../src/core/ids.ts';
import { settle } from '../../src/core/ledger.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { Ledger } from '../../src/durable/ledger.ts';
import { Waiting } from '../../src/durable/waiting.ts';
import { replyAt } from '../support/behaviour.ts';
import { enrol, ruleFor, type TestClient } from '../support/client.ts';
import { textOf, write } from '../support/mail.ts';
import { type Peer, startPeer } from '../support/peer.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FULL = replyAt('rcpt', '452 4.2.2 Mailbox full');
const MAILBOX_FULL: Outcome = {
  kind: 'deferred',
  cause: { kind: 'reply', stage: 'rcpt', reply: { code: 452, enhanced: '4.2.2', text: 'Mailbox full' } },
};

async function harbourWith(
  parts: { readonly expiry?: object; readonly relay?: 'none'; readonly full?: boolean } = {},
): Promise<{ readonly harbour: TestClient; readonly gateway: Peer; readonly world: Peer }> {
  const gateway = await startPeer(FULL);
  const world = await startPeer();
  const harbour = await enrol({
    gateways: [gateway],
    ...(parts.relay === 'none' ? {} : { relay: world }),
    people: [{ address: 'anna', password: 'correct horse battery' }],
  });
  if (parts.expiry !== undefined) await harbour.operator('PUT', `/clients/${harbour.id}/expiry`, parts.expiry);
  return { harbour, gateway, world };
}

type Expired = {
  readonly expired: readonly { readonly detail: string; readonly isTold: boolean }[];
  readonly next: string | null;
};
type HeldList = { readonly held: readonly { readonly detail: string; readonly kind: string }[] };
const expired = (client: TestClient) => client.operator<Expired>('GET', `/clients/${client.id}/expired`);
const heldBy = (client: TestClient) => client.operator<HeldList>('GET', `/clients/${client.id}/held`);

it('a mailbox that is full for five days sends the message back, once, with what its sender has to know', async () => {
  const { harbour, gateway, world } = await harbourWith();
  const content = write({ subject: 'The tide', messageId: '<tide@world.example>' });
  expect(await harbour.ingest({ to: 'anna', content })).toMatchObject({ status: 200, disposition: 'spooled' });
  await harbour.pass(5 * DAY - 2 * HOUR);
  expect(await world.received()).toEqual([]);
  await harbour.pass(4 * HOUR);

  const [dsn, ...more] = await world.received();
  expect(more).toEqual([]);
  expect(dsn).toMatchObject({ sender: '', recipients: ['sender@world.example'] });
  const source = textOf(dsn?.content ?? new Uint8Array());
  expect(source).toContain('From: Mail Delivery System <mailer-daemon@edge.breakwater.test>\r\n');
  expect(source).toContain('Content-Type: multipart/report; report-type=delivery-status;');
  expect(source).toContain('Auto-Submitted: auto-replied\r\n');
  expect(source).toContain('In-Reply-To: <tide@world.example>\r\n');
  expect(source).toMatch(/\r\nArrival-Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000\r\n/);
  expect(source).toContain('Last-Attempt-Date: Sun, 06 Jan 2030 00:03:00 +0000\r\n');
  expect(source).toContain(`Final-Recipient: rfc822; ${harbour.at('anna')}\r\nAction: failed\r\nStatus: 4.2.2\r\n`);
  expect(source).toContain('Remote-MTA: dns; localhost\r\nDiagnostic-Code: smtp; 452 4.2.2 Mailbox full\r\n');
  expect(source).toContain('Content-Type: text/rfc822-headers');
  expect(source).toContain('Subject: The tide\r\n');
  expect(source).not.toContain('The tide is at nine');
  const parsed = await PostalMime.parse(dsn?.content ?? new Uint8Array());
  expect(parsed.text).toMatch(/could not be delivered[\s\S]*put it off for 5 days[\s\S]*452 4\.2\.2 Mailbox full/);

  expect((await harbour.status()).spool).toMatchObject({ waiting: 0, held: 0, expired: 1 });
  expect(await expired(harbour)).toMatchObject({
    expired: [
      { isTold: true, detail: '452 4.2.2 Mailbox full (at RCPT); tried for 5 days, and returned to its sender' },
    ],
    next: null,
  });
  expect((await harbour.port.timeline(50)).filter(({ kind }) => kind === 'returned')).toHaveLength(1);

  // Told that it failed, its sender sends it again: it is new mail, not one we have.
  await gateway.set({});
  expect(await harbour.ingest({ to: 'anna', content })).toMatchObject({ status: 200, disposition: 'delivered' });
  await harbour.pass(2 * DAY);
  expect(await world.received()).toHaveLength(1);
});

it('P7: six days in which the gateway lets nobody in age nothing', async () => {
  const { harbour, gateway, world } = await harbourWith();
  await harbour.ingest({ to: 'anna', content: write() });
  await harbour.pass(2 * DAY);
  // Our login is refused: mail is kept, no outage opens, and no fault of the message's.
  await gateway.set(replyAt('banner', '554 5.7.1 go away'));
  await harbour.pass(2 * HOUR);
  // A probe a minute for six days says nothing new.
  harbour.skip(6 * DAY);
  await harbour.settle();
  expect((await harbour.status()).health.state).toBe('refused-us');
  expect((await harbour.status()).spool.waiting).toBe(1);
  // It lets us in and wants less of everything: attempts by the minute, none of them the message's fault.
  await gateway.set(replyAt('mail', '451 4.7.500 Server busy. Please try again later'));
  await harbour.pass(HOUR / 3);
  const [row] = await runInDurableObject(harbour.stub, (_, { storage: { sql } }) =>
    sql.exec<{ attempts: number; tries: number }>('SELECT attempts, tries FROM spool').toArray(),
  );
  expect((row?.attempts ?? 0) - (row?.tries ?? 0)).toBeGreaterThan(10);
  await gateway.set(FULL);
  await harbour.pass(2 * DAY + 20 * HOUR);
  expect((await harbour.status()).health.state).toBe('up');
  expect(await world.received()).toEqual([]);
  expect((await harbour.status()).spool).toMatchObject({ waiting: 1, expired: 0 });
  await harbour.pass(8 * HOUR);
  expect(await world.received()).toHaveLength(1);
});

it('what an outage has made its own is held for a person, and no sender hears of it', async () => {
  const { harbour, gateway, world } = await harbourWith({ expiry: { afterHours: 4, delayNoticeAfterHours: 2 } });
  await harbour.ingest({ to: 'anna', content: write() });
  await harbour.pass(HOUR);
  await harbour.declareFailure();
  harbour.skip(6 * DAY);
  await harbour.declareRepair();
  await harbour.pass(HOUR);
  expect((await harbour.status()).spool).toMatchObject({ waiting: 1, held: 0 });
  await harbour.pass(8 * HOUR);
  const { held } = await heldBy(harbour);
  expect(held.map(({ detail }) => detail)).toEqual([
    '452 4.2.2 Mailbox full (at RCPT); tried for 4 hours; not returned: it belongs to an outage, and may have been read here',
  ]);
  expect(await world.received()).toEqual([]);
  expect((await harbour.outage()).report).toMatchObject({ received: 1, held: 1, addsUp: true });
  expect(await gateway.received()).toEqual([]);
});

it('messages for one full mailbox go back together, not one after the other', async () => {
  const { harbour, world } = await harbourWith({ expiry: { afterHours: 6 } });
  for (let n = 0; n < 5; n += 1) await harbour.ingest({ to: 'anna', content: write() });
  await harbour.pass(9 * HOUR);
  expect(await world.received()).toHaveLength(5);
});

it('P6: a restart between the bytes and the row makes one word of it, not two', async () => {
  const { harbour, world } = await harbourWith({ expiry: { afterHours: 1 } });
  await harbour.ingest({ to: 'anna', content: write() });
  await runInDurableObject(harbour.stub, (instance) => {
    const { contents } = instance.needs;
    let isGone = false;
    const gone = () => {
      if (isGone) throw new Error('the object is gone in this moment');
    };
    const dying: typeof contents = {
      ...contents,
      get: async (key) => {
        gone();
        return contents.get(key);
      },
      put: async (key, content, sizeBytes) => {
        await contents.put(key, content, sizeBytes);
        isGone = true;
        gone();
      },
    };
    instance.needs = { ...instance.needs, contents: dying };
  });
  await harbour.pass(2 * HOUR);
  expect(await world.received()).toEqual([]);
  expect(await expired(harbour)).toMatchObject({ expired: [{ isTold: false }] });
  await harbour.evict();
  await harbour.pass(HOUR);
  expect(await world.received()).toHaveLength(1);
  await harbour.evict();
  await harbour.pass(DAY);
  expect(await world.received()).toHaveLength(1);
  expect(await expired(harbour)).toMatchObject({ expired: [{ isTold: true }] });
});

it('word of a delay goes once, where the client wants it, and the message comes back all the same', async () => {
  const { harbour, world } = await harbourWith({ expiry: { afterHours: 12, delayNoticeAfterHours: 4 } });
  await harbour.ingest({ to: 'anna', content: write() });
  await harbour.pass(3 * HOUR);
  expect(await world.received()).toEqual([]);
  await harbour.pass(3 * HOUR);
  const [delay, ...more] = (await world.received()).map(({ content }) => textOf(content));
  expect(more).toEqual([]);
  expect(delay).toContain('Action: delayed\r\nStatus: 4.2.2\r\n');
  expect(delay).toMatch(/\r\nWill-Retry-Until: Tue, 01 Jan 2030 1[12]:\d\d:\d\d \+0000\r\n/);
  await harbour.pass(4 * HOUR);
  expect(await world.received()).toHaveLength(1);
  await harbour.pass(6 * HOUR);
  expect((await world.received()).map(({ content }) => /\r\nAction: (\w+)/.exec(textOf(content))?.[1])).toEqual([
    'delayed',
    'failed',
  ]);
});

it('nobody is told where nobody may be: of <>, of machines, without a relay', async () => {
  const { harbour, world } = await harbourWith({ expiry: { afterHours: 1, delayNoticeAfterHours: null } });
  const automatic = `Auto-Submitted: auto-generated\r\n${write()}`;
  await harbour.ingest({ from: '', to: 'anna', content: write() });
  await harbour.ingest({ from: 'MAILER-DAEMON@world.example', to: 'anna', content: write() });
  await harbour.ingest({ to: 'anna', content: automatic });
  await harbour.pass(4 * HOUR);
  expect(await world.received()).toEqual([]);
  expect((await heldBy(harbour)).held.map(({ detail }) => detail.split('not returned: ')[1])).toEqual([
    'nothing may ever be returned to its sender, <> (RFC 5321 §4.5.5)',
    'a machine has sent it, which must not be answered by one',
    'a machine has sent it, which must not be answered by one',
  ]);

  const { harbour: island } = await harbourWith({ expiry: { afterHours: 1 }, relay: 'none' });
  await island.ingest({ to: 'anna', content: write() });
  await island.pass(3 * HOUR);
  expect((await heldBy(island)).held.map(({ detail }) => detail.split('not returned: ')[1])).toEqual([
    'there is no relay by which its sender could be told',
  ]);
});

it('what was quarantined never makes us write to whoever it claims to be from, though a person releases it', async () => {
  const { harbour, world } = await harbourWith({ expiry: { afterHours: 1 } });
  await harbour.setRules([ruleFor('sender', '@world.example', { kind: 'quarantine' })]);
  const { id } = await harbour.ingest({ to: 'anna', content: write() });
  await harbour.pass(DAY);
  expect((await harbour.status()).spool.quarantined).toBe(1);
  await harbour.operator('POST', `/clients/${harbour.id}/held/${id}/retry`);
  await harbour.pass(4 * HOUR);
  expect((await heldBy(harbour)).held.map(({ detail }) => detail)).toEqual([
    expect.stringContaining('not returned: a person has had it in hand before'),
  ]);
  expect(await world.received()).toEqual([]);
});

it('a DSN that the relay refuses is held, and never bounced again', async () => {
  const { harbour, world } = await harbourWith({ expiry: { afterHours: 1 } });
  await world.set(replyAt('rcpt', '550 5.1.1 no such user'));
  await harbour.ingest({ to: 'anna', content: write() });
  await harbour.pass(3 * DAY);
  expect((await heldBy(harbour)).held).toMatchObject([
    { kind: 'outbound', detail: '550 5.1.1 no such user (at RCPT)' },
  ]);
  expect((await harbour.status()).spool).toMatchObject({ waiting: 0, held: 1, expired: 1 });
});

it("what an outage adopts while it is being tried is the outage's when the try has failed", async () => {
  const { harbour } = await harbourWith();
  await harbour.ingest({ to: 'anna', content: write() });
  const settled = await runInDurableObject(harbour.stub, (_, { storage }) => {
    const [ledger, waiting] = [new Ledger(harbour.id, storage), new Waiting(harbour.id, storage)];
    storage.sql.exec('UPDATE spool SET tries = 500, received_at = 0');
    const now = harbour.now + DAY;
    const row = waiting.next('gateway', { now, reach: 'all', busy: new Set() });
    const claimed = row === undefined ? undefined : ledger.claim(row, 'mx', { now, reach: 'all' });
    if (claimed === undefined) throw new Error('nothing waits');
    const context = { now, state: 'up', expiry: DEFAULT_EXPIRY, hasRelay: true, areMailboxesOpen: false } as const;
    const before = settle(MAILBOX_FULL, ledger.asItStands(claimed), context);
    waiting.adoptInto('outage' as OutageId, now);
    return [before.kind, settle(MAILBOX_FULL, ledger.asItStands(claimed), context).kind];
  });
  expect(settled).toEqual(['expired', 'held']);
});

it('the time is the client’s to set, within reason, and who set it is in the audit log', async () => {
  const { harbour } = await harbourWith();
  const path = `/clients/${harbour.id}/expiry`;
  expect(await harbour.operator('GET', path)).toEqual({ afterHours: 120, delayNoticeAfterHours: null });
  await harbour.operator('PUT', path, { afterHours: 48, delayNoticeAfterHours: 4 });
  expect(await harbour.operator('GET', path)).toEqual({ afterHours: 48, delayNoticeAfterHours: 4 });
  for (const [body, words] of [
    [{ afterHours: 4, delayNoticeAfterHours: 4 }, 'must be less than afterHours'],
    [{ afterHours: 0 }, 'afterHours'],
    [{ afterHours: 5_000 }, 'afterHours'],
  ] as const) {
    await expect(harbour.operator('PUT', path, body)).rejects.toThrow(words);
  }
  await harbour.operator('PUT', path, {});
  expect(await harbour.operator('GET', path)).toEqual({ afterHours: 120, delayNoticeAfterHours: null });
  const audit = JSON.stringify(await harbour.operator('GET', `/clients/${harbour.id}/audit`));
  expect(audit).toContain('delayNoticeAfterHours');
});

/** R11: planned work. Mailboxes open for it, or mail is only kept and nobody is woken; it is extended, and ended, by people. */
import { expect, it } from 'vitest';
import { enrol, type TestClient } from '../support/client.ts';
import { textOf, write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

// The story begins on 2030-01-01 at midnight UTC, one o'clock in Berlin.
const HOUR = 3_600_000;
const MINUTE = 60_000;

function berlin(meaning: 'failover' | 'keep', from = '02:00', to = '03:00') {
  const when = { kind: 'once', from: `2030-01-01T${from}`, to: `2030-01-01T${to}` };
  return { id: 'disks', title: 'new disks', timeZone: 'Europe/Berlin', meaning, when };
}

async function plan(client: TestClient, ...windows: readonly object[]): Promise<void> {
  await client.operator('PUT', `/clients/${client.id}/maintenance`, { windows });
}

async function stateOf(client: TestClient): Promise<string> {
  return (await client.status()).health.state;
}

async function lines(client: TestClient): Promise<readonly string[]> {
  return (await client.port.timeline(100)).map(({ kind }) => kind).reverse();
}

it('mailboxes open when the work begins, and probes find out after its end whether the server is back', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  await plan(harbour, berlin('failover'));
  await harbour.pass(HOUR - 1);
  expect(await stateOf(harbour)).toBe('up');
  await harbour.pass(1);
  expect((await harbour.status()).health).toMatchObject({ state: 'down', cause: { kind: 'maintenance' } });
  expect((await harbour.outage()).mailboxesReadyAt).not.toBeNull();
  expect(await harbour.ingest({ to: 'anna', content: write() })).toMatchObject({ disposition: 'spooled' });
  // It answers all the time: while the work goes on, nobody asks it.
  await harbour.pass(HOUR - 1);
  expect(await stateOf(harbour)).toBe('down');
  await harbour.pass(2 * MINUTE);
  expect(await stateOf(harbour)).toBe('up');
  expect((await gateway.received()).length).toBe(1);
  expect(await lines(harbour)).toEqual(['down', 'mailboxes-ready', 'maintenance-ends', 'recovering', 'up', 'closed']);
});

it('a restart in the middle forgets nothing, and does nothing twice', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await plan(harbour, berlin('failover'));
  await harbour.pass(HOUR + MINUTE);
  await harbour.evict();
  await harbour.pass(MINUTE);
  expect(await lines(harbour)).toEqual(['down', 'mailboxes-ready']);
  // Nobody is there at the end, either: it is made up for.
  harbour.skip(3 * HOUR);
  await harbour.evict();
  await harbour.pass(2 * MINUTE);
  expect(await stateOf(harbour)).toBe('up');
});

it('work in which mail is only kept opens nothing and wakes nobody, whatever fails; at its end the thresholds count again', async () => {
  const [gateway, relay] = [await startPeer(), await startPeer()];
  const settings = { noticeAddresses: ['it@elsewhere.example'] };
  const harbour = await enrol({ gateways: [gateway], relay, settings });
  const told = async () =>
    (await relay.received()).map(({ content }) => /^Subject: .*?: (.*)$/m.exec(textOf(content))?.[1]?.trim());
  await plan(harbour, berlin('keep'));
  await harbour.pass(HOUR);
  await gateway.stop();
  for (let n = 0; n < 6; n += 1) await harbour.ingest({ to: 'anna', content: write() });
  await harbour.pass(HOUR - MINUTE);
  expect(await stateOf(harbour)).toBe('suspect');
  expect(await harbour.port.outages()).toEqual([]);
  expect(await lines(harbour)).toEqual(['maintenance-begins', 'suspect', 'crossed']);
  const before = await told();
  await harbour.pass(2 * MINUTE);
  expect(await stateOf(harbour)).toBe('down');
  expect(before).toEqual(['planned maintenance begins']);
  expect(await told()).toEqual([
    'planned maintenance begins',
    'planned maintenance is over',
    'the mail server is down',
    'the emergency mailboxes are open',
  ]);
  expect((await harbour.outage()).report).toMatchObject({ received: 6 });
});

it('work in which mail is only kept, and after which the server is back, was no outage', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  await plan(harbour, berlin('keep'));
  await harbour.pass(HOUR);
  await gateway.stop();
  for (let n = 0; n < 6; n += 1) await harbour.ingest({ to: 'anna', content: write() });
  await gateway.start();
  await harbour.pass(2 * HOUR);
  expect((await gateway.received()).length).toBe(6);
  expect(await harbour.port.outages()).toEqual([]);
  expect(await lines(harbour)).toEqual(expect.arrayContaining(['maintenance-begins', 'maintenance-ends']));
});

it('work is extended while it goes on, and a moment after its end', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  await plan(harbour, berlin('failover'));
  await harbour.pass(HOUR + 50 * MINUTE);
  const extend = (minutes: number) =>
    harbour.operator('POST', `/clients/${harbour.id}/maintenance/extend`, { minutes });
  expect(await extend(30)).toEqual({ untilMs: Date.UTC(2030, 0, 1, 2, 30) });
  await harbour.pass(39 * MINUTE);
  expect((await harbour.status()).health).toMatchObject({
    state: 'down',
    cause: { until: Date.UTC(2030, 0, 1, 2, 30) },
  });
  await gateway.stop();
  await harbour.pass(11 * MINUTE);
  expect((await harbour.status()).health).toMatchObject({ state: 'down', cause: { kind: 'maintenance' } });
  // Over, and the server is not back: those who work on it need more time after all.
  await extend(20);
  await gateway.start();
  await harbour.pass(19 * MINUTE);
  expect(await stateOf(harbour)).toBe('down');
  await harbour.pass(3 * MINUTE);
  expect(await stateOf(harbour)).toBe('up');
  await expect(extend(10)).rejects.toThrow(/409.*no maintenance is under way/s);
  const audit = await testEnv.DB.prepare('SELECT action FROM audit WHERE client_id = ?').bind(harbour.id).all();
  expect(audit.results.filter(({ action }) => action === 'maintenance-extended').length).toBe(2);
});

it('a repair that is declared ends the work before its time, and it does not begin again', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  await plan(harbour, berlin('failover', '01:30', '09:00'));
  await harbour.pass(HOUR);
  await harbour.declareRepair();
  await harbour.pass(MINUTE);
  expect(await stateOf(harbour)).toBe('up');
  expect((await harbour.status()).maintenance).toBeNull();
  await harbour.operator('PATCH', `/clients/${harbour.id}`, { name: 'Harbour' });
  await harbour.pass(10 * HOUR);
  expect(await lines(harbour)).not.toContain('maintenance-begins');
  expect((await harbour.port.outages()).length).toBe(1);
});

it('a failure that a person declares during the work is ended by a person', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await plan(harbour, berlin('keep', '01:30', '02:00'));
  await harbour.pass(40 * MINUTE);
  await harbour.declareFailure();
  await harbour.pass(2 * HOUR);
  expect(await stateOf(harbour)).toBe('down');
  await harbour.declareRepair();
  await harbour.pass(MINUTE);
  expect(await stateOf(harbour)).toBe('up');
});

it('the plan is shown with its next times, and one that cannot be is refused with what to change', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const weekly = { ...berlin('keep'), id: 'week', when: { kind: 'weekly', weekdays: [7], from: '22:00', minutes: 90 } };
  await plan(harbour, berlin('failover'), weekly);
  await harbour.pass(90 * MINUTE);
  const shown = await harbour.operator<{
    windows: readonly { nextBeginMs: number; nextEndMs: number }[];
    open: unknown;
  }>('GET', `/clients/${harbour.id}/maintenance`);
  expect(shown.windows[0]).toMatchObject({
    id: 'disks',
    nextBeginMs: Date.UTC(2030, 0, 1, 1),
    nextEndMs: Date.UTC(2030, 0, 1, 2),
  });
  expect((shown.windows[1]?.nextEndMs ?? 0) - (shown.windows[1]?.nextBeginMs ?? 0)).toBe(90 * MINUTE);
  expect(shown.open).toMatchObject({ id: 'disks', endMs: Date.UTC(2030, 0, 1, 2) });
  const rows: readonly (readonly [object[], RegExp])[] = [
    [[berlin('keep', '03:00', '02:00')], /to: must be later/],
    [[berlin('keep'), berlin('keep')], /id of its own/],
    [[{ ...berlin('keep'), timeZone: 'Berlin' }], /IANA/],
    [[{ ...berlin('keep'), when: { kind: 'once', from: '2030-02-30T10:00', to: '2030-03-01T10:00' } }], /calendar/],
    [[{ ...berlin('keep'), when: { kind: 'once', from: '2030-01-01T10:00', to: '2062-01-01T11:00' } }], /14 days/],
    [[{ ...berlin('keep'), when: { kind: 'once', from: '2030-01-01T10:00', to: '2030-01-15T10:01' } }], /14 days/],
  ];
  for (const [windows, detail] of rows) await expect(plan(harbour, ...windows)).rejects.toThrow(detail);
});

it('a plan is not begun with a client either that would switch detection off for years', async () => {
  const when = { kind: 'once', from: '2030-01-01T10:00', to: '2062-01-01T11:00' };
  const settings = { maintenance: [{ ...berlin('keep'), when }] };
  await expect(enrol({ gateways: [await startPeer()], settings })).rejects.toThrow(/422.*14 days/s);
});

it('a zone is kept under its own name, however it was spelt', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await plan(harbour, { ...berlin('keep'), timeZone: 'eUROPE/bERLIN' });
  expect(await harbour.operator('GET', `/clients/${harbour.id}/maintenance`)).toMatchObject({
    windows: [{ timeZone: 'Europe/Berlin' }],
  });
});

it('a plan that was stored under other rules is still read, and another change leaves it alone', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const when = { kind: 'once', from: '2030-01-01T10:00', to: '2062-01-01T11:00' };
  const stored = { ...berlin('keep'), timeZone: 'europe/berlin', when };
  await testEnv.DB.prepare("UPDATE clients SET settings = json_set(settings, '$.maintenance', json(?)) WHERE id = ?")
    .bind(JSON.stringify([stored]), harbour.id)
    .run();
  await harbour.operator('PATCH', `/clients/${harbour.id}`, { name: 'Harbour' });
  expect(await harbour.operator('GET', `/clients/${harbour.id}/maintenance`)).toMatchObject({ windows: [stored] });
});

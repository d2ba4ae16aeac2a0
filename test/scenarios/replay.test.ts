/** Everything is given back, gently: over as many connections as the server bears, in the order people want, at the pace set. */
import { expect, it } from 'vitest';
import type { ReplayView } from '../../src/pipeline/client-port.ts';
import { enrol, type Options, type TestClient } from '../support/client.ts';
import { textOf, write } from '../support/mail.ts';
import { type Peer, startPeer } from '../support/peer.ts';

/** A client whose gateway is said to have failed, with so many messages kept for each of its people. */
async function harbourWith(
  mail: Readonly<Record<string, number>>,
  gateway: Peer,
  options: Partial<Options> = {},
): Promise<TestClient> {
  const harbour = await enrol({ gateways: [gateway], ...options });
  await harbour.declareFailure();
  const most = Math.max(...Object.values(mail));
  for (let n = 1; n <= most; n += 1) {
    for (const [to, count] of Object.entries(mail))
      if (n <= count) await harbour.ingest({ to, content: write({ subject: `${to} ${n}` }) });
  }
  return harbour;
}

/** The subjects in the order in which they came. */
async function subjectsAt(gateway: Peer): Promise<readonly string[]> {
  return (await gateway.received()).map(({ content }) => /^Subject: (.*)$/m.exec(textOf(content))?.[1]?.trim() ?? '');
}

const replayOf = (harbour: TestClient): Promise<ReplayView> => harbour.port.replay();

const PEOPLE = { anna: 12, ben: 12, carl: 12, dora: 12, emil: 12, fay: 12 };

it('a server that bears two connections is asked for a third once: under 1 % of its answers are refusals, and order holds', async () => {
  const gateway = await startPeer({ maxConnections: 2, delayMs: 1 });
  const harbour = await harbourWith({ ...PEOPLE, gus: 40, hal: 40 }, gateway);
  await harbour.declareRepair();
  await harbour.pass(60_000);
  const subjects = await subjectsAt(gateway);
  expect(subjects).toHaveLength(152);
  expect(new Set(subjects).size).toBe(152);
  for (const to of ['anna', 'fay', 'hal']) {
    const own = subjects.filter((subject) => subject.startsWith(`${to} `));
    expect(own).toEqual(own.map((_, n) => `${to} ${n + 1}`));
  }
  const replies = (await gateway.dialogue()).filter(({ from }) => from === 'peer');
  const temporary = replies.filter(({ line }) => line.startsWith('4'));
  expect(temporary.length).toBeLessThanOrEqual(1);
  expect(await replayOf(harbour)).toMatchObject({ connections: 1, ceiling: 2, easedBy: 0 });
});

it('a replay that is paused gives nothing back and ages nothing, while new mail goes through; resumed, it goes on', async () => {
  const gateway = await startPeer();
  const harbour = await harbourWith({ anna: 10 }, gateway, {
    settings: { replay: { messagesPerMinute: 60, connections: 1 } },
  });
  harbour.whenWaited(4_000, async () => {
    await harbour.operator('POST', `/clients/${harbour.id}/replay/pause`, { reason: 'the disk is nearly full' });
  });
  await harbour.declareRepair();
  await harbour.pass(1_000);
  const given = (await subjectsAt(gateway)).length;
  expect(given).toBeLessThan(8);
  expect(await harbour.ingest({ to: 'anna', content: write({ subject: 'news' }) })).toMatchObject({
    disposition: 'delivered',
  });
  await harbour.pass(8 * 86_400_000);
  expect(await subjectsAt(gateway)).toHaveLength(given + 1);
  expect(await replayOf(harbour)).toMatchObject({ waiting: 10 - given, hold: { reason: 'the disk is nearly full' } });
  await harbour.operator('POST', `/clients/${harbour.id}/replay/resume`);
  await harbour.pass(60_000);
  expect((await harbour.outage()).report).toMatchObject({ replayed: 10, held: 0, waiting: 0, addsUp: true });
  const attempts = (await gateway.dialogue()).filter(({ line }) => line.startsWith('MAIL FROM:<sender@world.example>'));
  expect(attempts).toHaveLength(11);
});

it('with "hold" the switch back is automatic, and not one kept message leaves before somebody says so', async () => {
  const gateway = await startPeer();
  const harbour = await harbourWith({ anna: 5 }, gateway, {
    settings: { replay: { messagesPerMinute: 6_000, start: 'hold' } },
  });
  await harbour.declareRepair();
  await harbour.pass(600_000);
  expect((await harbour.status()).health.state).toBe('up');
  expect(await subjectsAt(gateway)).toEqual([]);
  expect(await harbour.ingest({ to: 'anna', content: write() })).toMatchObject({ disposition: 'delivered' });
  expect((await harbour.port.timeline(50)).map(({ kind }) => kind)).toContain('replay-waits');
  await harbour.operator('POST', `/clients/${harbour.id}/replay/resume`);
  await harbour.pass(10_000);
  expect((await harbour.outage()).report).toMatchObject({ replayed: 5, waiting: 0 });
  expect((await harbour.outage()).closedAt).not.toBeNull();
});

it('a pause before the repair holds what is kept from the first instant on; without an outage there is nothing to pause', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  const pause = () =>
    harbour.operator('POST', `/clients/${harbour.id}/replay/pause`, { reason: 'the archive is moved' });
  await expect(pause()).rejects.toThrow(/409.*nothing to pause/s);
  expect((await replayOf(harbour)).hold).toBeNull();
  await harbour.declareFailure();
  await harbour.ingest({ to: 'anna', content: write() });
  await pause();
  await harbour.declareRepair();
  await harbour.pass(600_000);
  expect((await harbour.status()).health.state).toBe('up');
  expect(await subjectsAt(gateway)).toEqual([]);
  expect(await replayOf(harbour)).toMatchObject({ waiting: 1, hold: { reason: 'the archive is moved' } });
  expect((await harbour.port.timeline(50)).find(({ kind }) => kind === 'replay-waits')?.words).toContain('is moved');
  await harbour.operator('POST', `/clients/${harbour.id}/replay/resume`);
  await harbour.pass(60_000);
  expect((await harbour.outage()).closedAt).not.toBeNull();
  await expect(pause()).rejects.toThrow(/409/);
});

it('who is said to go first goes first, who is paused waits, and both are forgotten when everything is given back', async () => {
  const gateway = await startPeer();
  const harbour = await harbourWith({ anna: 4, ben: 4, carl: 4 }, gateway, {
    settings: { replay: { messagesPerMinute: 6_000, connections: 1, start: 'hold' } },
  });
  await harbour.declareRepair();
  const turn = (name: string, accounts: readonly string[]) =>
    harbour.operator('PUT', `/clients/${harbour.id}/replay/turns`, { turn: name, accounts });
  await turn('first', [harbour.at('carl')]);
  await turn('paused', [harbour.at('Ben')]);
  await harbour.operator('POST', `/clients/${harbour.id}/replay/resume`);
  await harbour.pass(60_000);
  const order = (await subjectsAt(gateway)).map((subject) => subject.split(' ')[0]);
  expect(order).toEqual(['carl', 'carl', 'carl', 'carl', 'anna', 'anna', 'anna', 'anna']);
  expect(await replayOf(harbour)).toMatchObject({ waiting: 4, paused: 4 });
  await turn('ordinary', [harbour.at('ben')]);
  await harbour.pass(60_000);
  expect(await subjectsAt(gateway)).toHaveLength(12);
  expect((await replayOf(harbour)).turns).toEqual([]);
});

it('bytes have a pace of their own', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({
    gateways: [gateway],
    settings: { replay: { messagesPerMinute: 6_000, bytesPerMinute: 6_000_000, connections: 2 } },
  });
  await harbour.declareFailure();
  const body = `${'x'.repeat(998)}\r\n`.repeat(200);
  for (let n = 0; n < 10; n += 1) await harbour.ingest({ to: `p${n}`, content: write({ body }) });
  const begun = harbour.now;
  let early = 0;
  harbour.whenWaited(10_000, async () => {
    early = (await gateway.digests()).length;
  });
  // 200 kB each: thirty of them in a minute, and so one every two seconds.
  await harbour.declareRepair();
  await harbour.pass(30_000);
  expect(await gateway.digests()).toHaveLength(10);
  expect(early).toBeGreaterThanOrEqual(4);
  expect(early).toBeLessThanOrEqual(6);
  expect(harbour.now - begun).toBeGreaterThan(17_000);
});

it('a connection is used for minutes, however slow the pace: what opening costs is not lost to it over and over', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], settings: { replay: { messagesPerMinute: 12 } } });
  await harbour.declareFailure();
  for (let n = 0; n < 40; n += 1) await harbour.ingest({ to: `p${n}`, content: write() });
  await harbour.declareRepair();
  await harbour.pass(240_000);
  expect(await gateway.received()).toHaveLength(40);
  const greetings = (await gateway.dialogue()).filter(({ line }) => /^EHLO/i.test(line));
  // Probes, the canary, and two runs over those three minutes and a bit.
  expect(greetings.length).toBeLessThanOrEqual(8);
});

it('a message that hangs at its final dot delays itself only', async () => {
  const gateway = await startPeer({
    rules: [{ stage: 'dot', action: { kind: 'stall' }, recipient: 'poison@elsewhere.example' }],
  });
  const harbour = await enrol({ gateways: [gateway] });
  await gateway.set({
    rules: [{ stage: 'dot', action: { kind: 'stall' }, recipient: harbour.at('poison'), times: 1 }],
  });
  await harbour.declareFailure();
  for (let n = 0; n < 4; n += 1) await harbour.ingest({ to: `p${n}`, content: write() });
  await harbour.ingest({ to: 'poison', content: write({ subject: 'poison' }) });
  await harbour.ingest({ to: 'poison', content: write({ subject: 'behind it' }) });
  for (let n = 4; n < 20; n += 1) await harbour.ingest({ to: `p${n}`, content: write() });
  // A run lasts as long as real mail takes, and what then still hangs is left.
  await harbour.break({
    startTimer: () => ({ expired: new Promise((resolve) => void setTimeout(resolve, 200)), cancel: () => undefined }),
  });
  await harbour.declareRepair();
  await harbour.pass(60_000);
  const subjects = await subjectsAt(gateway);
  expect(subjects.filter((subject) => subject.startsWith('message'))).toHaveLength(20);
  expect(subjects).not.toContain('behind it');
  expect(await replayOf(harbour)).toMatchObject({ replayed: 20 });
  // The server is restarted in the middle of it: it may have the message, so it is uncertain and goes again, in its turn.
  await gateway.stop();
  await gateway.start();
  await harbour.pass(600_000);
  expect((await harbour.outage()).report).toMatchObject({ replayed: 22, uncertain: 1, waiting: 0, addsUp: true });
});

it('when the gateway is changed in the middle of a replay, the rest goes to the new one', async () => {
  const [old, fresh] = [await startPeer(), await startPeer()];
  const harbour = await harbourWith({ anna: 10 }, old, { settings: { replay: { messagesPerMinute: 60 } } });
  harbour.whenWaited(4_000, () => harbour.setGateways([fresh]));
  await harbour.declareRepair();
  await harbour.pass(60_000);
  const given = (await old.digests()).length;
  expect(given).toBeGreaterThan(0);
  expect(given).toBeLessThan(8);
  expect((await fresh.digests()).length).toBe(10 - given);
});

it('new mail for people the gateway knew is not bounced while the replay runs, and three of them reopen the emergency', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({
    gateways: [gateway],
    settings: { replay: { messagesPerMinute: 6_000, start: 'hold' } },
  });
  const known = ['a', 'b', 'c'].map((local) => harbour.at(local));
  await harbour.port.report({ delivered: 3, lastDeliveredAt: harbour.now, rejectedByRule: 0, recipients: known });
  await harbour.declareFailure();
  await harbour.ingest({ to: 'zoe', content: write() });
  await harbour.declareRepair();
  await harbour.pass(10_000);
  const unknown = { stage: 'rcpt', action: { kind: 'reply', text: '550 5.1.1 User unknown' } } as const;
  await gateway.set({ rules: [unknown] });
  expect(await harbour.ingest({ to: 'stranger', content: write() })).toMatchObject({
    status: 422,
    reply: '550 5.1.1 User unknown',
  });
  expect(await harbour.ingest({ to: 'a', content: write() })).toMatchObject({ disposition: 'spooled' });
  expect(await harbour.ingest({ to: 'b', content: write() })).toMatchObject({ disposition: 'spooled' });
  expect((await harbour.status()).health.state).toBe('up');
  expect(await harbour.ingest({ to: 'c', content: write() })).toMatchObject({ disposition: 'spooled' });
  expect((await harbour.status()).health.state).toBe('down');
  await gateway.set({});
  await harbour.pass(300_000);
  await harbour.operator('POST', `/clients/${harbour.id}/replay/resume`);
  await harbour.pass(60_000);
  expect((await harbour.outage()).report).toMatchObject({ received: 4, replayed: 4, held: 0, addsUp: true });
});

it('a held message is given to somebody else at the client, and to nobody elsewhere', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  await gateway.set({
    rules: [{ stage: 'rcpt', action: { kind: 'reply', text: '550 5.1.1 gone' }, recipient: harbour.at('gone') }],
  });
  await harbour.declareFailure();
  await harbour.ingest({ to: 'anna', content: write() });
  await harbour.ingest({ to: 'gone', content: write({ subject: 'for whom?' }) });
  await harbour.declareRepair();
  await harbour.pass(600_000);
  const [held] = await harbour.port.held();
  const path = `/clients/${harbour.id}/held/${held?.id}/readdress`;
  await expect(harbour.operator('POST', path, { to: 'eve@elsewhere.example' })).rejects.toThrow(/422.*one of/s);
  await harbour.operator('POST', path, { to: harbour.at('anna') });
  await harbour.pass(10_000);
  const last = (await gateway.received()).at(-1);
  expect(last?.recipients).toEqual([harbour.at('anna')]);
  expect(textOf(last?.content ?? new Uint8Array())).toContain('Subject: for whom?');
  await expect(harbour.operator('POST', path, { to: harbour.at('anna') })).rejects.toThrow(/404/);
});

it('a server that came back without half of its people is found out, though it takes mail for the others in between', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  const known = Array.from({ length: 12 }, (_, n) => harbour.at(`p${n}`));
  await harbour.port.report({ delivered: 12, lastDeliveredAt: harbour.now, rejectedByRule: 0, recipients: known });
  await harbour.declareFailure();
  for (const to of known) await harbour.ingest({ to, content: write() });
  const lost = known.filter((_, n) => n % 2 === 1);
  await gateway.set({
    rules: lost.map((recipient) => ({ stage: 'rcpt', action: { kind: 'reply', text: '550 5.1.1 who?' }, recipient })),
  });
  await harbour.declareRepair();
  await harbour.pass(1_000);
  expect((await harbour.status()).health.state).toBe('down');
  expect((await harbour.outage()).report).toMatchObject({ held: 0 });
  await gateway.set({});
  await harbour.pass(300_000);
  expect((await harbour.outage()).report).toMatchObject({ replayed: 12, held: 0, addsUp: true });
});

/** Runs last as long as real mail takes, and what then still hangs is left: the story's own clock never lets a timer expire. */
const briefRuns = {
  startTimer: () => ({
    expired: new Promise<void>((resolve) => void setTimeout(resolve, 200)),
    cancel: () => undefined,
  }),
};

it('a server that never answers the final dot of the first messages is not repaired', async () => {
  const gateway = await startPeer({ rules: [{ stage: 'dot', action: { kind: 'stall' } }] });
  const harbour = await harbourWith({ anna: 3, ben: 3 }, gateway);
  await harbour.break(briefRuns);
  await harbour.declareRepair();
  await harbour.pass(1_000);
  expect((await harbour.status()).health.state).toBe('down');
  expect((await harbour.port.timeline(5))[0]?.words).toContain('no answer');
  await gateway.stop();
});

it('a server that keeps every connection waiting at its door is not given more of them than the client allows', async () => {
  const gateway = await startPeer();
  const harbour = await harbourWith({ anna: 8, ben: 8, carl: 8 }, gateway, {
    settings: { replay: { messagesPerMinute: 6_000, connections: 2, start: 'hold' } },
  });
  await harbour.declareRepair();
  await gateway.set({ rules: [{ stage: 'banner', action: { kind: 'stall' } }] });
  const before = await gateway.connections();
  await harbour.break(briefRuns);
  await harbour.operator('POST', `/clients/${harbour.id}/replay/resume`);
  await harbour.pass(60_000);
  expect((await gateway.connections()) - before).toBeLessThanOrEqual(2);
  await gateway.stop();
});

it('order is kept for a recipient whose message the server puts off for load', async () => {
  const gateway = await startPeer();
  const harbour = await harbourWith({ anna: 8 }, gateway, {
    settings: { replay: { messagesPerMinute: 6_000, connections: 4, start: 'hold' } },
  });
  await harbour.declareRepair();
  await gateway.set({
    rules: [{ stage: 'rcpt', action: { kind: 'reply', text: '451 4.7.500 Server busy' }, times: 1 }],
  });
  await harbour.operator('POST', `/clients/${harbour.id}/replay/resume`);
  await harbour.pass(600_000);
  expect(await subjectsAt(gateway)).toEqual(Array.from({ length: 8 }, (_, n) => `anna ${n + 1}`));
});

it('new mail that had to wait does not stand behind what a large message of the replay has cost', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({
    gateways: [gateway],
    settings: { replay: { messagesPerMinute: 1, connections: 1 } },
  });
  await harbour.declareFailure();
  for (let n = 0; n < 12; n += 1) await harbour.ingest({ to: 'anna', content: write({ subject: `kept ${n}` }) });
  await harbour.declareRepair();
  await harbour.pass(1_000);
  expect((await harbour.status()).health.state).toBe('up');
  await gateway.set({
    rules: [
      { stage: 'rcpt', action: { kind: 'reply', text: '450 4.2.1 Busy' }, recipient: harbour.at('ben'), times: 1 },
    ],
  });
  await harbour.ingest({ to: 'ben', content: write({ subject: 'new' }) });
  const kept = (await gateway.received()).length;
  // It is tried again after a minute, just when the replay's next has left.
  let within: readonly string[] = [];
  harbour.whenWaited(61_500, async () => {
    within = await subjectsAt(gateway);
  });
  await harbour.pass(60_500);
  expect(within).toContain('new');
  expect(within.length).toBe(kept + 2);
});

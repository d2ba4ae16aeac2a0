/** Digests of the quarantine: to each person about the own messages, to the administrators by counts, never when nothing is new. */
import { describe, expect, it } from 'vitest';
import type { QuarantinePlan } from '../../src/core/filter-plan.ts';
import { createWalker } from '../../src/mime/walker.ts';
import { summarise } from '../../src/pipeline/summary.ts';
import { enrol, ruleFor, type TestClient } from '../support/client.ts';
import { textOf, write } from '../support/mail.ts';
import { type Peer, startPeer } from '../support/peer.ts';

const PASSWORD = 'correct horse battery';
const HOUR_MS = 3_600_000;
const ODD = 'odd@world.example';
const IT = 'it@elsewhere.example';

async function harbourWith(plan: Partial<QuarantinePlan> = {}) {
  const [gateway, relay] = [await startPeer(), await startPeer()];
  const people = [{ address: 'anna', password: PASSWORD }, { address: 'bo' }];
  const settings = { noticeAddresses: [IT] };
  const harbour = await enrol({ gateways: [gateway], relay, people, settings });
  await harbour.setRules([ruleFor('sender', ODD, { kind: 'quarantine' }, 'looked at by hand')]);
  await harbour.setQuarantine({ users: 'see', digestHours: 24, ...plan });
  // What comes in is stamped by the Worker's clock.
  await harbour.to(Date.now());
  return { gateway, relay, harbour };
}

const keep = (harbour: TestClient, subject: string, to = 'anna') =>
  harbour.ingest({ from: ODD, to, content: write({ subject, from: 'Odd <odd@world.example>' }) });

type Mail = { readonly from: string; readonly to: string; readonly subject: string; readonly text: string };

async function mails(peer: Peer): Promise<readonly Mail[]> {
  return (await peer.received()).map(({ content, recipients, sender }) => {
    const walker = createWalker();
    walker.write(content);
    const body = textOf(content).split('\r\n\r\n').slice(1).join('');
    const text = Buffer.from(body, 'base64').toString().replaceAll('\r\n', '\n');
    return { from: sender, to: recipients[0] ?? '', subject: summarise(walker.end()).subject, text };
  });
}

describe('a person', () => {
  it('is told once in the interval of what is new, in the own mailbox at the gateway, and not of what others have', async () => {
    const { gateway, harbour } = await harbourWith();
    await keep(harbour, 'A prize');
    await keep(harbour, 'for bo', 'bo');
    await keep(harbour, 'A second prize', 'anna+shop');
    await harbour.pass(23 * HOUR_MS);
    expect(await mails(gateway)).toEqual([]);
    await harbour.pass(2 * HOUR_MS);
    const told = await mails(gateway);
    expect(told.map(({ from, to, subject }) => [from, to, subject])).toEqual([
      ['', harbour.at('anna'), 'Quarantine: 2 messages kept back for you'],
      ['', harbour.at('bo'), 'Quarantine: 1 message kept back for you'],
    ]);
    const [anna] = told;
    expect(anna?.text).toContain('from Odd <odd@world.example>\n  A prize\n  Why: looked at by hand');
    expect(anna?.text).toContain('A second prize');
    expect(anna?.text).not.toContain('for bo');
    expect(anna?.text).toContain('/mail/quarantine');
    await harbour.pass(72 * HOUR_MS);
    expect(await mails(gateway)).toHaveLength(2);
  });

  it('is told of later ones a whole interval later, and not again of those before', async () => {
    const { gateway, harbour } = await harbourWith({ digestHours: 6 });
    await keep(harbour, 'first');
    await harbour.pass(7 * HOUR_MS);
    await keep(harbour, 'second');
    await harbour.pass(4 * HOUR_MS);
    expect(await mails(gateway)).toHaveLength(1);
    await harbour.pass(3 * HOUR_MS);
    const told = await mails(gateway);
    expect(told).toHaveLength(2);
    expect(told[1]?.text).toContain('second');
    expect(told[1]?.text).not.toContain('first');
  });

  it('is not told of what was let out before the digest', async () => {
    const { gateway, harbour } = await harbourWith();
    const { id } = await keep(harbour, 'let out');
    await harbour.operator('POST', `/clients/${harbour.id}/quarantine/${id}/release`);
    await harbour.pass(30 * HOUR_MS);
    expect((await mails(gateway)).map(({ subject }) => subject)).not.toContain(
      'Quarantine: 1 message kept back for you',
    );
  });

  it('reads it in the temporary mailbox while the server is down, and the report counts it', async () => {
    const { gateway, harbour } = await harbourWith({ users: 'release' });
    await keep(harbour, 'A prize');
    await harbour.declareFailure();
    await harbour.pass(25 * HOUR_MS);
    const anna = await harbour.logIn('anna', PASSWORD);
    expect((await anna.list()).map(({ subject }) => subject)).toEqual(['Quarantine: 1 message kept back for you']);
    expect(await mails(gateway)).toEqual([]);
    expect((await harbour.outage()).report).toMatchObject({ received: 1, waiting: 1, addsUp: true });
    await harbour.declareRepair();
    await harbour.pass(60_000);
    expect((await harbour.outage()).report).toMatchObject({ received: 1, replayed: 1, missing: 0, addsUp: true });
  });

  it.each([
    ['where users see nothing', { users: 'nothing' }],
    ['where the client wants no digests', { digestHours: 0 }],
  ] as const)('is told nothing %s', async (_, plan) => {
    const { gateway, harbour } = await harbourWith(plan);
    await keep(harbour, 'A prize');
    await harbour.pass(72 * HOUR_MS);
    expect(await mails(gateway)).toEqual([]);
  });

  it('whom nobody knows is not written to: strangers guess addresses', async () => {
    const { gateway, harbour } = await harbourWith();
    await keep(harbour, 'guessed', 'nobody-here');
    await harbour.pass(30 * HOUR_MS);
    expect(await mails(gateway)).toEqual([]);
    expect((await harbour.status()).spool).toMatchObject({ waiting: 0, held: 0 });
  });

  it('cannot be led away by a subject: one line, no link', async () => {
    const { gateway, harbour } = await harbourWith();
    await keep(harbour, 'Confirm at https://evil.example/now or www.evil.example today');
    await harbour.pass(25 * HOUR_MS);
    const [told] = await mails(gateway);
    expect(told?.text).toContain('  Confirm at [link] or [link] today\n');
    expect(told?.text).not.toContain('evil.example');
  });
});

describe('the administrators', () => {
  it('are told by counts alone, at addresses outside', async () => {
    const { relay, harbour } = await harbourWith();
    await keep(harbour, 'A prize');
    await keep(harbour, 'Another', 'bo');
    await harbour.pass(25 * HOUR_MS);
    const told = await mails(relay);
    expect(told.map(({ to }) => to)).toEqual([IT]);
    expect(told[0]?.subject).toMatch(/: 2 messages in quarantine$/);
    expect(told[0]?.text).toContain('2 by a rule of yours');
    expect(told[0]?.text).not.toMatch(/prize|odd@|anna|bo@/);
    expect(told[0]?.text).toContain(`/console/c/${harbour.id}/quarantine`);
    await harbour.pass(72 * HOUR_MS);
    expect(await mails(relay)).toHaveLength(1);
  });

  it('hear nothing of it while they have muted notices', async () => {
    const { relay, harbour } = await harbourWith();
    await keep(harbour, 'A prize');
    await harbour.pass(20 * HOUR_MS);
    await harbour.operator('POST', `/clients/${harbour.id}/notices/mute`, { minutes: 600 });
    await harbour.pass(30 * HOUR_MS);
    expect(await mails(relay)).toEqual([]);
  });
});

it('goes on after a restart and a store that was away, and tells nobody twice', async () => {
  const { gateway, relay, harbour } = await harbourWith();
  const people = Array.from({ length: 45 }, (_, n) => `p${String(n).padStart(2, '0')}`);
  for (const address of people)
    await harbour.operator('POST', `/clients/${harbour.id}/accounts`, { address: harbour.at(address) });
  for (const address of people) await keep(harbour, `for ${address}`, address);
  let puts = 0;
  await harbour.pass(23 * HOUR_MS);
  const { contents } = await harbour.needs();
  await harbour.break({
    contents: {
      ...contents,
      put: (key, content, sizeBytes) => {
        puts += 1;
        return puts === 1 || puts === 25
          ? Promise.reject(new Error('R2 is away'))
          : contents.put(key, content, sizeBytes);
      },
    },
  });
  await harbour.pass(3 * HOUR_MS);
  await harbour.evict();
  await harbour.pass(HOUR_MS);
  const to = (await mails(gateway)).map((mail) => mail.to);
  expect(to.toSorted()).toEqual(people.map((address) => harbour.at(address)));
  expect(await mails(relay)).toHaveLength(1);
});

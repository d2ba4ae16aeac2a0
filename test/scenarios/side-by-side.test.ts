/** Errands run side by side: what hangs keeps nothing else from its time. */
import { expect, it, vi } from 'vitest';
import { stallAt } from '../support/behaviour.ts';
import { enrol, ruleFor } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';

it('mail goes on into the mailboxes while the relay hangs at the final dot, for minutes', async () => {
  const relay = await startPeer(stallAt('dot'));
  const people = [{ address: 'anna', password: 'correct horse battery' }];
  const harbour = await enrol({ gateways: [await startPeer()], relay, people });
  await harbour.declareFailure();
  const anna = await harbour.logIn('anna', 'correct horse battery');
  await anna.ask('POST', '/send', { to: ['partner@world.example'], subject: 'hangs', text: 'x' });
  const hanging = harbour.settle();
  await vi.waitFor(async () => expect(await relay.digests()).toHaveLength(1));
  for (const minutes of [0, 1, 5]) {
    harbour.skip(minutes * 60_000);
    await harbour.ingest({ to: 'anna', content: write({ subject: `after ${minutes} min` }) });
    await vi.waitFor(async () => expect((await anna.list())[0]?.subject).toBe(`after ${minutes} min`));
  }
  await relay.stop();
  await hanging;
});

it('a quarantined message that is released in the outage is shown to its reader', async () => {
  const people = [{ address: 'anna', password: 'correct horse battery' }];
  const harbour = await enrol({ gateways: [await startPeer()], people });
  await harbour.setRules([ruleFor('sender', 'odd@world.example', { kind: 'quarantine' })]);
  await harbour.declareFailure();
  const { id } = await harbour.ingest({ from: 'odd@world.example', to: 'anna', content: write({ subject: 'odd' }) });
  await harbour.ingest({ to: 'anna', content: write({ subject: 'plain' }) });
  await harbour.settle();
  await harbour.operator('POST', `/clients/${harbour.id}/held/${id}/retry`);
  await harbour.settle();
  const anna = await harbour.logIn('anna', 'correct horse battery');
  expect((await anna.list()).map((message) => message.subject).toSorted((a, b) => a.localeCompare(b))).toEqual([
    'odd',
    'plain',
  ]);
});

it('a held message of one outage that is retried in the next leaves the report of the first as it was', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  const unknown = {
    stage: 'rcpt',
    action: { kind: 'reply', text: '550 5.1.1 unknown' },
    recipient: harbour.at('gone'),
  } as const;
  await harbour.declareFailure();
  await harbour.ingest({ to: 'anna', content: write() });
  await harbour.ingest({ to: 'gone', content: write() });
  await gateway.set({ rules: [unknown] });
  await harbour.declareRepair();
  await harbour.pass(180_000);
  const [held] = await harbour.port.held();
  await gateway.stop();
  for (let n = 0; n < 4; n += 1) await harbour.ingest({ to: 'anna', content: write() });
  await harbour.operator('POST', `/clients/${harbour.id}/held/${held?.id}/retry`);
  await harbour.settle();
  const [second, first] = await harbour.port.outages();
  expect(first?.report).toMatchObject({ received: 2, missing: 0, addsUp: true });
  expect(second?.report).toMatchObject({ received: 4, missing: 0, addsUp: true });
});

/** People we hear of while the mailboxes are open already get theirs at once, with the mail that waited for them. */
import { expect, it } from 'vitest';
import { createMailboxIndex } from '../../src/adapters/mailbox-index-d1.ts';
import { enrol, type TestClient } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

type Unclaimed = { readonly unclaimed: readonly { readonly recipient: string; readonly count: number }[] };

async function unclaimed(client: TestClient): Promise<readonly string[]> {
  const answer = await client.operator<Unclaimed>('GET', `/clients/${client.id}/unclaimed`);
  return answer.unclaimed.map(({ recipient }) => recipient);
}

async function inEmergency(waiting: readonly string[]): Promise<TestClient> {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await harbour.declareFailure();
  for (const to of waiting) await harbour.ingest({ to, content: write({ subject: `to ${to}` }) });
  await harbour.settle();
  return harbour;
}

async function add(harbour: TestClient, local: string, password: string): Promise<void> {
  await harbour.operator('POST', `/clients/${harbour.id}/accounts`, { address: harbour.at(local), password });
}

it('a person learned during the emergency has a mailbox with what waited, and what comes later', async () => {
  const harbour = await inEmergency(['late', 'nobody']);
  expect(await unclaimed(harbour)).toEqual([harbour.at('late'), harbour.at('nobody')]);
  await harbour.port.report({
    delivered: 1,
    lastDeliveredAt: harbour.now,
    rejectedByRule: 0,
    recipients: [harbour.at('late')],
  });
  await harbour.settle();
  expect(await unclaimed(harbour)).toEqual([harbour.at('nobody')]);
  await harbour.ingest({ to: 'late', content: write({ subject: 'later still' }) });
  await harbour.settle();
  await add(harbour, 'late', 'correct horse battery');
  const late = await harbour.logIn('late', 'correct horse battery');
  expect((await late.list()).map(({ subject }) => subject)).toEqual(['later still', 'to late']);
});

it('who is added gets what waited under a sub-address too, and nothing of others', async () => {
  const harbour = await inEmergency(['anna', 'anna+lists', 'Anna+a+b', 'anna+bo', '+anna', 'annabel+x', 'x+anna']);
  // RFC 5321 §4.1.2: a quoted local part may hold an @ of its own.
  await harbour.ingest({ to: `"anna@home"+x@${harbour.domain}`, content: write() });
  await harbour.settle();
  await add(harbour, 'anna+bo', 'correct horse battery');
  await add(harbour, 'anna', 'correct horse battery');
  await add(harbour, `"anna@home"@${harbour.domain}`, 'correct horse battery');
  expect(await unclaimed(harbour)).toEqual(['+anna', 'annabel+x', 'x+anna'].map((local) => harbour.at(local)));
  const anna = await harbour.logIn('anna', 'correct horse battery');
  expect((await anna.list()).map(({ subject }) => subject).sort()).toEqual(['to Anna+a+b', 'to anna', 'to anna+lists']);
  const bo = await harbour.logIn('anna+bo', 'correct horse battery');
  expect((await bo.list()).map(({ subject }) => subject)).toEqual(['to anna+bo']);
});

it('of an account and its sub-address added together, each gets its own', async () => {
  const harbour = await inEmergency(['anna+bo', 'anna+x']);
  await harbour.operator(
    'POST',
    `/clients/${harbour.id}/accounts/import`,
    `address,password\n${harbour.at('anna')},correct horse battery\n${harbour.at('anna+bo')},correct horse battery\n`,
  );
  const subjects = async (local: string) =>
    (await (await harbour.logIn(local, 'correct horse battery')).list()).map(({ subject }) => subject);
  expect(await subjects('anna')).toEqual(['to anna+x']);
  expect(await subjects('anna+bo')).toEqual(['to anna+bo']);
});

it('an account that is added while its mail is being filed has it in its own mailbox', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await harbour.declareFailure();
  const index = createMailboxIndex(testEnv.DB);
  await harbour.break({
    index: {
      ...index,
      async findMailboxes(clientId, addresses) {
        const found = await index.findMailboxes(clientId, addresses);
        await harbour.operator('POST', `/clients/${harbour.id}/accounts`, { address: harbour.at('anna') });
        return found;
      },
    },
  });
  await harbour.ingest({ to: 'anna', content: write() });
  await harbour.settle();
  expect(await harbour.operator('GET', `/clients/${harbour.id}/unclaimed`)).toEqual({ unclaimed: [] });
});

/** A held message that is given to somebody else is that person's to read, and nobody else's any more. */
import { expect, it } from 'vitest';
import { createMailboxIndex } from '../../src/adapters/mailbox-index-d1.ts';
import { enrol, type Person, type TestClient } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

const PASSWORD = 'correct horse battery';

/** The mailboxes have been read, the server is repaired, and it refuses the one for "gone". */
async function withOneHeld(): Promise<TestClient> {
  const gateway = await startPeer();
  const people = ['anna', 'bo', 'gone'].map((address) => ({ address, password: PASSWORD }));
  const harbour = await enrol({ gateways: [gateway], people });
  await gateway.set({
    rules: [{ stage: 'rcpt', action: { kind: 'reply', text: '550 5.1.1 gone' }, recipient: harbour.at('gone') }],
  });
  await harbour.declareFailure();
  await harbour.ingest({ to: 'anna', content: write({ subject: 'for the canary' }) });
  await harbour.ingest({ to: 'gone', content: write({ subject: 'for whom?' }) });
  await harbour.ingest({ to: 'bo', content: write({ subject: 'not yet' }) });
  await harbour.settle();
  const gone = await harbour.logIn('gone', PASSWORD);
  const [listed] = await gone.list();
  await gone.ask('POST', `/messages/${listed?.id}/seen`, { seen: true });
  return harbour;
}

async function giveToAnna(harbour: TestClient): Promise<void> {
  const [held] = await harbour.port.held();
  await harbour.operator('POST', `/clients/${harbour.id}/held/${held?.id}/readdress`, { to: harbour.at('anna') });
  await harbour.pass(60_000);
}

async function subjectsOf(person: Person): Promise<readonly string[]> {
  return (await person.list()).map(({ subject }) => subject);
}

it('while the replay runs: it moves from the one mailbox to the other, unread', async () => {
  const harbour = await withOneHeld();
  await harbour.port.setTurn([harbour.at('bo')], 'paused', 'the story');
  await harbour.declareRepair();
  await harbour.pass(60_000);
  const [anna, gone] = [await harbour.logIn('anna', PASSWORD), await harbour.logIn('gone', PASSWORD)];
  expect(await subjectsOf(gone)).toEqual(['for whom?']);
  await giveToAnna(harbour);
  expect(await subjectsOf(gone)).toEqual([]);
  const found = (await anna.list()).find(({ subject }) => subject === 'for whom?');
  expect(await (await anna.ask('GET', `/messages/${found?.id}`)).json()).toMatchObject({ seen: false });
  expect((await gone.ask('GET', `/messages/${found?.id}`)).status).toBe(404);
});

it('when the outage is over: whom it was written to does not find it in the next one', async () => {
  const harbour = await withOneHeld();
  await harbour.declareRepair();
  await harbour.pass(60_000);
  expect((await harbour.outage()).closedAt).not.toBeNull();
  await giveToAnna(harbour);
  await harbour.declareFailure();
  const [anna, gone] = [await harbour.logIn('anna', PASSWORD), await harbour.logIn('gone', PASSWORD)];
  expect(await subjectsOf(gone)).toEqual([]);
  expect(await subjectsOf(anna)).toEqual(['for whom?', 'for the canary']);
});

it('while it is on its way to the one mailbox: it ends in the other', async () => {
  const harbour = await withOneHeld();
  await harbour.ingest({ to: 'gone', content: write({ subject: 'still on its way' }) });
  await harbour.port.setTurn([harbour.at('bo')], 'paused', 'the story');
  const index = createMailboxIndex(testEnv.DB);
  const away = async () => {
    throw new Error('D1 is away');
  };
  await harbour.break({ index: { ...index, addMessages: away } });
  await harbour.declareRepair();
  await harbour.pass(60_000);
  // The longer one: what is held is listed without its subject.
  const [onItsWay] = [...(await harbour.port.held())].sort((a, b) => b.sizeBytes - a.sizeBytes);
  if (onItsWay === undefined) throw new Error('it is not held');
  let given = false;
  await harbour.break({
    index: {
      ...index,
      async addMessages(clientId, messages) {
        const isFirst = !given;
        given = true;
        if (isFirst) await harbour.port.readdressHeld(onItsWay.id, harbour.at('anna'), 'the story');
        // Time enough for another batch to overtake this one.
        for (let n = 0; isFirst && n < 50; n += 1) await index.findMailboxes(clientId, []);
        await index.addMessages(clientId, messages);
      },
    },
  });
  await harbour.pass(120_000);
  expect(given).toBe(true);
  expect(await subjectsOf(await harbour.logIn('gone', PASSWORD))).toEqual(['for whom?']);
  expect(await subjectsOf(await harbour.logIn('anna', PASSWORD))).toContain('still on its way');
});

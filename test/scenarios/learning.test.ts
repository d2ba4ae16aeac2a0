/** The filter learns from what a client's people do, takes back what they take back, and cannot be turned around by one of them. */
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { type MessageFacts, NOT_AUTHENTICATED } from '../../src/core/message-facts.ts';
import { combine, EMPTY_MODEL, type SpamModel } from '../../src/core/spam/model.ts';
import { modelOfBytes } from '../../src/core/spam/model-bytes.ts';
import { scoreSpam } from '../../src/core/spam/score.ts';
import { baseModel } from '../../src/filter/base-model.ts';
import { createInspector } from '../../src/filter/inspect.ts';
import type { ClientObject } from '../../src/index.ts';
import { enrol, type Person, ruleFor, type TestClient } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

const PASSWORD = 'correct horse battery';
const DAY_MS = 86_400_000;
const ODD = 'odd@world.example';

const people = [
  { address: 'anna', password: PASSWORD },
  { address: 'bo', password: PASSWORD },
  { address: 'ada', password: PASSWORD, role: 'admin' as const },
];

/** Wadding that no corpus knows, so that only what is learned here tells. */
const offer = (n: number) =>
  write({
    subject: `quantile zebrafish number ${n}`,
    body: 'Glimmering zebrafish quantile mortgages, unbeatable obsidian turbines for your grandmother.\r\nOrder the turbines.',
  });

async function enrolled() {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], people });
  await harbour.setRules([ruleFor('sender', ODD, { kind: 'quarantine' }, 'looked at by hand')]);
  await harbour.setQuarantine({ users: 'release', digestHours: 0, retentionDays: 1 });
  return { gateway, harbour };
}

/** Mail in an open mailbox, by its ids. */
async function inMailbox(harbour: TestClient, count: number, to = 'anna'): Promise<readonly string[]> {
  await harbour.declareFailure();
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) ids.push((await harbour.ingest({ to, content: offer(n) })).id ?? '');
  await harbour.settle();
  return ids;
}

async function ownModel({ port }: TestClient): Promise<SpamModel> {
  const { bytes } = await port.filterModel();
  return (bytes === null ? undefined : modelOfBytes(bytes)) ?? EMPTY_MODEL;
}

const taught = async (harbour: TestClient) => {
  const { hamMessages, spamMessages } = await ownModel(harbour);
  return { ham: hamMessages, spam: spamMessages };
};

async function scoreOf(content: string, harbour: TestClient): Promise<number> {
  const inspector = createInspector();
  inspector.write(new TextEncoder().encode(content));
  const { inspected } = inspector.end();
  const facts: MessageFacts = {
    ...inspected,
    direction: 'inbound',
    receivedAt: 0,
    envelope: { reversePath: 'sender@world.example', recipient: '', helo: '', remoteIp: '' },
    authentication: NOT_AUTHENTICATED,
    scans: [],
  };
  return scoreSpam(facts, combine(baseModel(), await ownModel(harbour))).score;
}

const say = (person: Person, id: string, what: 'junk' | 'not-junk' | 'unmark') =>
  person.ask('POST', `/messages/${id}/${what}`, {});

describe('junk and not junk', () => {
  it('what is called junk makes the next one like it more like spam, and what is called honest less', async () => {
    const { harbour } = await enrolled();
    const ids = await inMailbox(harbour, 4);
    const before = await scoreOf(offer(99), harbour);
    const anna = await harbour.logIn('anna', PASSWORD);
    for (const id of ids) expect(await (await say(anna, id, 'junk')).json()).toEqual({ judged: 'spam' });
    const asSpam = await scoreOf(offer(99), harbour);
    for (const id of ids) await say(anna, id, 'not-junk');
    const asHam = await scoreOf(offer(99), harbour);
    expect(asSpam).toBeGreaterThan(before);
    expect(asHam).toBeLessThan(asSpam);
    expect(await taught(harbour)).toEqual({ ham: 4, spam: 0 });
  });

  it('decides over the next one that comes: it is kept, and shown as spam with its score', async () => {
    const { harbour } = await enrolled();
    const ids = await inMailbox(harbour, 6);
    const before = await scoreOf(offer(99), harbour);
    const anna = await harbour.logIn('anna', PASSWORD);
    for (const id of ids) await say(anna, id, 'junk');
    const quarantineAt = Math.ceil((before + (await scoreOf(offer(99), harbour))) / 2);
    await harbour.operator('PUT', `/clients/${harbour.id}/filter`, {
      sets: ['spam'],
      spam: { quarantineAt, tagAt: quarantineAt },
    });
    expect(await harbour.ingest({ to: 'bo', content: offer(100) })).toMatchObject({ disposition: 'quarantined' });
    const { messages } = await harbour.operator<{ messages: { cause: string; spamScore: number }[] }>(
      'GET',
      `/clients/${harbour.id}/quarantine`,
    );
    expect(messages).toEqual([expect.objectContaining({ cause: 'spam' })]);
    expect(messages[0]?.spamScore).toBeGreaterThanOrEqual(quarantineAt);
    await harbour.operator('DELETE', `/clients/${harbour.id}/filter/model`);
    expect(await harbour.ingest({ to: 'bo', content: offer(101) })).toMatchObject({ disposition: 'spooled' });
  });

  it('is remembered of each message: repeating teaches nothing, a change of mind and taking back leave nothing behind', async () => {
    const { harbour } = await enrolled();
    const [id = ''] = await inMailbox(harbour, 1);
    const anna = await harbour.logIn('anna', PASSWORD);
    const judged = async () => (await (await anna.ask('GET', `/messages/${id}`)).json<{ judged: unknown }>()).judged;
    expect(await judged()).toBeNull();
    for (let n = 0; n < 3; n += 1) await say(anna, id, 'junk');
    expect([await taught(harbour), await judged()]).toEqual([{ ham: 0, spam: 1 }, 'spam']);
    const spam = await ownModel(harbour);
    await say(anna, id, 'not-junk');
    expect([await taught(harbour), await judged()]).toEqual([{ ham: 1, spam: 0 }, 'ham']);
    await say(anna, id, 'junk');
    expect(await ownModel(harbour)).toEqual(spam);
    await say(anna, id, 'unmark');
    expect([await ownModel(harbour), await judged()]).toEqual([EMPTY_MODEL, null]);
  });

  it('leaves the message where it is (P4), and is not for what one has written', async () => {
    const { harbour } = await enrolled();
    const [id = ''] = await inMailbox(harbour, 1);
    const anna = await harbour.logIn('anna', PASSWORD);
    await say(anna, id, 'junk');
    expect((await anna.list()).map((message) => message.id)).toEqual([id]);
    await anna.ask('POST', '/send', { to: [harbour.at('bo')], subject: 'mine', text: 'mine' });
    await harbour.settle();
    const [sent] = await anna.list('sent');
    expect((await say(anna, sent?.id ?? '', 'junk')).status).toBe(409);
  });

  it("of another's message nobody says anything", async () => {
    const { harbour } = await enrolled();
    const other = await enrolled();
    const [id = ''] = await inMailbox(harbour, 1);
    const bo = await harbour.logIn('bo', PASSWORD);
    const stranger = await other.harbour.logIn('anna', PASSWORD);
    for (const person of [bo, stranger])
      for (const what of ['junk', 'not-junk', 'unmark'] as const)
        expect((await say(person, id, what)).status).toBe(404);
    expect(await taught(harbour)).toEqual({ ham: 0, spam: 0 });
    expect(await taught(other.harbour)).toEqual({ ham: 0, spam: 0 });
  });
});

describe('letting out and deleting', () => {
  const quarantine = async (harbour: TestClient, n: number) =>
    (await harbour.ingest({ from: ODD, to: 'anna', content: offer(n) })).id ?? '';

  it('what is let out is learned as honest, by whoever lets it out', async () => {
    const { harbour } = await enrolled();
    const ids = [await quarantine(harbour, 0), await quarantine(harbour, 1), await quarantine(harbour, 2)];
    const anna = await harbour.logIn('anna', PASSWORD);
    expect((await anna.ask('POST', `/quarantine/${ids[0]}/release`, {})).status).toBe(204);
    expect(await taught(harbour)).toEqual({ ham: 1, spam: 0 });
    const messageIds = ids.slice(1);
    await harbour.operator('POST', `/clients/${harbour.id}/quarantine/release`, { messageIds });
    expect(await taught(harbour)).toEqual({ ham: 3, spam: 0 });
  });

  it('what was kept as a threat says nothing of its words, let out or not', async () => {
    const { harbour } = await enrolled();
    const worm = await quarantine(harbour, 0);
    await runInDurableObject(harbour.stub, (_: ClientObject, { storage }) => {
      storage.sql.exec("UPDATE quarantine SET cause = 'threat' WHERE id = ?", worm);
    });
    await harbour.operator('POST', `/clients/${harbour.id}/quarantine/release`, { messageIds: [worm] });
    await harbour.settle();
    expect((await harbour.status()).spool).toMatchObject({ quarantined: 0 });
    expect(await taught(harbour)).toEqual({ ham: 0, spam: 0 });
  });

  it('what an administrator deletes is learned as spam when it was kept as spam, and else not', async () => {
    const { harbour } = await enrolled();
    const [asSpam, byRule] = [await quarantine(harbour, 0), await quarantine(harbour, 1)];
    await runInDurableObject(harbour.stub, (_: ClientObject, { storage }) => {
      storage.sql.exec("UPDATE quarantine SET cause = 'spam' WHERE id = ?", asSpam);
    });
    await harbour.to(Date.now() + 2 * DAY_MS);
    await remove(harbour, byRule);
    expect(await taught(harbour)).toEqual({ ham: 0, spam: 0 });
    await remove(harbour, asSpam);
    expect(await taught(harbour)).toEqual({ ham: 0, spam: 1 });
  });

  it('lets a message out though the filter cannot learn of it', async () => {
    const { gateway, harbour } = await enrolled();
    const id = await quarantine(harbour, 0);
    const response = await harbour.request(
      'POST',
      `/api/v1/clients/${harbour.id}/quarantine/${id}/release`,
      undefined,
      { authorization: `Bearer ${testEnv.OPERATOR_TOKEN}` },
      { CONTENT: { ...testEnv.CONTENT, get: () => Promise.reject(new Error('R2 is away')) } as unknown as R2Bucket },
    );
    expect(response.status).toBe(200);
    await harbour.settle();
    expect(await gateway.received()).toHaveLength(1);
    expect(await taught(harbour)).toEqual({ ham: 0, spam: 0 });
  });

  async function remove(harbour: TestClient, id: string) {
    const answer = await harbour.request('DELETE', `/api/v1/clients/${harbour.id}/quarantine/${id}`, undefined, {
      authorization: `Bearer ${testEnv.OPERATOR_TOKEN}`,
    });
    expect(answer.status).toBe(200);
  }
});

describe('poisoning', () => {
  it('one person teaches so much in a day and no more; the next day goes on; what was said can always be taken back', async () => {
    const { harbour } = await enrolled();
    const ids = await inMailbox(harbour, 52);
    const anna = await harbour.logIn('anna', PASSWORD);
    const statuses: number[] = [];
    for (const id of ids) statuses.push((await say(anna, id, 'junk')).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(50);
    expect(statuses.slice(50)).toEqual([429, 429]);
    expect(await taught(harbour)).toEqual({ ham: 0, spam: 50 });
    expect((await say(anna, ids[0] ?? '', 'unmark')).status).toBe(200);
    expect(await taught(harbour)).toEqual({ ham: 0, spam: 49 });
    harbour.skip(DAY_MS);
    expect((await say(anna, ids[51] ?? '', 'junk')).status).toBe(200);
  });

  it('an administrator sees how much was taught, and sets it back; the version rises, so that nobody goes on with the old one', async () => {
    const { harbour } = await enrolled();
    const [id = ''] = await inMailbox(harbour, 1);
    const anna = await harbour.logIn('anna', PASSWORD);
    await say(anna, id, 'junk');
    const model = await harbour.operator<{ version: number }>('GET', `/clients/${harbour.id}/filter/model`);
    expect(model).toMatchObject({ version: 1, hamMessages: 0, spamMessages: 1 });
    expect((await harbour.port.view())?.modelVersion).toBe(1);
    await harbour.operator('DELETE', `/clients/${harbour.id}/filter/model`);
    expect(await harbour.operator('GET', `/clients/${harbour.id}/filter/model`)).toEqual({
      version: 2,
      hamMessages: 0,
      spamMessages: 0,
      tokens: 0,
    });
    await harbour.evict();
    expect((await harbour.port.view())?.modelVersion).toBe(2);
    expect(await (await say(anna, id, 'junk')).json()).toEqual({ judged: 'spam' });
    expect(await taught(harbour)).toEqual({ ham: 0, spam: 1 });
  });
});

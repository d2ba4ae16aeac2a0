/** Rules are tried on what a client has received before they count: how many would have been stopped, and of how many it cannot be said. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { MessageFacts } from '../../src/core/message-facts.ts';
import { keptMessage } from '../../src/core/recent-facts.ts';
import type { KeptMessage } from '../../src/core/rules/dry-run.ts';
import { enrol, ruleFor, type TestClient } from '../support/client.ts';
import { attached, linkTo, messageFacts } from '../support/message-facts.ts';
import { startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

type Trial = {
  readonly messages: number;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly words: string;
  readonly rules: readonly { readonly name: string; readonly matched: number; readonly unknown: number }[];
  readonly examples: readonly { readonly verdict: string; readonly from: string; readonly to: string }[];
};

const operator = { authorization: `Bearer ${testEnv.OPERATOR_TOKEN}` };
const quarantine = { kind: 'quarantine' } as const;
let harbour: TestClient;

async function trial(body: object, client = harbour) {
  return client.operator<Trial>('POST', `/clients/${client.id}/rules/dry-run`, body);
}

async function hears(client: TestClient, messages: readonly MessageFacts[]): Promise<void> {
  const facts = messages
    .map((one, index) => keptMessage(`m${index}`, one))
    .filter((one): one is KeptMessage => one !== undefined);
  await client.port.report({ delivered: 0, lastDeliveredAt: 0, rejectedByRule: 0, recipients: [], facts });
}

const scored = (score: number) =>
  messageFacts({
    spam: { score, answer: score > 90 ? 'spam' : 'ham', reasons: [] },
    headers: { subject: 'secret plans' },
  });

beforeAll(async () => {
  const people = [{ address: 'ann', name: 'Ann Adams' }];
  harbour = await enrol({ gateways: [await startPeer()], people });
  await hears(harbour, [
    messageFacts(),
    messageFacts({ envelope: { reversePath: '' } }),
    messageFacts({ envelope: { reversePath: 'x@odd.example' } }),
    messageFacts({ parts: [attached('run.exe', { trueType: 'executable' })] }),
    messageFacts({ links: [linkTo('bad.example')] }),
    messageFacts({ headers: { from: [{ name: 'Adams, Ann', address: 'ann@private.example' }] } }),
    scored(95),
    scored(20),
  ]);
});

it('one rule alone: how many it would have met', async () => {
  const odd = { ...ruleFor('sender', '@odd.example', quarantine), name: 'odd' };
  const one = await trial({ rule: odd });
  expect(one).toMatchObject({
    messages: 8,
    verdicts: { accept: 7, quarantine: 1, reject: 0, discard: 0, hold: 0, 'cannot-be-said': 0 },
    words: 'Would have quarantined 1 of 8.',
    rules: [{ name: 'odd', matched: 1, unknown: 0 }],
    examples: [{ verdict: 'quarantine', from: 'x@odd.example', to: 'ann@firm.example' }],
  });
  expect((await trial({ rule: { ...odd, isOn: false } })).words).toBe('Would have stopped none of 8.');
  expect((await trial({ rule: odd, last: 5 })).messages).toBe(5);
});

it('what depends on words that are not kept is not guessed, and no subject is told', async () => {
  const rule = {
    name: 'words',
    when: { kind: 'text', in: 'body', test: { how: 'word', value: 'invoice' } },
    then: quarantine,
  };
  const words = await trial({ rule });
  expect(words.verdicts['cannot-be-said']).toBe(8);
  expect(words.words).toBe(
    'Would have stopped none of 8; of 8 it cannot be said, for the text of messages is not kept.',
  );
  const subject = await trial({ rule: { ...rule, when: { ...rule.when, in: 'subject' } } });
  expect(subject.verdicts['quarantine']).toBe(6);
  expect(JSON.stringify([words, subject])).not.toContain('secret plans');
});

it('rules and sets together, as they would be; what is left out is as it is now', async () => {
  const bounces = ruleFor('sender', '<>', { kind: 'reject', text: 'no bounces' }, 'no bounces');
  const together = await trial({ rules: [bounces], sets: ['dangerous-attachments', 'spam', 'own-name-impersonation'] });
  expect(together.verdicts).toMatchObject({ accept: 5, quarantine: 2, reject: 1 });
  expect(together.words).toBe('Would have quarantined 2 and rejected 1 of 8.');
  expect(together.rules.filter(({ matched }) => matched > 0).map(({ name }) => name)).toEqual([
    'no bounces',
    'Name of one of your people',
    'Dangerous attachment',
    'Spam',
    'Spam',
  ]);
  expect((await trial({ sets: ['spam'], spam: { quarantineAt: 20, tagAt: 20 } })).verdicts['quarantine']).toBe(2);
  expect((await trial({})).verdicts['accept']).toBe(8);
  await harbour.setRules([bounces]);
  await harbour.operator('PUT', `/clients/${harbour.id}/filter`, { sets: ['dangerous-attachments'] });
  expect((await trial({})).verdicts).toMatchObject({ quarantine: 1, reject: 1 });
  expect((await trial({ rules: [], sets: [] })).verdicts['accept']).toBe(8);
});

it('a list is looked up as it is now, and one that is not there is said', async () => {
  const rule = { name: 'bad links', when: { kind: 'listed', list: 'bad', of: 'link-host' }, then: quarantine };
  await expect(trial({ rule })).rejects.toThrow(/422.*rule 1\.when: there is no list .*bad/);
  await harbour.request('PUT', `/api/v1/clients/${harbour.id}/lists/bad`, 'bad.example', operator);
  expect((await trial({ rule })).verdicts['quarantine']).toBe(1);
});

describe('nothing is tried, or changed', () => {
  it('a client of which nothing is known has nothing to try it on', async () => {
    const quay = await enrol({ gateways: [await startPeer()] });
    expect(await trial({ rule: ruleFor('sender', '@odd.example', quarantine) }, quay)).toMatchObject({
      messages: 0,
      oldestAtMs: null,
      words: 'No message of the last 14 days is known to try it on.',
    });
  });

  it('a trial leaves no version and no line in the log', async () => {
    const before = await harbour.operator('GET', `/clients/${harbour.id}/audit`);
    const rules = await harbour.operator('GET', `/clients/${harbour.id}/rules`);
    await trial({ rules: [] });
    expect(await harbour.operator('GET', `/clients/${harbour.id}/audit`)).toEqual(before);
    expect(await harbour.operator('GET', `/clients/${harbour.id}/rules`)).toEqual(rules);
  });

  it.each<[string, object, RegExp]>([
    ['one and many', { rule: ruleFor('sender', '<>', quarantine), rules: [] }, /one rule alone/],
    ['a rule that is none', { rule: { name: 'x', when: { kind: 'weather' }, then: quarantine } }, /rule\.when/],
    ['more than there are', { last: 501 }, /last/],
  ])('%s: is not taken', async (_, body, words) => {
    await expect(trial(body)).rejects.toThrow(words);
  });
});

/** Logging in: guesses are counted before they are compared, and what is counted tells nobody which addresses exist. */
import { expect, it } from 'vitest';
import { compose } from '../../src/compose.ts';
import { createApp } from '../../src/http/app.ts';
import type { HttpNeeds } from '../../src/http/needs.ts';
import { enrol } from '../support/client.ts';
import { startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

const PASSWORD = 'correct horse battery';
const FIVE_MINUTES_MS = 300_000;

/** The real HTTP surface over the real D1, with a clock to move and the comparisons counted. */
async function harbourDoor() {
  const harbour = await enrol({ gateways: [await startPeer()], people: [{ address: 'anna', password: PASSWORD }] });
  const { http } = compose(testEnv);
  const seen = { now: Date.now(), verified: 0 };
  const needs: HttpNeeds = {
    ...http,
    now: () => seen.now,
    verifyPassword(password, stored) {
      seen.verified += 1;
      return http.verifyPassword(password, stored);
    },
  };
  const app = createApp(needs);
  const attempt = async (address: string, password: string, from?: string) =>
    app.request('/api/mail/login', {
      method: 'POST',
      body: JSON.stringify({ address, password }),
      headers: { 'content-type': 'application/json', ...(from === undefined ? {} : { 'cf-connecting-ip': from }) },
    });
  /** Guesses that came before, without the work of comparing them. */
  const guessedBefore = async (local: string, times: number) => {
    const limit = { now: seen.now, until: seen.now + FIVE_MINUTES_MS, atMost: 10 };
    for (let n = 0; n < times; n += 1) await http.accounts.countTry(harbour.id, `unknown ${harbour.at(local)}`, limit);
  };
  const tries = async () =>
    (await testEnv.DB.prepare('SELECT address, tries FROM login_tries WHERE client_id = ?').bind(harbour.id).all())
      .results;
  return { harbour, seen, attempt, guessedBefore, tries };
}

it('of guesses made at the same time no more than ten are compared', async () => {
  const { harbour, seen, attempt } = await harbourDoor();
  const answers = await Promise.all(
    Array.from({ length: 24 }, (_, n) => attempt(harbour.at('anna'), `wrong password ${n}`)),
  );
  const answered = (status: number) => answers.filter((answer) => answer.status === status).length;
  expect([answered(401), answered(429)]).toEqual([10, 14]);
  expect(seen.verified).toBe(10);
});

it('an address nobody has is answered like one that somebody has, however often it is tried', async () => {
  const { harbour, attempt, guessedBefore } = await harbourDoor();
  const answersFor = async (local: string) => {
    const answers: unknown[] = [];
    for (let n = 0; n < 4; n += 1) {
      const response = await attempt(harbour.at(local), 'wrong password');
      answers.push([response.status, response.headers.get('retry-after'), await response.text()]);
      if (n === 0) await guessedBefore(local, 8);
    }
    return answers;
  };
  const known = await answersFor('anna');
  expect(known).toEqual(await answersFor('nobody'));
  expect(known.map((answer) => (answer as unknown[])[0])).toEqual([401, 401, 429, 429]);
  expect(known[3]).toEqual([429, '300', expect.stringContaining('5 min')]);
});

it('an address of a domain that is not ours costs the same work and is not counted', async () => {
  const { seen, attempt } = await harbourDoor();
  expect((await attempt('anna@elsewhere.example', 'wrong password')).status).toBe(401);
  expect((await attempt('no address at all', 'wrong password')).status).toBe(401);
  expect(seen.verified).toBe(2);
  const counted = await testEnv.DB.prepare("SELECT 1 FROM login_tries WHERE address LIKE '%elsewhere%'").all();
  expect(counted.results).toEqual([]);
});

it('the tenth try may still be right, and being right clears the count', async () => {
  const { harbour, attempt, guessedBefore, tries } = await harbourDoor();
  for (let round = 0; round < 2; round += 1) {
    await guessedBefore('anna', 8);
    expect((await attempt(harbour.at('anna'), 'wrong password')).status).toBe(401);
    expect((await attempt(harbour.at('anna'), PASSWORD)).status).toBe(200);
    expect(await tries()).toEqual([]);
  }
});

it('the silence ends after five minutes, is not prolonged by asking, and what has expired is swept out', async () => {
  const { harbour, seen, attempt, guessedBefore, tries } = await harbourDoor();
  await guessedBefore('anna', 10);
  await guessedBefore('nobody', 1);
  seen.now += FIVE_MINUTES_MS - 1;
  expect((await attempt(harbour.at('anna'), PASSWORD)).status).toBe(429);
  seen.now += 1;
  expect((await attempt(harbour.at('bo'), 'wrong password')).status).toBe(401);
  expect(await tries()).toEqual([
    { address: `* ${harbour.at('bo')}`, tries: 1 },
    { address: `unknown ${harbour.at('bo')}`, tries: 1 },
  ]);
  expect((await attempt(harbour.at('anna'), PASSWORD)).status).toBe(200);
});

const waysToSetOne: readonly (readonly [string, (path: string, id: string, address: string) => readonly unknown[]])[] =
  [
    ['set', (path, id) => ['PUT', `${path}/${id}/password`, { password: 'another good one' }]],
    ['given with the account', (path, _, address) => ['POST', path, { address, password: 'another good one' }]],
    ['imported', (path, _, address) => ['POST', `${path}/import`, `address,password\n${address},another good one\n`]],
  ];
it.each(waysToSetOne)('a new password that is %s ends the old sessions and the silence', async (_, requestFor) => {
  const { harbour, attempt, guessedBefore } = await harbourDoor();
  await harbour.operator('POST', `/clients/${harbour.id}/accounts`, { address: harbour.at('bo'), password: PASSWORD });
  const anna = await harbour.logIn('anna', PASSWORD);
  const bo = await harbour.logIn('bo', PASSWORD);
  await guessedBefore('anna', 10);
  const path = `/clients/${harbour.id}/accounts`;
  const { accounts } = await harbour.operator<{ accounts: { id: string; address: string }[] }>('GET', path);
  const id = accounts.find(({ address }) => address === harbour.at('anna'))?.id ?? '';
  const [method, where, body] = requestFor(path, id, harbour.at('anna'));
  await harbour.operator(String(method), String(where), body);
  expect((await anna.ask('GET', '/me')).status).toBe(401);
  expect((await bo.ask('GET', '/me')).status).toBe(200);
  expect((await attempt(harbour.at('anna'), 'another good one')).status).toBe(200);
});

it('a name that is corrected, or a person imported again without a password, keeps sessions and silence', async () => {
  const { harbour, attempt, guessedBefore } = await harbourDoor();
  const anna = await harbour.logIn('anna', PASSWORD);
  await guessedBefore('anna', 10);
  await harbour.operator('POST', `/clients/${harbour.id}/accounts`, { address: harbour.at('anna'), name: 'Anna' });
  expect((await anna.ask('GET', '/me')).status).toBe(200);
  expect((await attempt(harbour.at('anna'), PASSWORD)).status).toBe(429);
});

it('whoever guesses locks out only the network it guesses from', async () => {
  const { harbour, attempt } = await harbourDoor();
  const statuses: number[] = [];
  for (let n = 0; n < 11; n += 1) {
    // One of a customer's many addresses, written as Cloudflare may write them.
    const from = n % 2 === 0 ? `2001:db8:0:7::${n}` : `2001:db8::7:1:2:3:${n}`;
    statuses.push((await attempt(harbour.at('anna'), `guess ${n}`, from)).status);
  }
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
  expect((await attempt(harbour.at('anna'), PASSWORD, '2001:db8:0:7:ffff::1')).status).toBe(429);
  expect((await attempt(harbour.at('anna'), PASSWORD, '2001:db8:0:8::1')).status).toBe(200);
});

it('guesses from many networks are stopped too, and one network cannot use up what is left for the others', async () => {
  const { harbour, seen, attempt } = await harbourDoor();
  const { accounts } = compose(testEnv).http;
  const limit = { now: seen.now, until: seen.now + FIVE_MINUTES_MS, atMost: 300 };
  for (let n = 0; n < 285; n += 1) await accounts.countTry(harbour.id, `* ${harbour.at('anna')}`, limit);
  const guess = async (from: string) => (await attempt(harbour.at('anna'), 'wrong password', from)).status;
  for (let n = 0; n < 20; n += 1) await guess('192.0.2.1');
  for (let n = 0; n < 5; n += 1) expect(await guess(`198.51.100.${n}`)).toBe(401);
  expect(await guess('198.51.100.9')).toBe(429);
  expect((await attempt(harbour.at('anna'), PASSWORD, '203.0.113.1')).status).toBe(429);
});

/** P8: no client sees another. Here each tries. */
import { expect, it } from 'vitest';
import { enrol } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';

const password = 'correct horse battery';

it('two clients never see anything of each other', async () => {
  const [northGateway, southGateway] = [await startPeer(), await startPeer()];
  const north = await enrol({ gateways: [northGateway], people: [{ address: 'anna', password }] });
  const south = await enrol({ gateways: [southGateway], people: [{ address: 'anna', password }] });
  for (const client of [north, south]) {
    await client.declareFailure();
    await client.ingest({ to: 'anna', content: write({ subject: `for ${client.id}` }) });
    await client.settle();
  }
  const annaNorth = await north.logIn('anna', password);
  const annaSouth = await south.logIn('anna', password);
  expect((await annaNorth.list()).map((message) => message.subject)).toEqual([`for ${north.id}`]);

  const theirs = (await annaSouth.list())[0]?.id ?? '';
  for (const path of ['', '/html', '/original', '/attachments/0'])
    expect((await annaNorth.ask('GET', `/messages/${theirs}${path}`)).status).toBe(404);
  expect((await annaNorth.ask('POST', `/messages/${theirs}/seen`, { seen: true })).status).toBe(404);
  expect(await (await annaNorth.ask('GET', `/colleagues?q=${south.id}`)).json()).toEqual({ colleagues: [] });

  const { accounts } = await south.operator<{ accounts: { id: string }[] }>('GET', `/clients/${south.id}/accounts`);
  await expect(
    north.operator('PUT', `/clients/${north.id}/accounts/${accounts[0]?.id}/password`, { password }),
  ).rejects.toThrow(/404/);
  await expect(north.operator('PUT', `/clients/${north.id}/domains/${south.domain}`)).rejects.toThrow(/409/);
  const { id } = await south.outage();
  await expect(north.operator('GET', `/clients/${north.id}/outages/${id}`)).rejects.toThrow(/404/);

  await north.declareRepair();
  await north.pass(60_000);
  expect(await northGateway.received()).toHaveLength(1);
  expect(await southGateway.received()).toHaveLength(0);
  expect((await south.status()).spool.waiting).toBe(1);
});

it('mail from one client to the other goes its way like any other: through the relay, not across', async () => {
  const relay = await startPeer();
  const north = await enrol({ gateways: [await startPeer()], relay, people: [{ address: 'anna', password }] });
  const south = await enrol({ gateways: [await startPeer()] });
  await north.declareFailure();
  const anna = await north.logIn('anna', password);
  expect((await anna.ask('POST', '/send', { to: [south.at('bo')], subject: 'hello', text: 'x' })).status).toBe(201);
  await north.settle();
  expect((await relay.received()).map((message) => message.recipients)).toEqual([[south.at('bo')]]);
  expect((await south.status()).spool.waiting).toBe(0);
});

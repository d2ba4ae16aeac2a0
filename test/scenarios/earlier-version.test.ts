/** A deploy meets objects that the version before has stored: they start, judge and deliver as if they had been written today. */
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { QUARANTINE_WHAT_WAS_KEPT } from '../../src/durable/schema.ts';
import type { ClientObject } from '../../src/index.ts';
import { enrol, ruleFor, type TestClient } from '../support/client.ts';
import { EARLIER_HEALTH, EARLIER_SNAPSHOT } from '../support/earlier-version.ts';
import { write } from '../support/mail.ts';
import { type Peer, startPeer } from '../support/peer.ts';

/** The object as the earlier version has left it. */
async function storedEarlier(gateway: Peer, health: keyof typeof EARLIER_HEALTH): Promise<TestClient> {
  const harbour = await enrol({ gateways: [gateway] });
  const { host, port } = gateway;
  const snapshot = {
    ...EARLIER_SNAPSHOT,
    clientId: harbour.id,
    version: 1_000,
    domains: [harbour.domain],
    gateways: [{ host, port, tls: 'none' }],
    thresholds: { ...EARLIER_SNAPSHOT.thresholds, amount: 3 },
  };
  await runInDurableObject(harbour.stub, (_: ClientObject, { storage }) => {
    for (const [key, value] of Object.entries({ snapshot, health: EARLIER_HEALTH[health] }))
      storage.sql.exec('UPDATE meta SET value = ? WHERE key = ?', JSON.stringify(value), key);
  });
  await harbour.evict();
  return harbour;
}

it.each(['up', 'upUnheard', 'upAfterFailures', 'suspect', 'refused'] as const)(
  '%s: mail is delivered, and a gateway that dies is found',
  async (health) => {
    const gateway = await startPeer();
    const harbour = await storedEarlier(gateway, health);
    expect(await harbour.ingest({ to: 'anna', content: write() })).toMatchObject({ disposition: 'delivered' });
    await harbour.pass(60_000);
    expect((await harbour.status()).health.state).toBe('up');
    expect(await harbour.port.view()).toMatchObject({
      snapshot: { failover: 'automatic', webhooks: [], maintenance: [] },
    });
    // Its rules, of the form of that time, judge as before.
    expect(await harbour.email({ from: 'x@spam.example', to: 'anna', content: write() })).toContain('not wanted');
    await gateway.stop();
    await harbour.pass(300_000);
    expect((await harbour.status()).health.state).toBe('down');
    expect((await harbour.outage()).mailboxesReadyAt).not.toBeNull();
  },
);

it.each(['up', 'upUnheard', 'suspect'] as const)(
  '%s: a gateway that died during the deploy is found without any mail',
  async (health) => {
    const gateway = await startPeer();
    const harbour = await storedEarlier(gateway, health);
    await gateway.stop();
    await harbour.pass(300_000);
    expect((await harbour.status()).health.state).toBe('down');
  },
);

it.each(['down', 'recovering'] as const)('%s: the mail of the outage is given back', async (health) => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  await harbour.declareFailure();
  await harbour.ingest({ to: 'anna', content: write() });
  await runInDurableObject(harbour.stub, (_: ClientObject, { storage }) => {
    storage.sql.exec("UPDATE meta SET value = ? WHERE key = 'health'", JSON.stringify(EARLIER_HEALTH[health]));
  });
  await harbour.evict();
  await harbour.pass(600_000);
  expect((await harbour.status()).health.state).toBe('up');
  expect(await gateway.received()).toHaveLength(1);
  expect((await harbour.outage()).report).toMatchObject({ replayed: 1, missing: 0, addsUp: true });
});

it('what it has quarantined is in the quarantine, each with whom it came for', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await harbour.setRules([ruleFor('sender', 'odd@world.example', { kind: 'quarantine' })]);
  const recipients = ['anna', 'Anna+shop', 'a+b+c', '+@odd', 'x"+"y'].map((local) => local.replace('@odd', ''));
  for (const to of recipients) await harbour.ingest({ from: 'odd@world.example', to, content: write() });
  const rows = (storage: DurableObjectStorage) => storage.sql.exec('SELECT seq, id, box FROM quarantine').toArray();
  const [before, after] = await runInDurableObject(harbour.stub, (_: ClientObject, { storage }) => {
    const today = rows(storage);
    storage.sql.exec('DELETE FROM quarantine');
    storage.sql.exec(QUARANTINE_WHAT_WAS_KEPT);
    return [today, rows(storage)];
  });
  expect(before).toHaveLength(recipients.length);
  expect(after).toEqual(before);
});

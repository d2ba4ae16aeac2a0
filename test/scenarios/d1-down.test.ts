/** D1 is the control plane, never the accept path: mail is taken while it is away, and the mailboxes catch up. */
import { expect, it } from 'vitest';
import { enrol } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

/** Every use of it fails. */
const BROKEN_D1 = new Proxy({} as D1Database, {
  get() {
    return () => {
      throw new Error('D1 is not there');
    };
  },
});

it('mail is delivered and spooled while D1 is down, and shows when D1 is back', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({
    gateways: [gateway],
    people: [{ address: 'anna', password: 'correct horse battery' }],
  });
  expect(await harbour.ingest({ to: 'anna', content: write() }, { DB: BROKEN_D1 })).toMatchObject({
    disposition: 'delivered',
  });

  const away = () => Promise.reject(new Error('D1 is not there'));
  await harbour.break({
    index: {
      learnAccounts: away,
      openMailboxes: away,
      accountsAmong: away,
      findMailboxes: away,
      addMessages: away,
    },
  });
  await gateway.stop();
  for (let n = 0; n < 4; n += 1)
    expect(await harbour.ingest({ to: 'anna', content: write() }, { DB: BROKEN_D1 })).toMatchObject({
      disposition: 'spooled',
    });
  await harbour.pass(30_000);
  expect(await harbour.status()).toMatchObject({
    health: { state: 'down' },
    outage: { mailboxesReadyAt: null },
    spool: { waiting: 4, inMailboxes: 0 },
  });

  await harbour.break({});
  await harbour.evict();
  await harbour.pass(120_000);
  const anna = await harbour.logIn('anna', 'correct horse battery');
  expect(await anna.list()).toHaveLength(4);
  expect(testEnv.DB).toBeDefined();
});

/** Of the people the gateway knew, whom it has taken mail for since the repair: known after a restart, whatever their addresses look like. */
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { parseAddress } from '../../src/core/address.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { Meta } from '../../src/durable/meta.ts';
import { Outages } from '../../src/durable/outages.ts';
import { PeopleMet } from '../../src/durable/people-met.ts';
import { Recipients } from '../../src/durable/recipients.ts';
import { enrol } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';

const UNKNOWN: Outcome = {
  kind: 'refused',
  stage: 'rcpt',
  reply: { code: 550, enhanced: '5.1.1', text: 'User unknown' },
};

// The database folds the case of ASCII letters only; addresses are compared by more than that (RFC 6531).
it.each(['anna', 'Anna', 'JÜRGEN'])('%s was taken mail for before the first refusal', async (local) => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  await harbour.ingest({ to: local, content: write() });
  await harbour.ingest({ to: 'leaver', content: write() });
  await harbour.port.report({
    delivered: 2,
    lastDeliveredAt: harbour.now,
    rejectedByRule: 0,
    recipients: [harbour.at(local).toLowerCase(), harbour.at('leaver')],
  });
  await harbour.declareFailure();
  await harbour.ingest({ to: local, content: write() });
  await harbour.port.setTurn([harbour.at('later')], 'paused', 'the test');
  await harbour.ingest({ to: 'later', content: write() });
  await harbour.declareRepair();
  await harbour.pass(60_000);
  const met = await runInDurableObject(harbour.stub, (_, { storage: { sql } }) => {
    const outage = new Outages(sql).current();
    if (outage === undefined) throw new Error('the outage is over');
    const peopleMet = new PeopleMet(sql, new Meta(sql), new Recipients(sql));
    return peopleMet.heard({ recipient: addressOf(harbour.at('leaver')) }, UNKNOWN, outage);
  });
  expect([...(met?.taken ?? [])]).toEqual([harbour.at(local).toLowerCase()]);
});

function addressOf(text: string) {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  return address;
}

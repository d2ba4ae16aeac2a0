/** Who a sender is, on the way of a message: what a client's rule may rely on, and what it must never be told. */
import { expect, it } from 'vitest';
import type { Rule } from '../../src/core/rules/rule.ts';
import type { Zone } from '../support/behaviour.ts';
import { enrol } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';
import { startResolver } from '../support/resolver.ts';

const txt = (value: string) => ({ kind: 'records', txt: [`"${value}"`] }) as const;
const policy = { '_dmarc.world.example': txt('v=DMARC1; p=reject') };
const HONEST: Zone = { ...policy, 'world.example': txt('v=spf1 ip4:192.0.2.7 -all') };
const FORGED: Zone = { ...policy, 'world.example': txt('v=spf1 ip4:198.51.100.1 -all') };
const SILENT: Zone = { ...policy, 'world.example': { kind: 'rcode', status: 2 } };
const STALLED: Zone = { ...policy, 'world.example': { kind: 'stall' } };

const STRICT: Omit<Rule, 'id'> = {
  name: 'what fails DMARC',
  isOn: true,
  when: { kind: 'authentication', method: 'dmarc', is: ['fail'] },
  then: { kind: 'reject', text: 'This is not from who it says it is' },
};

async function harbourWithRule() {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await harbour.setRules([STRICT]);
  return harbour;
}

it.each<readonly [string, Zone, string | undefined]>([
  ['from an address its domain names is delivered', HONEST, 'delivered'],
  ['from another address is rejected by the rule', FORGED, undefined],
  ['whose domain nobody can ask about is delivered: no answer is no failure', SILENT, 'delivered'],
  ['whose domain keeps us waiting is delivered all the same', STALLED, 'delivered'],
])('mail by a front %s', async (_name, zone, disposition) => {
  const harbour = await harbourWithRule();
  const { url } = await startResolver(zone);
  const answer = await harbour.ingest({ to: 'anna', content: write() }, { DNS_RESOLVERS: url } as object);
  expect(answer.disposition).toBe(disposition);
  if (disposition === undefined) expect(answer).toMatchObject({ status: 422, reply: expect.stringContaining('550') });
});

it('without a resolver nobody is asked, and nobody fails', async () => {
  const harbour = await harbourWithRule();
  expect(await harbour.ingest({ to: 'anna', content: write() })).toMatchObject({ disposition: 'delivered' });
});

const block = (dmarc: string) =>
  [
    'Received: from mx.world.example (192.0.2.7) by cloudflare-email.net (unknown) id 4fQ; Mon, 23 Nov 2026 10:00:00 +0000',
    `Authentication-Results: mx.cloudflare.net; dmarc=${dmarc} header.from=world.example`,
    'X-CF-SpamH-Score: 1',
    '',
  ].join('\r\n');

it.each<readonly [string, string, string | undefined]>([
  ['the platform’s pass', block('pass'), undefined],
  ['the platform’s fail', block('fail'), STRICT.then.kind === 'reject' ? STRICT.then.text : ''],
  ['a fail below a line that is not the platform’s', `X-First: 1\r\n${block('fail')}`, undefined],
])('mail by the platform: %s counts as it should', async (_name, head, rejected) => {
  const harbour = await harbourWithRule();
  const said = await harbour.email({ to: 'anna', content: `${head}${write()}` });
  if (rejected === undefined) expect(said).toBeUndefined();
  else expect(said).toContain(rejected);
});

it.each<readonly [string, string | undefined]>([
  ['192.0.2.7', 'We take nothing from there'],
  ['198.51.100.1', undefined],
])(
  'mail by the platform from %s meets the list of networks, by the address that the platform says',
  async (ip, rejected) => {
    const harbour = await enrol({ gateways: [await startPeer()] });
    await harbour.operator('PUT', `/clients/${harbour.id}/lists/unwanted`, '192.0.2.0/24\n');
    const listed: Omit<Rule, 'id'> = {
      name: 'unwanted networks',
      isOn: true,
      when: { kind: 'listed', list: 'unwanted', of: 'remote-ip' },
      then: { kind: 'reject', text: 'We take nothing from there' },
    };
    await harbour.setRules([listed]);
    const head = block('pass').replace('\r\nX-CF', `; arc=none smtp.remote-ip=${ip}\r\nX-CF`);
    const said = await harbour.email({ to: 'anna', content: `${head}${write()}` });
    if (rejected === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(rejected);
  },
);

it('by a front the words of the platform are the sender’s, in either direction', async () => {
  const harbour = await harbourWithRule();
  const { url } = await startResolver(FORGED);
  const content = `${block('pass')}${write()}`;
  expect(await harbour.ingest({ to: 'anna', content }, { DNS_RESOLVERS: url } as object)).toMatchObject({
    status: 422,
  });
});

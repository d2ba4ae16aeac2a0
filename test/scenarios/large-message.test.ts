/** 25 MiB, the most that Email Routing takes, streams through: to the gateway, to R2, and back out again. */
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { enrol } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

const MIB = 1_048_576;

function largeMessage(): Uint8Array {
  const head = Buffer.from(
    write({ subject: 'the plans' }).replace(
      '\r\n\r\n',
      '\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n',
    ),
  );
  const line = Buffer.from(
    `${'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAx'.padEnd(76, 'A')}\r\n`,
  );
  const bytes = Buffer.alloc(25 * MIB, line);
  head.copy(bytes);
  bytes.write('\r\n', bytes.length - 2);
  return bytes;
}

it('a 25 MiB message is delivered, and spooled and replayed, byte for byte', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({
    gateways: [gateway],
    people: [{ address: 'anna', password: 'correct horse battery' }],
  });
  const content = largeMessage();

  expect(await harbour.email({ to: 'anna', content })).toBeUndefined();
  expect((await testEnv.CONTENT.list({ prefix: `raw/${harbour.id}/` })).objects).toHaveLength(0);

  await harbour.declareFailure();
  const second = Buffer.from(content);
  second.write('Message-ID: <2.', 0);
  expect(await harbour.ingest({ to: 'anna', content: second })).toMatchObject({ disposition: 'spooled' });
  await harbour.settle();
  const [stored] = (await testEnv.CONTENT.list({ prefix: `raw/${harbour.id}/` })).objects;
  expect(stored?.size).toBe(25 * MIB);
  const anna = await harbour.logIn('anna', 'correct horse battery');
  const [listed] = await anna.list();
  expect(await (await anna.ask('GET', `/messages/${listed?.id}`)).json()).toMatchObject({ notShown: 'too-large' });

  await harbour.declareRepair();
  await harbour.pass(60_000);
  const got = await gateway.digests();
  expect(got).toHaveLength(2);
  // Behind our headers: the whole is longer by exactly what we prepended, the same length both times.
  for (const message of got) expect(message.sizeBytes).toBeGreaterThan(25 * MIB);
  const original = await testEnv.CONTENT.get(stored?.key ?? '');
  const hash = createHash('sha256')
    .update(new Uint8Array((await original?.arrayBuffer()) ?? new ArrayBuffer()))
    .digest('hex');
  expect(hash).toBe(createHash('sha256').update(second).digest('hex'));
});

/** P1 P2: a store that fails in the middle of receive leaves the message with its sender, and nothing half kept. */
import { describe, expect, it } from 'vitest';
import { compose } from '../../src/compose.ts';
import { NULL_REVERSE_PATH, parseAddress } from '../../src/core/address.ts';
import type { MessageId } from '../../src/core/ids.ts';
import type { Incoming } from '../../src/pipeline/arrival.ts';
import type { ClientPort } from '../../src/pipeline/client-port.ts';
import { receive } from '../../src/pipeline/receive.ts';
import { enrol, type TestClient } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

async function downedClient(): Promise<TestClient> {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await harbour.declareFailure();
  return harbour;
}

async function bytesKept(harbour: TestClient): Promise<number> {
  return (await testEnv.CONTENT.list({ prefix: `raw/${harbour.id}/` })).objects.length;
}

/** The real bucket, of which one operation fails. */
function brokenBucket(operation: 'put' | 'get'): R2Bucket {
  return new Proxy(testEnv.CONTENT, {
    get(target, name) {
      if (name === operation) return () => Promise.reject(new Error('R2 is not there'));
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** The real objects, of which `spool` fails: before the call arrives, or after it was committed. */
function brokenObjects(when: 'before' | 'after'): DurableObjectNamespace {
  const spoolOf = (port: ClientPort): ClientPort['spool'] => {
    return async (entry, placement) => {
      if (when === 'after') await port.spool(entry, placement);
      throw new Error('the object was reset');
    };
  };
  const brokenStub = (stub: object): ClientPort => {
    const port = stub as ClientPort;
    return {
      view: () => port.view(),
      filterPlan: () => port.filterPlan(),
      report: (traffic) => port.report(traffic),
      holds: (retryKey: string) => port.holds(retryKey),
      abandon: (id: MessageId) => port.abandon(id),
      spool: spoolOf(port),
    } as ClientPort;
  };
  const { CLIENTS } = testEnv;
  return {
    idFromName: (name: string) => CLIENTS.idFromName(name),
    get: (id: DurableObjectId) => brokenStub(CLIENTS.get(id)),
  } as unknown as DurableObjectNamespace;
}

describe.each(['ingest', 'email'] as const)('by %s', (front) => {
  /** What the sender experiences: true when the message stays with it. */
  async function staysWithSender(harbour: TestClient, content: string, bindings: object): Promise<boolean> {
    if (front === 'email')
      return harbour.email({ to: 'anna', content }, bindings).then(
        () => false,
        () => true,
      );
    return (await harbour.ingest({ to: 'anna', content }, bindings)).reply.startsWith('451');
  }

  it('R2 fails: temporary, no row, no bytes', async () => {
    const harbour = await downedClient();
    expect(await staysWithSender(harbour, write(), { CONTENT: brokenBucket('put') })).toBe(true);
    expect((await harbour.status()).spool.waiting).toBe(0);
    expect(await bytesKept(harbour)).toBe(0);
  });

  it('the object fails before the commit: temporary, no row, no bytes', async () => {
    const harbour = await downedClient();
    expect(await staysWithSender(harbour, write(), { CLIENTS: brokenObjects('before') })).toBe(true);
    expect((await harbour.status()).spool.waiting).toBe(0);
    expect(await bytesKept(harbour)).toBe(0);
  });

  it('the object fails after the commit: temporary, and the retry finds the one row with its bytes', async () => {
    const harbour = await downedClient();
    const content = write();
    expect(await staysWithSender(harbour, content, { CLIENTS: brokenObjects('after') })).toBe(true);
    expect(await bytesKept(harbour)).toBe(1);
    expect(await staysWithSender(harbour, content, {})).toBe(false);
    expect((await harbour.status()).spool.waiting).toBe(1);
    expect(await bytesKept(harbour)).toBe(1);
  });

  it('a large message whose put fails on the way: temporary, nothing kept', async () => {
    const harbour = await downedClient();
    const content = write({ body: 'x'.repeat(2_000_000) });
    expect(await staysWithSender(harbour, content, { CONTENT: brokenBucket('put') })).toBe(true);
    expect((await harbour.status()).spool.waiting).toBe(0);
    expect(await bytesKept(harbour)).toBe(0);
  });
});

it('a large message whose object cannot be asked whether it is a retry: temporary, nothing kept', async () => {
  const harbour = await downedClient();
  await harbour.ingest({ to: 'anna', content: write() });
  const kept = await bytesKept(harbour);
  const { receive: needs } = compose(testEnv);
  const holds = () => Promise.reject(new Error('the object was reset'));
  const large = write({ body: 'x'.repeat(2_000_000) });
  await expect(receive(incomingFor(harbour, large), { ...needs, holds })).rejects.toThrow(/reset/);
  expect(await bytesKept(harbour)).toBe(kept);
});

it('a front that sends fewer bytes than it announced keeps its message', async () => {
  const harbour = await downedClient();
  const content = new TextEncoder().encode(write());
  const response = await harbour.request('POST', '/ingest', undefined, {});
  expect(response.status).toBe(401);
  const message = {
    to: harbour.at('anna'),
    from: '',
    raw: new Response(content).body,
    rawSize: content.byteLength + 1,
    headers: new Headers(),
    setReject: () => undefined,
  };
  const { default: worker } = await import('../../src/index.ts');
  await expect(worker.email(message as unknown as ForwardableEmailMessage, testEnv)).rejects.toThrow(/fewer bytes/);
  expect((await harbour.status()).spool.waiting).toBe(0);
});

it('an unknown domain is temporary on both fronts (P2)', async () => {
  const harbour = await downedClient();
  expect((await harbour.ingest({ to: 'anna@nobody.example', content: write() })).reply).toMatch(/^451/);
  await expect(harbour.email({ to: 'anna@nobody.example', content: write() })).rejects.toThrow(/not set up/);
});

it('an address that cannot be read is temporary, too', async () => {
  const harbour = await downedClient();
  await expect(harbour.email({ to: 'not an address', content: write() })).rejects.toThrow(/envelope/);
});

it('a store that never answers costs the sender a retry, not the message: temporary in the time the platform gives us', async () => {
  const harbour = await downedClient();
  const never = new Promise<never>(() => undefined);
  const { receive: needs } = compose(testEnv);
  let given = 0;
  const receipt = await receive(incomingFor(harbour, write()), {
    ...needs,
    contents: { ...needs.contents, put: () => never },
    startTimer: (ms) => {
      given = ms;
      return { expired: Promise.resolve(), cancel: () => undefined };
    },
  });
  expect(receipt).toMatchObject({ kind: 'not-taken' });
  expect(given).toBeLessThan(30_000);
  expect((await harbour.status()).spool.waiting).toBe(0);
});

it('R2 fails in the middle of a replay: the row is not stranded, and goes with the next run', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  await harbour.declareFailure();
  for (let n = 0; n < 5; n += 1) await harbour.ingest({ to: `p${n}`, content: write() });
  let failures = 2;
  await harbour.break({
    parcel: (entry) => ({
      ...harbour.parcel(entry),
      content: () => (failures-- > 0 ? Promise.reject(new Error('R2 is not there')) : harbour.parcel(entry).content()),
    }),
  });
  await harbour.declareRepair();
  await harbour.pass(300_000);
  expect(await gateway.received()).toHaveLength(5);
  expect((await harbour.outage()).report).toMatchObject({ replayed: 5, waiting: 0, uncertain: 0, addsUp: true });
});

it('a row whose bytes are gone is held with the reason, and neither stops the others nor speaks against the gateway', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  await harbour.declareFailure();
  for (let n = 0; n < 5; n += 1) await harbour.ingest({ to: `p${n}`, content: write() });
  const [first] = (await testEnv.CONTENT.list({ prefix: `raw/${harbour.id}/` })).objects;
  await testEnv.CONTENT.delete(first?.key ?? '');
  await harbour.declareRepair();
  await harbour.pass(60_000);
  expect((await harbour.status()).health.state).toBe('up');
  expect((await harbour.outage()).report).toMatchObject({ replayed: 4, held: 1, waiting: 0, addsUp: true });
  expect((await harbour.port.held())[0]?.detail).toContain('does not have the bytes');
});

function incomingFor(harbour: TestClient, text: string): Incoming {
  const content = new TextEncoder().encode(text);
  const recipient = parseAddress(harbour.at('anna'));
  const raw = new Response(content).body;
  if (recipient === undefined || raw === null) throw new Error('bad test');
  const origin = { helo: '', remoteIp: '' };
  return { recipient, reversePath: NULL_REVERSE_PATH, raw, sizeBytes: content.byteLength, origin, recipients: 1 };
}

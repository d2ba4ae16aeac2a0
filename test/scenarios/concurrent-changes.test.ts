/** Two people change the same client at once: neither undoes what the other did. */
import { expect, it } from 'vitest';
import { compose } from '../../src/compose.ts';
import { createApp } from '../../src/http/app.ts';
import type { HttpNeeds } from '../../src/http/needs.ts';
import { enrol, type TestClient } from '../support/client.ts';
import { startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

type Shown = {
  readonly name: string;
  readonly thresholds: object;
  readonly noticeAddresses: readonly string[];
  readonly webhooks: readonly { readonly url: string }[];
};

const shown = (client: TestClient) => client.operator<Shown>('GET', `/clients/${client.id}`);

/** Asks, and lets `meanwhile` happen after the request has read the client and before it writes. */
async function askWhile(
  client: TestClient,
  asked: readonly [string, string, unknown?],
  meanwhile: () => Promise<void>,
) {
  const { http } = compose(testEnv);
  const clients: HttpNeeds['clients'] = {
    ...http.clients,
    find: async (id) => {
      const read = await http.clients.find(id);
      await meanwhile();
      return read;
    },
  };
  const [method, path, body] = asked;
  const response = await createApp({ ...http, clients }).request(`/api/v1/clients/${client.id}${path}`, {
    method,
    headers: { authorization: `Bearer ${testEnv.OPERATOR_TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.status).toBe(200);
}

async function storedTokenHash({ id }: TestClient): Promise<unknown> {
  return testEnv.DB.prepare("SELECT settings ->> '$.systemTokenHash' AS hash FROM clients WHERE id = ?")
    .bind(id)
    .first('hash');
}

const CHANGES: readonly (readonly [string, string, unknown])[] = [
  ['PUT', '/thresholds', { profile: 'eager' }],
  ['PUT', '/notices', { addresses: ['it@elsewhere.example'] }],
  ['PUT', '/maintenance', { windows: [] }],
  ['PATCH', '', { name: 'Renamed' }],
];

it.each(CHANGES)('%s …%s does not bring back a system token that is ended meanwhile', async (method, path, body) => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await harbour.operator('POST', `/clients/${harbour.id}/system-token`);
  expect(await storedTokenHash(harbour)).toEqual(expect.any(String));
  await askWhile(harbour, [method, path, body], async () => {
    await harbour.operator('DELETE', `/clients/${harbour.id}/system-token`);
  });
  expect(await storedTokenHash(harbour)).toBeNull();
});

it('a token that is ended takes back nothing that is set meanwhile', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const webhooks = [{ url: 'https://hook.example/secret-path' }];
  await askWhile(harbour, ['DELETE', '/system-token'], async () => {
    await harbour.operator('PATCH', `/clients/${harbour.id}`, { name: 'Renamed' });
    await harbour.operator('PUT', `/clients/${harbour.id}/notices`, { addresses: ['it@elsewhere.example'], webhooks });
  });
  expect(await shown(harbour)).toMatchObject({ name: 'Renamed', noticeAddresses: ['it@elsewhere.example'], webhooks });
});

it('what is set is replaced whole: a number of its own that is left out is not kept', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await harbour.operator('PUT', `/clients/${harbour.id}/thresholds`, { profile: 'cautious', amount: 7 });
  await harbour.operator('PUT', `/clients/${harbour.id}/thresholds`, { profile: 'eager' });
  expect((await shown(harbour)).thresholds).toEqual({ profile: 'eager' });
});

it('limits on mail to the world do not bring back a relay that is set meanwhile, nor the other way round', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const relay = { host: 'localhost', port: 2525, tls: 'none' };
  const limits = { perUserPerHour: 7, perClientPerHour: 70 };
  const set = (path: string, body: object) => harbour.operator('PUT', `/clients/${harbour.id}${path}`, body);
  await askWhile(harbour, ['PUT', '/outbound-limits', limits], async () => void (await set('/relay', relay)));
  expect(await shown(harbour)).toMatchObject({ outbound: { ...limits, relay } });
  await askWhile(
    harbour,
    ['PUT', '/relay', { ...relay, port: 2526 }],
    async () => void (await set('/outbound-limits', { ...limits, perUserPerHour: 8 })),
  );
  expect(await shown(harbour)).toMatchObject({ outbound: { perUserPerHour: 8, relay: { port: 2526 } } });
});

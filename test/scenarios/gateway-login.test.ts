import { describe, expect, it } from 'vitest';
import { createAccessTokens, type TokenNeeds } from '../../src/adapters/oauth-tokens.ts';
import type { OAuth } from '../../src/core/client.ts';
import type { HookAnswer } from '../support/behaviour.ts';
import { enrol, type TestClient } from '../support/client.ts';
import { type Hook, startHook } from '../support/hook.ts';
import { type Peer, startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

const USERNAME = 'gateway@harbour.example';
const CLIENT_SECRET = 'test-only-client-secret';
const REFRESH_TOKEN = 'test-only-refresh-token';
const MAIL = 'Subject: hello\r\nMessage-ID: <1@world.example>\r\n\r\nA line.\r\n';

const grant = (accessToken: string, more: object = {}): HookAnswer => ({
  kind: 'json',
  status: 200,
  value: { access_token: accessToken, token_type: 'Bearer', expires_in: 3_600, ...more },
});
const refusal = (status: number, value: object): HookAnswer => ({ kind: 'json', status, value });

function gatewayWith(...accessTokens: string[]): Promise<Peer> {
  return startPeer({ tls: 'starttls', token: { username: USERNAME, accessTokens } });
}

async function setOAuth(client: TestClient, gateway: Peer, provider: Hook): Promise<void> {
  const oauth = { tokenUrl: provider.url, clientId: 'app-1', clientSecret: CLIENT_SECRET, refreshToken: REFRESH_TOKEN };
  const gateways = [{ host: gateway.host, port: gateway.port, tls: 'starttls', username: USERNAME, oauth }];
  await client.operator('PUT', `/clients/${client.id}/gateways`, { gateways });
}

describe('a gateway that is logged in to by OAuth2', () => {
  it('gets its mail by a token that the provider gives for the refresh token', async () => {
    const [gateway, provider] = [await gatewayWith('token-1'), await startHook(grant('token-1'))];
    const harbour = await enrol({ gateways: [gateway] });
    await setOAuth(harbour, gateway, provider);
    expect(await harbour.ingest({ to: 'anna', content: MAIL })).toMatchObject({ disposition: 'delivered' });
    expect(await gateway.received()).toMatchObject([{ username: USERNAME, mechanism: 'XOAUTH2', overTls: true }]);
    const [call] = await provider.calls();
    expect(call?.headers['content-type']).toContain('application/x-www-form-urlencoded');
    expect(Object.fromEntries(new URLSearchParams(call?.body))).toEqual({
      grant_type: 'refresh_token',
      client_id: 'app-1',
      client_secret: CLIENT_SECRET,
      refresh_token: REFRESH_TOKEN,
    });
  });

  it('shows neither secret again: not to operators, not in the audit log', async () => {
    const [gateway, provider] = [await gatewayWith('token-1'), await startHook(grant('token-1'))];
    const harbour = await enrol({ gateways: [gateway] });
    await setOAuth(harbour, gateway, provider);
    const shown = await harbour.operator<{ gateways: object[] }>('GET', `/clients/${harbour.id}`);
    expect(shown.gateways).toMatchObject([
      { username: USERNAME, oauth: { tokenUrl: provider.url, clientId: 'app-1', grant: 'refresh_token' } },
    ]);
    const everything = JSON.stringify([
      shown,
      await harbour.operator('GET', `/clients/${harbour.id}/gateways`),
      await harbour.operator('GET', `/clients/${harbour.id}/audit`),
      await harbour.status(),
    ]);
    expect(everything).not.toMatch(/test-only-(client|refresh)|sealed/);
  });

  it('has its mail kept, and nobody bounced, while the provider gives no token; the words say what it said', async () => {
    const gateway = await gatewayWith('token-1');
    const said = { error: 'invalid_grant', error_description: 'AADSTS70043: The refresh token has expired.' };
    const provider = await startHook(refusal(400, said));
    const harbour = await enrol({ gateways: [gateway], people: [{ address: 'anna' }] });
    await setOAuth(harbour, gateway, provider);
    for (let n = 0; n < 6; n += 1)
      expect(await harbour.ingest({ to: 'anna', content: MAIL.replace('<1@', `<${n}@`) })).toMatchObject({
        status: 200,
        disposition: 'spooled',
      });
    await harbour.pass(600_000);
    // Not down: nothing was learned against the gateway itself.
    expect((await harbour.status()).health.state).toBe('refused-us');
    expect(JSON.stringify(await harbour.port.timeline(100))).toContain('AADSTS70043');
    expect(await gateway.received()).toEqual([]);

    await provider.set(grant('token-1'));
    await harbour.pass(600_000);
    expect((await harbour.status()).health.state).toBe('up');
    expect(await gateway.received()).toHaveLength(6);
  });

  it('that is away itself is seen to be away, whatever the provider says', async () => {
    const gateway = await gatewayWith('token-1');
    const harbour = await enrol({ gateways: [gateway] });
    await setOAuth(harbour, gateway, await startHook(refusal(503, {})));
    await gateway.stop();
    for (let n = 0; n < 4; n += 1) await harbour.ingest({ to: 'anna', content: MAIL.replace('<1@', `<${n}@`) });
    await harbour.pass(120_000);
    expect((await harbour.status()).health.state).toBe('down');
  });

  it('that refuses a token which was good before gets a new one at once', async () => {
    const gateway = await gatewayWith('token-1');
    const provider = await startHook(grant('token-1'), grant('token-2'));
    const harbour = await enrol({ gateways: [gateway] });
    await setOAuth(harbour, gateway, provider);
    await harbour.declareFailure();
    await harbour.ingest({ to: 'anna', content: MAIL });
    await harbour.declareRepair();
    await harbour.pass(120_000);
    expect(await gateway.received()).toHaveLength(1);
    const before = (await provider.calls()).length;
    await gateway.set({ tls: 'starttls', token: { username: USERNAME, accessTokens: ['token-2'] } });
    await harbour.declareFailure();
    await harbour.ingest({ to: 'anna', content: MAIL.replace('<1@', '<2@') });
    await harbour.declareRepair();
    await harbour.pass(120_000);
    expect(await gateway.received()).toHaveLength(2);
    // The object kept the first token for an hour, and asked for one new one only.
    expect((await provider.calls()).length).toBeLessThanOrEqual(before + 1);
    expect((await harbour.status()).health.state).toBe('up');
  });
});

describe('a message larger than the gateway takes', () => {
  const LARGE = MAIL + 'A line of the long text.\r\n'.repeat(200);

  it('is refused to its sender with the gateway’s figure before any of it is sent, and says nothing against the gateway', async () => {
    const gateway = await startPeer({ maxSizeBytes: 1_000 });
    const harbour = await enrol({ gateways: [gateway] });
    for (let n = 0; n < 6; n += 1) {
      const answer = await harbour.ingest({ to: 'anna', content: LARGE.replace('<1@', `<${n}@`) });
      expect(answer.reply).toMatch(/^552 5\.3\.4 .*SIZE 1000/);
    }
    await harbour.pass(120_000);
    expect((await harbour.status()).health.state).toBe('up');
    expect((await gateway.dialogue()).filter(({ line }) => line.startsWith('MAIL'))).toEqual([]);
    expect(await harbour.ingest({ to: 'anna', content: MAIL })).toMatchObject({ disposition: 'delivered' });
  });

  it('that was taken in an outage is held for a person at the replay, and nobody is told that it failed', async () => {
    const gateway = await startPeer({ maxSizeBytes: 1_000 });
    const harbour = await enrol({ gateways: [gateway], people: [{ address: 'anna' }] });
    await harbour.declareFailure();
    await harbour.ingest({ to: 'anna', content: LARGE });
    await harbour.ingest({ to: 'anna', content: MAIL.replace('<1@', '<2@') });
    await harbour.declareRepair();
    await harbour.pass(600_000);
    expect((await harbour.status()).spool).toMatchObject({ waiting: 0, held: 1 });
    expect(await gateway.received()).toHaveLength(1);
  });
});

describe('what is set as a login is refused, and says what to change:', () => {
  const OAUTH = { tokenUrl: 'https://login.provider.example/token', clientId: 'app-1', clientSecret: 's' };
  const GATEWAY = { host: 'mail.harbour.example', port: 587, tls: 'starttls', username: USERNAME };
  const OUTSIDE = { ALLOW_PRIVATE_PEERS: 'no' } as Partial<typeof testEnv>;

  async function put(gateway: object): Promise<{ readonly status: number; readonly text: string }> {
    const harbour = await enrol({ gateways: [await startPeer()] });
    const headers = { authorization: `Bearer ${testEnv.OPERATOR_TOKEN}` };
    const path = `/api/v1/clients/${harbour.id}/gateways`;
    const response = await harbour.request('PUT', path, { gateways: [gateway] }, headers, OUTSIDE);
    return { status: response.status, text: await response.text() };
  }

  it.each([
    ['a password beside OAuth2', { ...GATEWAY, password: 'p', oauth: OAUTH }, /not both/],
    ['OAuth2 without a user name', { ...GATEWAY, username: undefined, oauth: OAUTH }, /username and oauth/],
    [
      'OAuth2 without a secret',
      { ...GATEWAY, oauth: { ...OAUTH, clientSecret: undefined } },
      /clientSecret, or refreshToken/,
    ],
    [
      'a token URL in the clear',
      { ...GATEWAY, oauth: { ...OAUTH, tokenUrl: 'http://login.provider.example/token' } },
      /https/,
    ],
    [
      'a token URL that is private',
      { ...GATEWAY, oauth: { ...OAUTH, tokenUrl: 'https://169.254.169.254/' } },
      /public name/,
    ],
    [
      'a token URL of this service',
      { ...GATEWAY, oauth: { ...OAUTH, tokenUrl: 'https://edge.breakwater.test/x' } },
      /itself/,
    ],
    ['a user name with a control character', { ...GATEWAY, username: 'a\u0001b', oauth: OAUTH }, /control characters/],
    ['plain text', { ...GATEWAY, tls: 'none', password: 'p' }, /starttls.*plainText/],
    ['a private mail server', { ...GATEWAY, host: '10.0.0.1', password: 'p' }, /public name or address/],
    ['port 25', { ...GATEWAY, port: 25, password: 'p' }, /587/],
  ])('%s', async (_name, gateway, words) => {
    const { status, text } = await put(gateway);
    expect(status).toBe(422);
    expect(text).toMatch(words);
  });

  it.each([
    ['OAuth2', { ...GATEWAY, oauth: OAUTH }],
    ['plain text that is accepted', { ...GATEWAY, tls: 'none', plainText: 'accepted', password: 'p' }],
  ])('%s is not', async (_name, gateway) => {
    expect((await put(gateway)).status).toBe(200);
  });
});

describe('an access token', () => {
  const SEALED: Omit<OAuth, 'tokenUrl'> = { clientId: 'app-1', sealedClientSecret: 'box' };
  let now = 1_000_000;

  async function asked(answers: readonly HookAnswer[], more: Partial<TokenNeeds> = {}, oauth: Partial<OAuth> = SEALED) {
    const provider = await startHook(...answers);
    const tokens = createAccessTokens({
      policy: { allowPrivate: true, ownHosts: [] },
      seal: { open: async () => CLIENT_SECRET },
      now: () => now,
      ...more,
    });
    const get = () => tokens.get({ clientId: 'app-1', ...oauth, tokenUrl: provider.url }, 300);
    return { provider, tokens, get };
  }

  it('is asked for as the application itself where there is no refresh token (RFC 6749 §4.4)', async () => {
    const { provider, get } = await asked([grant('a')], {}, { ...SEALED, scope: 'mail.send' });
    expect(await get()).toEqual({ kind: 'token', accessToken: 'a', from: 'provider' });
    const [call] = await provider.calls();
    expect(Object.fromEntries(new URLSearchParams(call?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'app-1',
      client_secret: CLIENT_SECRET,
      scope: 'mail.send',
    });
  });

  it('is kept until shortly before it expires', async () => {
    const { provider, get } = await asked([grant('a', { expires_in: '3600' }), grant('b')]);
    await get();
    now += 3_400_000;
    expect(await get()).toEqual({ kind: 'token', accessToken: 'a', from: 'memory' });
    now += 100_000;
    expect(await get()).toEqual({ kind: 'token', accessToken: 'b', from: 'provider' });
    expect(await provider.calls()).toHaveLength(2);
  });

  it('of a login is no other login’s', async () => {
    const { tokens, provider, get } = await asked([grant('a'), grant('b')]);
    await get();
    const other: OAuth = { ...SEALED, sealedClientSecret: 'another box', tokenUrl: provider.url };
    expect(await tokens.get(other, 300)).toMatchObject({ accessToken: 'b', from: 'provider' });
  });

  it.each([
    ['an error of the provider', refusal(401, { error: 'invalid_client' }), /HTTP 401 \(invalid_client\)/],
    ['trouble without words', { kind: 'status', status: 503 }, /HTTP 503$/],
    ['a way to somewhere else, not followed', { kind: 'status', status: 307 }, /not followed/],
    ['an answer that is no token', { kind: 'json', status: 200, value: { token: 'a' } }, /no bearer token/],
    ['a token of another type', grant('a', { token_type: 'mac' }), /no bearer token/],
    ['a token that would end the command', grant('a\r\nMAIL FROM:<>'), /no bearer token/],
    ['a token that would end the field', grant('a\u0001host=x'), /no bearer token/],
    ['an answer without end', { kind: 'flood' }, /too large/],
    ['silence', { kind: 'stall' }, /did not answer within 0.3 s/],
    ['words that repeat our secret', refusal(400, { error: `bad secret ${CLIENT_SECRET}` }), /HTTP 400$/],
  ] as const)('is not had from %s', async (_name, answer, words) => {
    const { provider, get } = await asked([answer]);
    const said = await get();
    expect(said).toMatchObject({ kind: 'failed', problem: expect.stringMatching(words) });
    expect(JSON.stringify(said)).not.toContain(CLIENT_SECRET);
    expect(await provider.calls()).toHaveLength(1);
    await provider.release();
  });

  it('is not asked for at an address that may not be called, nor without the secret', async () => {
    const outside = await asked([grant('a')], { policy: { allowPrivate: false, ownHosts: [] } });
    expect(await outside.get()).toMatchObject({ problem: expect.stringMatching(/not called/) });
    const broken = await asked([grant('a')], { seal: { open: () => Promise.reject(new Error('no')) } });
    expect(await broken.get()).toMatchObject({ problem: expect.stringMatching(/SEAL_KEY/) });
    expect([...(await outside.provider.calls()), ...(await broken.provider.calls())]).toEqual([]);
  });
});

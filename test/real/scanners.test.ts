/** The whole way, from an SMTP front to a gateway, past a real clamd and a real rspamd: what they find, and what follows when one is killed. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../tools/drill/until.ts';
import { CLIENT_ID, DOMAIN, enrolHarbour } from '../../tools/stack/harbour.ts';
import { freePort } from '../../tools/stack/ports.ts';
import { startRealClamd } from '../../tools/stack/real/clamd.ts';
import { openServersFolder, type ServersFolder } from '../../tools/stack/real/folder.ts';
import { whyNoScanner } from '../../tools/stack/real/installed.ts';
import { killProcessesOf } from '../../tools/stack/real/processes.ts';
import { startRealRspamd } from '../../tools/stack/real/rspamd.ts';
import { openSmtp } from '../../tools/stack/smtp-client.ts';
import { type Stack, startStack } from '../../tools/stack/stack.ts';
import { EICAR, GTUBE, writeWithFile } from '../support/known-bad.ts';
import { write } from '../support/mail.ts';

const missing = whyNoScanner('clamd') ?? whyNoScanner('rspamd');
// Half a minute to start everything: the contract (edge/) belongs to every `npm test`, this to the proof.
const reason = process.env['PROOF'] === 'full' ? missing : (missing ?? 'it belongs to the proof (npm run proof)');
if (reason !== undefined) process.stdout.write(`mail past real scanners: skipped, ${reason}\n`);

const ANNA = `anna@${DOMAIN}`;
const BASE = `/clients/${CLIENT_ID}`;

type Seen = { readonly messageId: string; readonly trace: readonly string[] };

describe.skipIf(reason !== undefined)('mail past a real clamd and a real rspamd', () => {
  let folder: ServersFolder | undefined;
  let stack: Stack | undefined;
  let clamdFolder = '';
  let scanners: readonly Record<string, unknown>[] = [];
  const seen: Seen[] = [];

  beforeAll(async () => {
    folder = await openServersFolder();
    clamdFolder = join(folder.path, 'clamd');
    const [clamd, rspamd] = [await startRealClamd(clamdFolder), await startRealRspamd(join(folder.path, 'rspamd'))];
    stack = await startStack({
      dataFolder: join(folder.path, 'breakwater'),
      httpPort: await freePort(),
      smtpPort: 0,
      gateway: { kind: 'demo', port: 0 },
      relay: { kind: 'demo', port: 0 },
      report: { front: () => {}, gateway: (mail) => seen.push(mail), world: () => {}, worker: () => {} },
    });
    await enrolHarbour(stack.api, {
      gateway: stack.gateway.at,
      people: [{ address: ANNA, name: 'Anna', password: 'a-proof-opens-nothing' }],
      thresholds: { amount: 3, durationSeconds: 60, frequency: { deferrals: 6, perSeconds: 60 }, confirmSeconds: 60 },
      probe: { firstSeconds: 1, capSeconds: 5 },
      recovery: { probes: 2, spanSeconds: 1 },
      messagesPerMinute: 600,
    });
    scanners = [
      { kind: 'clamd', host: '127.0.0.1', port: clamd, tls: 'none', whenFailed: 'pass-marked' },
      { kind: 'rspamd', url: `http://127.0.0.1:${rspamd}`, whenFailed: 'pass-marked' },
    ];
    await stack.api.send('PUT', `${BASE}/filter`, { sets: ['virus', 'spam'] });
    await stack.api.send('PUT', `${BASE}/filter/scanners`, { scanners });
  }, 240_000);

  afterAll(async () => {
    await stack?.close();
    await folder?.close();
  }, 60_000);

  const send = async (content: string) => {
    const client = await openSmtp('127.0.0.1', stack?.smtpPort ?? 0);
    const reply = await client.send({ mailFrom: 'sender@world.example', recipients: [ANNA] }, Buffer.from(content));
    client.close();
    expect(reply.code).toBe(250);
  };

  const quarantined = async () => {
    const page = await stack?.api.get(`${BASE}/quarantine`);
    return (page as { readonly messages: readonly { readonly subject: string; readonly reason: string }[] }).messages;
  };

  const idOf = (content: string) => /^Message-ID: <(.*)>/.exec(content)?.[1];
  const arrived = (content: string) => seen.find(({ messageId }) => messageId === idOf(content));

  it('an honest message is delivered without a mark', async () => {
    const content = write({ from: 'Sender <sender@world.example>', to: ANNA });
    await send(content);
    expect(arrived(content)?.trace.join('')).not.toContain('X-Breakwater-Filter');
  }, 60_000);

  it('what clamd finds is quarantined, by the name it gives', async () => {
    await send(writeWithFile('bill.com', EICAR));
    expect(await quarantined()).toEqual([
      expect.objectContaining({ subject: 'The file', reason: expect.stringContaining('UNOFFICIAL') }),
    ]);
  }, 60_000);

  it('what rspamd rejects counts in our score: the same words are marked that were not before', async () => {
    const [plain, content] = [write({ subject: 'unasked for' }), write({ subject: 'unasked for', body: GTUBE })];
    await send(plain);
    await send(content);
    expect(arrived(plain)?.trace.join('')).not.toContain('X-Breakwater-Spam');
    expect(arrived(content)?.trace.join('')).toMatch(/^X-Breakwater-Spam: \d+/);
  }, 60_000);

  it('a clamd that is killed stops no mail: it goes on, marked; where the client wants that, it is held', async () => {
    await killProcessesOf(clamdFolder);
    const content = write();
    await send(content);
    expect(arrived(content)?.trace.join('')).toMatch(/X-Breakwater-Filter: not looked at by clamd/);
    const strict = scanners.map((scanner) => ({ ...scanner, whenFailed: 'hold' }));
    await stack?.api.send('PUT', `${BASE}/filter/scanners`, { scanners: strict });
    // What an isolate knows of a client is some seconds old.
    const look = async () => {
      const next = write();
      await send(next);
      return arrived(next) === undefined ? true : undefined;
    };
    await until({ what: 'a message is held', limitMs: 45_000, look });
    expect(JSON.stringify(await stack?.api.get(`${BASE}/held`))).toContain('clamd gave no answer');
  }, 60_000);
});

/** The recipes of docs/sent-copies.md at a real Postfix and a real Dovecot: who may file something under Sent, and who may not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../tools/drill/until.ts';
import { whyNoRealServers } from '../../tools/stack/real/installed.ts';
import { readMaildirs } from '../../tools/stack/real/maildir.ts';
import { openSmtp } from '../../tools/stack/smtp-client.ts';
import { openRealServers, type RealServers } from './scene.ts';

const reason = whyNoRealServers();
const CONTENT =
  'X-Breakwater-Sent: yes\r\nX-Breakwater-Trace: harbour/1\r\nSubject: A copy\r\nMessage-ID: <1@harbour.example>\r\n\r\nHello\r\n';

describe.skipIf(reason !== undefined)('a sent copy at a real Dovecot', () => {
  let servers: RealServers | undefined;

  beforeAll(async () => {
    servers = await openRealServers(['anna', 'ben', 'carla', 'david', 'eva']);
    await servers.postfix.start();
  }, 60_000);

  afterAll(() => servers?.close(), 30_000);

  it.each([
    [
      'is filed by the mark and the empty reverse path',
      { lmtp: true, mailFrom: '' },
      'anna',
      { folder: 'Sent', isSeen: true },
    ],
    [
      'stays in the inbox when somebody signs for it',
      { lmtp: true, mailFrom: 'eve@world.example' },
      'carla',
      { folder: '', isSeen: false },
    ],
    [
      'loses the mark on the way in from the world',
      { lmtp: false, mailFrom: '' },
      'eva',
      { folder: '', isSeen: false },
    ],
  ])('%s', async (_name, { lmtp, mailFrom }, mailbox, expected) => {
    const { lmtpPort = 0, publicPort = 0, mailFolder = '' } = servers ?? {};
    const client = await openSmtp('127.0.0.1', lmtp ? lmtpPort : publicPort, lmtp ? 'LHLO' : 'EHLO');
    const reply = await client.send({ mailFrom, recipients: [`${mailbox}@harbour.example`] }, Buffer.from(CONTENT));
    client.close();
    expect(reply.code).toBe(250);
    const look = async () => (await readMaildirs(mailFolder)).find((one) => one.mailbox === mailbox);
    expect(await until({ what: 'it is delivered', limitMs: 20_000, look })).toMatchObject(expected);
  });
});

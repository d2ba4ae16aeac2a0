/** The demo servers: the ways in which they fail, and what they make of what they get. */

import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FAULTS, type MailServer, startMailServer } from '../../../tools/stack/mail-server.ts';
import { openSmtp } from '../../../tools/stack/smtp-client.ts';
import { stripTrace } from '../../../tools/stack/trace.ts';

const TEXT = 'Message-ID: <one@world.example>\r\nSubject: x\r\n\r\nbody\r\n';
const CONTENT = Buffer.from(TEXT);
const TRACE =
  'Received: from mx.world.example ([192.0.2.1])\r\n by edge.breakwater.test (Breakwater) with ESMTP\r\n id 7 for <anna@harbour.example>;\r\n Mon, 02 Nov 2026 09:00:00 +0000\r\nX-Breakwater-Trace: harbour/7\r\n';
const ENVELOPE = { mailFrom: 'bob@world.example', recipients: ['anna@harbour.example'] };

let server: MailServer;

beforeEach(async () => {
  server = await startMailServer({ name: 'mail.harbour.example', port: 0 });
});

afterEach(() => server.close());

async function deliver(content: Buffer) {
  const client = await openSmtp('127.0.0.1', server.port);
  const reply = await client.send(ENVELOPE, content);
  client.close();
  return reply;
}

/** What a peer sees first: the banner, or how the connection ended. */
function firstSight(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    // Silence is told from speech by waiting a little longer than a greeting takes.
    socket.setTimeout(400, () => resolve('silence'));
    socket.once('data', (chunk) => resolve(chunk.toString().slice(0, 3)));
    socket.once('error', (problem: NodeJS.ErrnoException) => resolve(problem.code ?? 'error'));
    socket.once('close', () => socket.destroy());
  });
}

describe('a demo server', () => {
  it('keeps what it took, and knows the bytes behind the trace headers', async () => {
    expect((await deliver(Buffer.concat([Buffer.from(TRACE), CONTENT]))).code).toBe(250);
    expect(server.received()).toMatchObject([
      { ...ENVELOPE, messageId: 'one@world.example', sha256: createHash('sha256').update(CONTENT).digest('hex') },
    ]);
    expect(server.received()[0]?.trace.join('')).toBe(TRACE);
  });

  const sights: Readonly<Record<(typeof FAULTS)[number], string>> = {
    refuse: 'ECONNREFUSED',
    hang: 'silence',
    reset: 'ECONNRESET',
    '421': '421',
    '451-mail': '220',
  };
  it.each(FAULTS)('fails with %s on command and works again on the same port', async (fault) => {
    const { port } = server;
    await server.fail(fault);
    expect(await firstSight(port)).toBe(sights[fault]);
    await server.repair();
    expect(server.port).toBe(port);
    expect((await deliver(CONTENT)).code).toBe(250);
  });

  it('defers every MAIL with 451 when it is told to', async () => {
    await server.fail('451-mail');
    expect((await deliver(CONTENT)).line).toBe('451 4.3.0 Temporary failure of the mail system');
    expect(server.received()).toEqual([]);
  });

  it('cuts connections that are open when it fails', async () => {
    const client = await openSmtp('127.0.0.1', server.port);
    await server.fail('refuse');
    await expect(client.command('NOOP')).rejects.toThrow();
  });
});

describe('the trace headers', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['ours are taken off', TRACE + TEXT, TEXT],
    ['the mark of a sent copy as well', `X-Breakwater-Sent: yes\r\n${TRACE}${TEXT}`, TEXT],
    ['the Received of others stays', `Received: from a by b; now\r\n${TEXT}`, `Received: from a by b; now\r\n${TEXT}`],
    ['ours below another field stay', `Subject: x\r\n${TRACE}\r\n`, `Subject: x\r\n${TRACE}\r\n`],
    ['a message without headers stays', '\r\nbody\r\n', '\r\nbody\r\n'],
    ['nothing stays nothing', '', ''],
    ['a folded field ends where the fold ends', `${TRACE} folded\r\nSubject: x\r\n`, 'Subject: x\r\n'],
  ];
  it.each(cases)('%s', (_name, raw, content) => {
    expect(stripTrace(Buffer.from(raw)).content.toString()).toBe(content);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Address, parseAddress } from '../../src/core/address.ts';
import { type ClientId, type MessageId, parseClientId } from '../../src/core/ids.ts';
import { isLoop } from '../../src/mime/loop-guard.ts';
import { sentCopyHeaders, type Trace, traceHeaders } from '../../src/mime/trace-headers.ts';
import { walk } from './walk.ts';

function clientId(text: string): ClientId {
  const id = parseClientId(text);
  if (id === undefined) throw new Error(`no client id: ${text}`);
  return id;
}

function address(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`no address: ${text}`);
  return parsed;
}

const TRACE: Trace = {
  messageId: '01jd-abc' as MessageId,
  clientId: clientId('harbour'),
  serviceHost: 'edge.breakwater.example',
  helo: 'mx.sender.example',
  remoteIp: '192.0.2.7',
  recipient: address('anna@harbour.example'),
  receivedAt: Date.UTC(2026, 10, 23, 21, 6),
};

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('trace headers', () => {
  it('say from whom, by whom, for whom and when', () => {
    expect(text(traceHeaders(TRACE))).toBe(
      'Received: from mx.sender.example ([192.0.2.7]) by edge.breakwater.example\r\n' +
        '\t(Breakwater) with ESMTP id 01jd-abc for <anna@harbour.example>;\r\n' +
        '\tMon, 23 Nov 2026 21:06:00 +0000\r\n' +
        'X-Breakwater-Trace: harbour/01jd-abc\r\n',
    );
  });

  it('mark a sent copy', () => {
    expect(text(sentCopyHeaders({ ...TRACE, remoteIp: '' }))).toMatch(
      /^X-Breakwater-Sent: yes\r\nReceived: from mx\.sender\.example by /,
    );
  });

  it('name an IPv6 address as RFC 5321 does', () => {
    expect(text(traceHeaders({ ...TRACE, remoteIp: '2001:db8::7' }))).toContain('([IPv6:2001:db8::7])');
  });

  it('keep an address in UTF-8', () => {
    const head = text(traceHeaders({ ...TRACE, recipient: address('änne@häfen.example') }));
    expect(head.replace(/\r\n\t/g, ' ')).toContain('for <änne@häfen.example>;');
  });

  it('let nothing of a stranger begin a line, whatever the greeting', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 600 }),
        fc.string({ unit: 'binary', maxLength: 80 }),
        (helo, remoteIp) => {
          const bytes = traceHeaders({ ...TRACE, helo, remoteIp });
          expect(
            text(bytes)
              .split('\r\n')
              .filter((line) => !line.startsWith('\t'))
              .map((line) => line.split(' ')[0]),
          ).toEqual(['Received:', 'X-Breakwater-Trace:', '']);
          expect(bytes.every((byte) => byte < 0x80)).toBe(true);
          expect(bytes.length).toBeLessThan(700);
        },
      ),
    );
  });

  it('are lines below 78 characters, and the same bytes every time', () => {
    const head = text(traceHeaders(TRACE));
    expect(Math.max(...head.split('\r\n').map((line) => line.length))).toBeLessThan(78);
    expect(text(traceHeaders(TRACE))).toBe(head);
  });

  it('leave the message below them byte for byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
        const head = traceHeaders(TRACE);
        expect(walk(Uint8Array.of(...head, ...body)).headers.traces[0]).toBe('harbour/01jd-abc');
      }),
    );
  });
});

describe('loop guard', () => {
  const cases: readonly {
    readonly what: string;
    readonly traces: readonly string[];
    readonly receivedCount: number;
    readonly loop: boolean;
  }[] = [
    { what: 'a first visit', traces: [], receivedCount: 8, loop: false },
    { what: 'a forward that came back once', traces: ['other/1', 'harbour/2'], receivedCount: 8, loop: false },
    { what: 'the third return', traces: Array(3).fill('harbour/2'), receivedCount: 8, loop: false },
    { what: 'the fourth return', traces: Array(4).fill('harbour/2'), receivedCount: 8, loop: true },
    { what: 'our trace for another client', traces: ['other/1'], receivedCount: 8, loop: false },
    { what: 'our trace for a client whose id begins alike', traces: ['harbour-2/1'], receivedCount: 8, loop: false },
    { what: 'a long way', traces: [], receivedCount: 50, loop: false },
    { what: 'a longer way than any', traces: [], receivedCount: 51, loop: true },
  ];
  it.each(cases)('$what: $loop', ({ traces, receivedCount, loop }) => {
    expect(isLoop({ traces, receivedCount }, clientId('harbour'))).toBe(loop);
  });

  it('knows a message again that carries our own trace headers', () => {
    const returned = walk(`${text(traceHeaders(TRACE)).repeat(4)}Subject: x\r\n\r\n`);
    expect(isLoop(returned.headers, TRACE.clientId)).toBe(true);
  });
});

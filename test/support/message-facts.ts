/** Facts of a plain message, of which a test says only what matters to it. */
import {
  type EnvelopeFacts,
  type HeaderFacts,
  type LinkFacts,
  type MessageFacts,
  NO_MARKUP,
  NOT_AUTHENTICATED,
  type PartFacts,
} from '../../src/core/message-facts.ts';

type Given = Partial<Omit<MessageFacts, 'envelope' | 'headers'>> & {
  readonly envelope?: Partial<EnvelopeFacts>;
  readonly headers?: Partial<HeaderFacts>;
};

export function messageFacts({ envelope, headers, ...rest }: Given = {}): MessageFacts {
  return {
    direction: 'inbound',
    receivedAt: Date.parse('2026-11-18T10:30:00Z'),
    envelope: {
      reversePath: 'bob@elsewhere.example',
      recipient: 'ann@firm.example',
      helo: 'mail.elsewhere.example',
      remoteIp: '192.0.2.7',
      ...envelope,
    },
    headers: {
      subject: 'Your invoice',
      from: [{ name: 'Bob Brown', address: 'bob@elsewhere.example' }],
      replyTo: [],
      to: [{ name: 'Ann', address: 'ann@firm.example' }],
      cc: [],
      receivedCount: 1,
      isReply: false,
      isAutomatic: false,
      fields: [],
      ...headers,
    },
    sizeBytes: 10_000,
    sha256: 'a'.repeat(64),
    parts: [partFacts({ contentType: 'text/plain', trueType: 'text' })],
    texts: [{ kind: 'plain', text: 'Dear Ann,\nplease find the invoice attached.\nBob', isTruncated: false }],
    links: [],
    markup: NO_MARKUP,
    unscanned: [],
    threats: [],
    authentication: NOT_AUTHENTICATED,
    scans: [],
    ...rest,
  };
}

export function partFacts(given: Partial<PartFacts> = {}): PartFacts {
  return {
    path: '1',
    contentType: 'application/octet-stream',
    trueType: 'unknown',
    isAttachment: false,
    sizeBytes: 1_000,
    sha256: 'b'.repeat(64),
    tricks: [],
    hasMacros: false,
    isEncrypted: false,
    ...given,
  };
}

export function attached(fileName: string, given: Partial<PartFacts> = {}): PartFacts {
  return partFacts({ path: '2', fileName, isAttachment: true, ...given });
}

export function linkTo(host: string): LinkFacts {
  return { url: `https://${host}/a`, host, text: 'here', from: 'href' };
}

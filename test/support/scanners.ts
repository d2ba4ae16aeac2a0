/** Scanners for tests inside workerd: scripted ones on loopback, and one without a wire for stories. */
import type { ScannersNeeds } from '../../src/adapters/scanners.ts';
import type { ScanFacts } from '../../src/core/message-facts.ts';
import type { Scanner, ScanSubject } from '../../src/pipeline/scanner.ts';
import type { ClamdBehaviour } from './behaviour.ts';
import { holdsEicar } from './known-bad.ts';
import { testEnv } from './test-env.ts';

export const POLICY = { allowPrivate: true, ownHosts: [] } as const;

export const NO_DEPLOYMENT: Omit<ScannersNeeds, 'limitMs'> = {
  policy: POLICY,
  // What a test seals is what it opens.
  seal: { open: async (sealed) => sealed },
  deployment: [],
};

/** its port */
export async function startClamd(behaviour: ClamdBehaviour): Promise<number> {
  const response = await fetch(`${testEnv.PEER_CONTROL}/clamds`, { method: 'POST', body: JSON.stringify(behaviour) });
  return (await response.json<{ port: number }>()).port;
}

export const RSPAMD_URL = `${testEnv.PEER_CONTROL}/scanners/rspamd`;
export const HTTP_SCANNER_URL = `${testEnv.PEER_CONTROL}/scanners/http`;

export function subjectOf(message: string, change: Partial<ScanSubject> = {}): ScanSubject {
  const bytes = Buffer.from(message, 'latin1');
  return {
    id: 'harbour/1',
    direction: 'inbound',
    envelope: {
      reversePath: 'sender@world.example',
      recipient: 'anna@harbour.example',
      helo: 'mail.world.example',
      remoteIp: '192.0.2.7',
    },
    sizeBytes: bytes.byteLength,
    content: async () => bytes,
    ...change,
  };
}

/** As a large message comes from the store: in chunks of all sizes, an empty one among them. */
export function streamed(message: string): Partial<ScanSubject> {
  return {
    content: async () =>
      new ReadableStream<Uint8Array>({
        start(controller) {
          const bytes = Buffer.from(message, 'latin1');
          const cuts = [0, 1, 1, 100, 65_537, 65_540, bytes.byteLength].filter((cut) => cut <= bytes.byteLength);
          for (const [index, cut] of cuts.entries()) controller.enqueue(bytes.subarray(cuts[index - 1] ?? 0, cut));
          controller.close();
        },
      }),
  };
}

/** A scanner as stories want it: it knows EICAR, and what it says instead can be set. */
export function fakeScanner(name = 'fake', instead?: Omit<Extract<ScanFacts, { kind: 'failed' }>, 'scanner'>): Scanner {
  return {
    name,
    whenFailed: 'pass-marked',
    async scan(subject) {
      if (instead !== undefined) return { scanner: name, ...instead };
      const content = await subject.content().catch(() => undefined);
      if (content === undefined) return { scanner: name, kind: 'failed', why: 'the message could not be read' };
      const text = Buffer.from(await new Response(content).arrayBuffer()).toString('latin1');
      return holdsEicar(text)
        ? { scanner: name, kind: 'found', names: ['Eicar-Test-Signature'] }
        : { scanner: name, kind: 'clean' };
    },
  };
}

/** SMTP peers on loopback that do what their script says. For Node tests and tools directly, for tests in workerd through peer-control.ts. */
import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createSecureContext, createServer as createTlsServer } from 'node:tls';
import type { Behaviour, DialogueLine, TakenMessage } from '../behaviour.ts';
import { PeerConnection } from './peer-connection.ts';
import { createScript } from './peer-rules.ts';

const CERTIFICATES = join(import.meta.dirname, '../certificates');

export const TEST_CA_PATH = join(CERTIFICATES, 'test-only-ca.pem');

const KEY = readFileSync(join(CERTIFICATES, 'test-only.key'));

function certificate(name: NonNullable<Behaviour['certificate']>) {
  return { key: KEY, cert: readFileSync(join(CERTIFICATES, `test-only-${name}.pem`)) };
}

export type ScriptedPeer = {
  readonly port: number;
  /** from now on, for open connections too; counts of `times` begin anew */
  set(behaviour: Behaviour): void;
  /** in the order in which they came */
  received(): readonly TakenMessage<Buffer>[];
  dialogue(): readonly DialogueLine[];
  /** connections accepted since the first start */
  connections(): number;
  /** the port is closed and every connection cut: connecting is refused */
  stop(): Promise<void>;
  /** on the same port again, with what was received kept */
  start(): Promise<void>;
};

/** `tls: 'implicit'` and the certificate are fixed at the start; everything else may change with `set`. */
export async function startScriptedPeer(behaviour: Behaviour = {}, port = 0): Promise<ScriptedPeer> {
  const received: TakenMessage<Buffer>[] = [];
  const dialogue: DialogueLine[] = [];
  const open = new Set<Socket>();
  const identity = certificate(behaviour.certificate ?? 'localhost');
  const secureContext = createSecureContext(identity);
  const implicit = behaviour.tls === 'implicit';
  let script = createScript(behaviour);
  let connections = 0;
  let server: Server | undefined;

  const accept = (socket: Socket) => {
    connections += 1;
    const number = connections;
    new PeerConnection(socket, implicit, {
      number,
      script: () => script,
      secureContext,
      openConnections: () => open.size,
      take: (message) => received.push(message),
      log: (from, line) => dialogue.push({ connection: number, from, line }),
    });
  };
  const start = async (at: number): Promise<number> => {
    server = implicit ? createTlsServer(identity) : createServer();
    server.on('tlsClientError', () => {});
    // The raw socket: under TLS it is open, and must be cut, before the handshake is done.
    server.on('connection', (socket: Socket) => {
      open.add(socket);
      // Replies to pipelined commands are separate writes: Nagle would hold the second back for 40 ms.
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => open.delete(socket));
    });
    server.on(implicit ? 'secureConnection' : 'connection', accept);
    return listen(server, at);
  };
  const boundPort = await start(port);
  return {
    port: boundPort,
    set: (next) => {
      script = createScript(next);
    },
    received: () => received,
    dialogue: () => dialogue,
    connections: () => connections,
    async stop() {
      const stopping = server;
      server = undefined;
      if (stopping === undefined) return;
      const closed = new Promise((resolve) => stopping.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
    },
    async start() {
      if (server === undefined) await start(boundPort);
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no port'));
      else resolve(address.port);
    });
  });
}

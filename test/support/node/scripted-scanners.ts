/** Scanners that answer as the real ones do (test/contracts holds them to it), and clamds that misbehave. */

import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import type { ClamdBehaviour } from '../behaviour.ts';
import { GTUBE, holdsEicar } from '../known-bad.ts';

const CERTIFICATES = join(import.meta.dirname, '../certificates');

/** `/scanners/rspamd/checkv2`, `/scanners/http` */
export async function answerScan(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const message = Buffer.concat(chunks).toString('latin1');
  const isWhole = Number(request.headers['content-length']) === message.length;
  const said = request.url?.endsWith('/rspamd/checkv2') === true ? asRspamd(message) : asHttpScanner(message);
  response.writeHead(isWhole ? 200 : 411, { 'content-type': 'application/json' }).end(JSON.stringify(said));
}

function asRspamd(message: string): object {
  const common = { required_score: 15, messages: {}, 'message-id': '1@world.example', time_real: 0.05 };
  if (message.includes(GTUBE)) {
    const symbols = { GTUBE: { name: 'GTUBE', score: 0, metric_score: 0 } };
    return { ...common, is_skipped: true, score: 15, action: 'reject', symbols };
  }
  const symbols = {
    MID_RHS_NOT_FQDN: { name: 'MID_RHS_NOT_FQDN', score: 0.5, metric_score: 0.5, description: 'Message-ID' },
    MIME_GOOD: { name: 'MIME_GOOD', score: -0.1, metric_score: -0.1, options: ['text/plain'] },
    RCPT_COUNT_ONE: { name: 'RCPT_COUNT_ONE', score: 0, metric_score: 0 },
  };
  return { ...common, is_skipped: false, score: 0.4, action: 'no action', symbols };
}

function asHttpScanner(message: string): object {
  return holdsEicar(message) ? { verdict: 'found', names: ['Eicar-Test-Signature'] } : { verdict: 'clean' };
}

export class ScriptedClamd {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(behaviour: ClamdBehaviour) {
    const meet = (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket));
      play(socket, behaviour);
    };
    // As stunnel before it would.
    this.#server =
      behaviour.kind === 'works' && behaviour.certificate !== undefined
        ? createTlsServer(identityOf(behaviour.certificate), meet)
        : createServer(meet);
  }

  /** the port */
  start(): Promise<number> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function identityOf(name: 'localhost' | 'elsewhere') {
  return {
    key: readFileSync(join(CERTIFICATES, 'test-only.key')),
    cert: readFileSync(join(CERTIFICATES, `test-only-${name}.pem`)),
  };
}

const FLOOD = 'x'.repeat(4_000_000);

function play(socket: Socket, behaviour: ClamdBehaviour): void {
  if (behaviour.kind === 'deaf') return void socket.pause();
  if (behaviour.kind === 'close-at-once') return void socket.destroy();
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    const message = messageIn(Buffer.concat(chunks));
    switch (behaviour.kind) {
      case 'answer-early':
        return void socket.end(`${behaviour.text}\0`);
      case 'stall':
        return;
      case 'close':
        return void (message !== undefined && socket.end(behaviour.text));
      case 'flood':
        return void (message !== undefined && socket.write(FLOOD));
      case 'answer':
        return void (message !== undefined && socket.end(`${behaviour.text}\0`));
      case 'works':
        if (message === undefined) return;
        socket.end(`stream: ${holdsEicar(message) ? 'Eicar-Test-Signature.UNOFFICIAL FOUND' : 'OK'}\0`);
    }
  });
}

const COMMAND = 'zINSTREAM\0';

/** undefined until the chunk of length 0 has come */
function messageIn(heard: Buffer): string | undefined {
  if (heard.toString('latin1', 0, COMMAND.length) !== COMMAND) return undefined;
  const pieces: Buffer[] = [];
  for (let at = COMMAND.length; at + 4 <= heard.length; ) {
    const length = heard.readUInt32BE(at);
    if (length === 0) return Buffer.concat(pieces).toString('latin1');
    pieces.push(heard.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return undefined;
}

/** A webhook's receiver that answers as it is told and keeps what it was called with: the other side of adapters/webhook.ts. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HookAnswer, HookCall } from '../behaviour.ts';

const FLOOD_BYTES = 4_000_000;

export class ScriptedHook {
  readonly calls: HookCall[] = [];
  #answers: readonly HookAnswer[];
  readonly #stalled: ServerResponse[] = [];

  constructor(answers: readonly HookAnswer[]) {
    this.#answers = answers;
  }

  /** From now on, one after another; the last of them for ever. */
  set(answers: readonly HookAnswer[]): void {
    this.#answers = answers;
  }

  /** Calls that have been left without an answer get one. */
  release(): void {
    for (const response of this.#stalled.splice(0)) response.writeHead(200).end();
  }

  async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    this.calls.push({ method: request.method ?? '', headers, body: Buffer.concat(chunks).toString('utf8') });
    const [answer = { kind: 'status', status: 200 }, ...later] = this.#answers;
    if (later.length > 0) this.#answers = later;
    switch (answer.kind) {
      case 'status':
        response.writeHead(answer.status, { location: 'http://127.0.0.1:9/' }).end('{"secret":"of the receiver"}');
        return;
      case 'json':
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.value));
        return;
      case 'flood':
        response.writeHead(200).end('x'.repeat(FLOOD_BYTES));
        return;
      case 'stall':
        this.#stalled.push(response);
    }
  }
}

/** Breaking and mending the demo servers while `npm start` runs: by a key in the terminal, or by HTTP from a script. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { FAULTS, type MailServer, type ServerFault } from '../stack/mail-server.ts';

export type Controlled = { readonly gateway: MailServer | undefined; readonly relay: MailServer | undefined };

export type Control = { close(): Promise<void> };

/** `GET /` shows both; `POST /gateway/stop?fault=hang`, `POST /gateway/start`, and the same for `/relay`. Loopback only. */
export function startControl(port: number, controlled: Controlled, say: (line: string) => void): Promise<Control> {
  const server = createServer((request, response) => {
    void answer(request, controlled, say).then(
      (reply) => respond(response, reply),
      (problem: unknown) => respond(response, { status: 500, body: { problem: String(problem) } }),
    );
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => {
      resolve({
        close() {
          server.closeAllConnections();
          return new Promise((closed) => server.close(() => closed()));
        },
      });
    });
  });
}

/** `g` and `r` in a terminal. Ctrl-C comes as a character in raw mode: it is handed back as the signal it stands for. */
export function listenToKeys(controlled: Controlled, say: (line: string) => void): void {
  if (!process.stdin.isTTY) return;
  process.stdin.setRawMode(true);
  process.stdin.setEncoding('utf8').on('data', (key: string) => {
    if (key === 'g') void toggle('gateway', controlled.gateway, say);
    if (key === 'r') void toggle('relay', controlled.relay, say);
    if (key === 'q' || key === '\u0003') process.kill(process.pid, 'SIGINT');
  });
}

async function toggle(name: string, server: MailServer | undefined, say: (line: string) => void): Promise<void> {
  if (server === undefined) return say(`the ${name} is not ours to stop`);
  await (server.fault() === undefined ? stop(name, server, 'refuse', say) : mend(name, server, say));
}

async function stop(name: string, server: MailServer, fault: ServerFault, say: (line: string) => void): Promise<void> {
  if (server.fault() !== undefined) await server.repair();
  await server.fail(fault);
  say(`the ${name} is broken now (${fault})`);
}

async function mend(name: string, server: MailServer, say: (line: string) => void): Promise<void> {
  if (server.fault() !== undefined) await server.repair();
  say(`the ${name} works again`);
}

type Reply = { readonly status: number; readonly body: unknown };

async function answer(request: IncomingMessage, controlled: Controlled, say: (line: string) => void): Promise<Reply> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (request.method === 'GET' && url.pathname === '/') return { status: 200, body: shown(controlled) };
  const [, name, action] = /^\/(gateway|relay)\/(stop|start)$/.exec(url.pathname) ?? [];
  // A page in a browser could post here as well; it can not without saying where it comes from.
  if (request.method !== 'POST' || name === undefined || request.headers.origin !== undefined)
    return { status: 404, body: { usage: USAGE } };
  const server = name === 'gateway' ? controlled.gateway : controlled.relay;
  if (server === undefined) return { status: 409, body: { problem: `the ${name} is not ours to stop` } };
  const wanted = url.searchParams.get('fault') ?? 'refuse';
  const fault = FAULTS.find((candidate) => candidate === wanted);
  if (fault === undefined) return { status: 422, body: { problem: `fault is one of ${FAULTS.join(', ')}` } };
  await (action === 'stop' ? stop(name, server, fault, say) : mend(name, server, say));
  return { status: 200, body: shown(controlled) };
}

const USAGE =
  'POST /gateway/stop?fault=refuse|hang|reset|421|451-mail, POST /gateway/start, the same for /relay; GET / shows both';

function shown({ gateway, relay }: Controlled): unknown {
  const one = (server: MailServer | undefined) =>
    server === undefined
      ? 'not ours'
      : { port: server.port, state: server.fault() ?? 'works', messages: server.received().length };
  return { gateway: one(gateway), relay: one(relay) };
}

function respond(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}

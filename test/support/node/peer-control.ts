/** The control server: tests inside workerd cannot listen on a port, so they ask here for peers, over HTTP. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Behaviour, ClamdBehaviour, HookAnswer, LoginServerOptions, Zone } from '../behaviour.ts';
import { type LoginServer, startLoginServer } from './login-server.ts';
import { ScriptedHook } from './scripted-hook.ts';
import { type ScriptedPeer, startScriptedPeer } from './scripted-peer.ts';
import { answerDns } from './scripted-resolver.ts';
import { answerScan, ScriptedClamd } from './scripted-scanners.ts';

export type PeerControl = { readonly url: string; stop(): Promise<void> };

type Call = { readonly verb: string; readonly peer: ScriptedPeer; readonly body: () => Promise<Behaviour> };

export async function startPeerControl(): Promise<PeerControl> {
  const peers = new Map<string, ScriptedPeer>();
  const zones: Zone[] = [];
  const hooks: ScriptedHook[] = [];
  const loginServers: LoginServer[] = [];
  const clamds: ScriptedClamd[] = [];
  const server = createServer((request, response) => {
    const [, kind, number, verb] = new URL(request.url ?? '/', 'http://control.test').pathname.split('/');
    if (kind === 'resolvers' && number !== undefined && verb === 'set') {
      void textOf(request).then((text) => {
        zones[Number(number)] = JSON.parse(text) as Zone;
        respond(response, 200, null);
      });
      return;
    }
    if (kind === 'resolvers' && number !== undefined) {
      answerDns(request, response, zones[Number(number)] ?? {});
      return;
    }
    if (kind === 'resolvers') {
      void textOf(request).then((text) => {
        zones.push(JSON.parse(text) as Zone);
        respond(response, 200, { id: String(zones.length - 1) });
      });
      return;
    }
    if (kind === 'hooks' && verb === 'call') {
      void hooks[Number(number)]?.take(request, response);
      return;
    }
    if (kind === 'hooks') {
      void textOf(request)
        .then((text) => steerHook(hooks, { number, verb, answers: JSON.parse(text) as readonly HookAnswer[] }))
        .then((value) => respond(response, 200, value));
      return;
    }
    if (kind === 'login-servers') {
      void textOf(request)
        .then((text) => startLoginServer(JSON.parse(text) as LoginServerOptions))
        .then((started) => {
          loginServers.push(started);
          respond(response, 200, { port: started.port });
        });
      return;
    }
    if (kind === 'scanners') {
      void answerScan(request, response);
      return;
    }
    if (kind === 'clamds') {
      void textOf(request)
        .then((text) => {
          const clamd = new ScriptedClamd(JSON.parse(text) as ClamdBehaviour);
          clamds.push(clamd);
          return clamd.start();
        })
        .then((started) => respond(response, 200, { port: started }));
      return;
    }
    answer(request, peers).then(
      (value) => respond(response, 200, value),
      (problem: unknown) => respond(response, 500, { problem: String(problem) }),
    );
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      for (const peer of peers.values()) await peer.stop();
      for (const one of [...loginServers, ...clamds]) await one.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type HookOrder = {
  readonly number: string | undefined;
  readonly verb: string | undefined;
  readonly answers: readonly HookAnswer[];
};

/** `POST /hooks`, then `POST /hooks/{id}/{verb}`; what is to be tested calls `/hooks/{id}/call`. */
function steerHook(hooks: ScriptedHook[], { number, verb, answers }: HookOrder): unknown {
  if (number === undefined) return { id: String(hooks.push(new ScriptedHook(answers)) - 1) };
  const hook = hooks[Number(number)];
  if (verb === 'set') hook?.set(answers);
  if (verb === 'release') hook?.release();
  return verb === 'calls' ? hook?.calls : null;
}

/** `POST /peers`, then `POST /peers/{id}/{verb}`. */
async function answer(request: IncomingMessage, peers: Map<string, ScriptedPeer>): Promise<unknown> {
  const [, , id, verb = ''] = (request.url ?? '').split('/');
  const body = async (): Promise<Behaviour> => JSON.parse(await textOf(request)) as Behaviour;
  if (id === undefined) {
    const peer = await startScriptedPeer(await body());
    const name = String(peers.size + 1);
    peers.set(name, peer);
    return { id: name, port: peer.port };
  }
  const peer = peers.get(id);
  if (peer === undefined) throw new Error(`no peer ${id}`);
  return perform({ verb, peer, body });
}

async function perform({ verb, peer, body }: Call): Promise<unknown> {
  switch (verb) {
    case 'set':
      return peer.set(await body());
    case 'received':
      return peer.received().map((message) => ({ ...message, content: message.content.toString('base64') }));
    case 'digests':
      return peer.received().map((message) => ({ ...message, content: '' }));
    case 'dialogue':
      return peer.dialogue();
    case 'connections':
      return peer.connections();
    case 'stop':
      return peer.stop();
    case 'start':
      return peer.start();
    default:
      throw new Error(`no verb ${verb}`);
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function respond(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value ?? null));
}

/** Scripted SMTP peers for tests inside workerd. What they can do is in behaviour.ts; they live in Node and are asked over HTTP. */
import type { Behaviour, DialogueLine, LoginServerOptions, TakenMessage } from './behaviour.ts';
import { testEnv } from './test-env.ts';

export type ReceivedMessage = TakenMessage<Uint8Array>;

export type Peer = {
  readonly host: string;
  readonly port: number;
  /** from now on, for open connections too; counts of `times` begin anew */
  set(behaviour: Behaviour): Promise<void>;
  /** in the order in which they came, dot-unstuffed */
  received(): Promise<readonly ReceivedMessage[]>;
  /** like `received`, but `content` is left empty: for messages of many megabytes */
  digests(): Promise<readonly ReceivedMessage[]>;
  dialogue(): Promise<readonly DialogueLine[]>;
  /** connections accepted so far */
  connections(): Promise<number>;
  /** connecting is refused from now on, and every open connection is cut */
  stop(): Promise<void>;
  /** on the same port again */
  start(): Promise<void>;
};

/** `localhost`, not an address: TLS is checked against the name. `tls: 'implicit'` and the certificate cannot be changed later. */
export async function startPeer(behaviour: Behaviour = {}): Promise<Peer> {
  const { id, port } = await ask<{ id: string; port: number }>('peers', behaviour);
  const verb = <Answer>(name: string, body?: Behaviour) => ask<Answer>(`peers/${id}/${name}`, body);
  const taken = async (name: string) =>
    (await verb<readonly TakenMessage<string>[]>(name)).map((message) => ({
      ...message,
      content: bytesOf(message.content),
    }));
  return {
    host: 'localhost',
    port,
    set: (next) => verb('set', next),
    received: () => taken('received'),
    digests: () => taken('digests'),
    dialogue: () => verb('dialogue'),
    connections: () => verb('connections'),
    stop: () => verb('stop'),
    start: () => verb('start'),
  };
}

/** npm smtp-server with STARTTLS and one mechanism. */
export async function startLoginServer(options: LoginServerOptions): Promise<Pick<Peer, 'host' | 'port'>> {
  const { port } = await ask<{ port: number }>('login-servers', options);
  return { host: 'localhost', port };
}

async function ask<Answer>(path: string, body?: Behaviour | LoginServerOptions): Promise<Answer> {
  const response = await fetch(`${testEnv.PEER_CONTROL}/${path}`, { method: 'POST', body: JSON.stringify(body ?? {}) });
  if (!response.ok) throw new Error(`peer control: ${await response.text()}`);
  return response.json();
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

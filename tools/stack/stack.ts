/** The whole thing on loopback: the Worker, the SMTP front before it, a gateway and a world behind it. */
import { join } from 'node:path';
import { buildWeb } from '../build-web.ts';
import { type Front, type FrontEvent, startFront } from '../front.ts';
import type { Endpoint } from './harbour.ts';
import { type MailServer, type ReceivedMail, startMailServer } from './mail-server.ts';
import { type Api, operatorApi } from './operator-api.ts';
import { type Secrets, secretsOf } from './secrets.ts';
import { type RunningWorker, startWorker } from './worker.ts';

export type StackSettings = {
  readonly dataFolder: string;
  readonly httpPort: number;
  readonly smtpPort: number;
  /** a port to start a demo server on, or where a real one is */
  readonly gateway: ServerPlace;
  readonly relay: ServerPlace;
  /** instead of the one kept in the data folder */
  readonly operatorToken?: string;
  readonly report: StackReport;
};

export type ServerPlace =
  | { readonly kind: 'demo'; readonly port: number; readonly limit?: number }
  | ({ readonly kind: 'real' } & Endpoint);

/** What goes on in the stack, for whoever shows it. */
export type StackReport = {
  readonly front: (event: FrontEvent) => void;
  readonly gateway: (mail: ReceivedMail) => void;
  readonly world: (mail: ReceivedMail) => void;
  readonly worker: (event: Readonly<Record<string, unknown>>) => void;
};

export type Stack = {
  readonly url: string;
  readonly smtpPort: number;
  readonly secrets: Secrets;
  readonly api: Api;
  readonly gateway: { readonly at: Endpoint; readonly server: MailServer | undefined };
  readonly relay: { readonly at: Endpoint; readonly server: MailServer | undefined };
  /** rejects when the Worker that was started first ends by itself */
  readonly ended: Promise<void>;
  /** killed in the middle of whatever it does, and started again on what it had stored; resolves when it answers */
  crashWorker(): Promise<void>;
  close(): Promise<void>;
};

/** Rejects when a part does not start; the parts that did are stopped again. */
export async function startStack(settings: StackSettings): Promise<Stack> {
  const kept = await secretsOf(settings.dataFolder);
  const secrets = { ...kept, operatorToken: settings.operatorToken ?? kept.operatorToken };
  const started: { close(): Promise<void> }[] = [];
  const close = async () => {
    for (const part of started.splice(0).reverse()) await part.close();
  };
  try {
    await buildWeb();
    const gateway = await serverAt(settings, 'gateway', started);
    const relay = await serverAt(settings, 'relay', started);
    let worker = await runWorker(settings, secrets, relay.at);
    started.push({ close: () => worker.kill() });
    const front = await runFront(settings, worker.url, secrets);
    started.push(front);
    return {
      url: worker.url,
      smtpPort: front.port,
      secrets,
      api: operatorApi(worker.url, secrets.operatorToken),
      gateway,
      relay,
      ended: worker.ended,
      async crashWorker() {
        await worker.kill();
        worker = await runWorker(settings, secrets, relay.at);
      },
      close,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}

type Placed = { readonly at: Endpoint; readonly server: MailServer | undefined };

async function serverAt(
  settings: StackSettings,
  role: 'gateway' | 'relay',
  started: { close(): Promise<void> }[],
): Promise<Placed> {
  const place = settings[role];
  if (place.kind === 'real') return { at: { host: place.host, port: place.port }, server: undefined };
  const name = role === 'gateway' ? 'mail.harbour.example' : 'relay.world.example';
  const onMail = role === 'gateway' ? settings.report.gateway : settings.report.world;
  const folder = join(settings.dataFolder, role === 'gateway' ? 'gateway-mail' : 'world-mail');
  const server = await startMailServer({ name, port: place.port, folder, onMail });
  started.push(server);
  return { at: { host: '127.0.0.1', port: server.port }, server };
}

function runWorker(settings: StackSettings, secrets: Secrets, relay: Endpoint): Promise<RunningWorker> {
  return startWorker({
    port: settings.httpPort,
    dataFolder: settings.dataFolder,
    environment: {
      SERVICE_HOST: 'edge.breakwater.test',
      PUBLIC_URL: `http://localhost:${settings.httpPort}`,
      ALLOW_PRIVATE_PEERS: 'yes',
      // No name here is one that the Internet knows, and a machine without it would wait for every answer.
      DNS_RESOLVERS: '',
      RELAY: `${relay.host}:${relay.port}`,
      RELAY_TLS: 'none',
      OPERATOR_TOKEN: secrets.operatorToken,
      INGEST_TOKEN: secrets.ingestToken,
      SEAL_KEY: secrets.sealKey,
    },
    onEvent: settings.report.worker,
  });
}

function runFront(settings: StackSettings, url: string, secrets: Secrets): Promise<Front> {
  const { smtpPort, report, dataFolder } = settings;
  const holdFolder = join(dataFolder, 'front');
  return startFront(
    { smtpPort, host: '127.0.0.1', ingestUrl: `${url}/ingest`, token: secrets.ingestToken, holdFolder },
    report.front,
  );
}

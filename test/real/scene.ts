/** The proof's scene: Breakwater's local stack before a real Postfix and a real Dovecot, all on loopback and gone afterwards. */
import { join } from 'node:path';
import { CLIENT_ID, DOMAIN, enrolHarbour } from '../../tools/stack/harbour.ts';
import { freePort } from '../../tools/stack/ports.ts';
import { createDovecot, type Dovecot } from '../../tools/stack/real/dovecot.ts';
import { openServersFolder } from '../../tools/stack/real/folder.ts';
import { createPostfix, type Postfix } from '../../tools/stack/real/postfix.ts';
import {
  mainCf,
  maps,
  masterCf,
  type PostfixConfig,
  type PostfixPerson,
} from '../../tools/stack/real/postfix-config.ts';
import { userOf } from '../../tools/stack/real/user.ts';
import { type Stack, startStack } from '../../tools/stack/stack.ts';
import { sentCopiesSieve } from './recipe.ts';

export type RealServers = {
  readonly postfix: Postfix;
  readonly dovecot: Dovecot;
  readonly mailFolder: string;
  readonly submissionPort: number;
  readonly publicPort: number;
  readonly lmtpPort: number;
  readonly people: readonly PostfixPerson[];
  /** of every login at the servers */
  readonly password: string;
  /** for whatever else belongs to the scene and ends with it */
  readonly folder: string;
  close(): Promise<void>;
};

const CERTIFICATES = join(import.meta.dirname, '../support/certificates');
const HOSTNAME = 'mail.harbour.example';
const PASSWORD = 'a-proof-opens-nothing';

/** Dovecot runs; Postfix is not started yet. Every second person's mail goes on to Dovecot, the others' into Maildirs of Postfix. */
export async function openRealServers(names: readonly string[]): Promise<RealServers> {
  const folder = await openServersFolder();
  try {
    const [owner, lmtpPort, submissionPort, publicPort] = await Promise.all([
      userOf('nobody'),
      freePort(),
      freePort(),
      freePort(),
    ]);
    const staff = names.map((name, index): PostfixPerson => {
      return { address: `${name}@${DOMAIN}`, delivery: index % 2 === 0 ? 'lmtp' : 'maildir' };
    });
    const mailFolder = join(folder.path, 'mail');
    const shared = { mailFolder, hostname: HOSTNAME, lmtpPort, owner };
    const dovecot = await createDovecot(
      { ...shared, folder: join(folder.path, 'dovecot'), password: PASSWORD, sieve: await sentCopiesSieve() },
      staff.map(({ address }) => address),
    );
    await dovecot.start();
    const config: PostfixConfig = {
      ...shared,
      folder: join(folder.path, 'postfix'),
      domain: DOMAIN,
      submissionPort,
      publicPort,
      authSocket: dovecot.authSocket,
      certificate: join(CERTIFICATES, 'test-only-localhost.pem'),
      key: join(CERTIFICATES, 'test-only.key'),
    };
    const postfix = await createPostfix({
      folder: config.folder,
      mainCf: mainCf(config),
      masterCf: masterCf(config),
      maps: maps(config, staff),
      ports: [submissionPort, publicPort],
    });
    return {
      postfix,
      dovecot,
      mailFolder,
      submissionPort,
      publicPort,
      lmtpPort,
      people: staff,
      password: PASSWORD,
      folder: folder.path,
      close: () => folder.close(),
    };
  } catch (cause) {
    await folder.close();
    throw cause;
  }
}

/** Harbour Ltd with this Postfix as its gateway: STARTTLS and a login, as a client would give it to us. */
export async function openStack(servers: RealServers, messagesPerMinute: number): Promise<Stack> {
  const stack = await startStack({
    dataFolder: join(servers.folder, 'breakwater'),
    httpPort: await freePort(),
    smtpPort: 0,
    gateway: { kind: 'real', host: 'localhost', port: servers.submissionPort },
    relay: { kind: 'demo', port: 0 },
    report: { front: () => {}, gateway: () => {}, world: () => {}, worker: sayTrouble },
  });
  await enrolHarbour(stack.api, {
    gateway: stack.gateway.at,
    people: servers.people.map(({ address }) => ({ address, name: address, password: PASSWORD })),
    thresholds: { amount: 3, durationSeconds: 10, frequency: { deferrals: 6, perSeconds: 60 }, confirmSeconds: 0 },
    probe: { firstSeconds: 0.5, capSeconds: 2 },
    recovery: { probes: 2, spanSeconds: 1 },
    messagesPerMinute,
  });
  await stack.api.send('PUT', `/clients/${CLIENT_ID}/gateways`, {
    gateways: [
      {
        host: 'localhost',
        port: servers.submissionPort,
        tls: 'starttls',
        username: servers.people[0]?.address ?? '',
        password: PASSWORD,
      },
    ],
  });
  return stack;
}

/** Of interest when a test fails: vitest shows it then. */
function sayTrouble(event: Readonly<Record<string, unknown>>): void {
  if (event['kind'] === 'trouble' || event['kind'] === 'health') process.stdout.write(`${JSON.stringify(event)}\n`);
}

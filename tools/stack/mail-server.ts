/**
 * A mail server to be given mail, and to fail on command: the client's gateway of the local stack, and its "world".
 * It keeps what it took, on disk when it has a folder, and what is needed to compare it with what was sent.
 */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { stripTrace } from './trace.ts';

/**
 * How a server can be broken: nothing listens; it accepts and never speaks; it accepts and resets; it says 421 in its banner;
 * it talks, but defers every MAIL.
 */
export const FAULTS = ['refuse', 'hang', 'reset', '421', '451-mail'] as const;
export type ServerFault = (typeof FAULTS)[number];

export type ReceivedMail = {
  /** epoch ms at which its reply was given */
  readonly at: number;
  readonly mailFrom: string;
  readonly recipients: readonly string[];
  readonly sizeBytes: number;
  /** of the message itself, without its angle brackets; empty when it has none */
  readonly messageId: string;
  /** the fields Breakwater prepended */
  readonly trace: readonly string[];
  /** hex SHA-256 of what is behind them */
  readonly sha256: string;
};

export type MailServerSettings = {
  readonly name: string;
  readonly port: number;
  /** where to keep each message as NNNNN.eml with its envelope beside it; not kept without */
  readonly folder?: string;
  readonly onMail?: (mail: ReceivedMail) => void;
};

/** `limit`: undefined while it bears any number */
export type Load = {
  readonly turnedAway: number;
  readonly mostConnections: number;
  readonly limit: number | undefined;
};

export type MailServer = {
  readonly port: number;
  /** in the order of arrival */
  received(): readonly ReceivedMail[];
  /** undefined while it works */
  fault(): ServerFault | undefined;
  /** how often it has said 421 because of its limit, and how many connections it has borne at a time since */
  load(): Load;
  /** more connections at a time are sent away with 421 from now on */
  limitTo(connections: number): void;
  /** these people are unknown to it from now on (550): a server that came back without them; none: it knows everybody again */
  forget(people: readonly string[]): void;
  /** every connection is cut, whatever was going on in it */
  fail(fault: ServerFault): Promise<void>;
  /** on the same port */
  repair(): Promise<void>;
  close(): Promise<void>;
};

const HOST = '127.0.0.1';
const MAX_MESSAGE_BYTES = 52_428_800;

/** Port 0 takes any free one. Rejects with the system's error when it can not listen. */
export async function startMailServer(settings: MailServerSettings): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  let fault: ServerFault | undefined;
  let forgotten: ReadonlySet<string> = new Set();
  let limit: number | undefined;
  let [turnedAway, mostConnections] = [0, 0];
  if (settings.folder !== undefined) await mkdir(settings.folder, { recursive: true });

  const smtp = new SMTPServer({
    name: settings.name,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: MAX_MESSAGE_BYTES,
    onMailFrom: (_address, _session, reply) => reply(fault === '451-mail' ? deferral() : null),
    onRcptTo: ({ address }, _session, reply) => reply(forgotten.has(address.toLowerCase()) ? unknownUser() : null),
    onData(stream, session, reply) {
      void keep(stream, session, { settings, number: received.length + 1 }).then(
        (mail) => {
          received.push(mail);
          settings.onMail?.(mail);
          reply(null, `2.0.0 Kept as ${received.length}`);
        },
        () => reply(deferral()),
      );
    },
  });
  smtp.on('error', () => {});

  const accept = (socket: Socket) => {
    if (fault === undefined && sockets.size >= (limit ?? Number.POSITIVE_INFINITY)) {
      turnedAway += 1;
      socket.on('error', () => {}).end('421 4.7.0 Too many connections from your host\r\n');
      return;
    }
    sockets.add(socket);
    mostConnections = Math.max(mostConnections, sockets.size);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    greet(socket, fault, smtp);
  };
  let listener = await listen(settings.port, accept);
  const port = portOf(listener);
  const cut = async () => {
    const closed = new Promise((done) => listener.close(done));
    for (const socket of sockets) socket.destroy();
    await closed;
  };

  return {
    port,
    received: () => received,
    fault: () => fault,
    load: () => ({ turnedAway, mostConnections, limit }),
    limitTo(connections) {
      limit = connections;
      mostConnections = 0;
    },
    forget(people) {
      forgotten = new Set(people.map((address) => address.toLowerCase()));
    },
    async fail(next) {
      await cut();
      fault = next;
      if (next !== 'refuse') listener = await listen(port, accept);
    },
    async repair() {
      if (fault !== 'refuse') await cut();
      fault = undefined;
      listener = await listen(port, accept);
    },
    close: () => (listener.listening ? cut() : Promise.resolve()),
  };
}

function greet(socket: Socket, fault: ServerFault | undefined, smtp: SMTPServer): void {
  switch (fault) {
    case undefined:
    case '451-mail':
      smtp.connect(socket);
      return;
    case 'reset':
      socket.resetAndDestroy();
      return;
    case '421':
      socket.end('421 4.3.2 Service not available, closing transmission channel\r\n');
      return;
    case 'hang':
    case 'refuse':
      // Accepted and left alone; what it sends is read away, so that only the silence is felt.
      socket.resume();
  }
}

type Keeping = { readonly settings: MailServerSettings; readonly number: number };

async function keep(
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  { settings, number }: Keeping,
): Promise<ReceivedMail> {
  const raw = await buffer(stream);
  const { fields, content } = stripTrace(raw);
  const { mailFrom, rcptTo } = session.envelope;
  const mail: ReceivedMail = {
    at: Date.now(),
    mailFrom: mailFrom === false ? '' : mailFrom.address,
    recipients: rcptTo.map(({ address }) => address),
    sizeBytes: raw.byteLength,
    messageId: /^message-id:\s*<([^>\r\n]+)>/im.exec(headOf(content))?.[1] ?? '',
    trace: fields,
    sha256: createHash('sha256').update(content).digest('hex'),
  };
  if (settings.folder !== undefined) await writeMail(join(settings.folder, `${mail.at}-${number}`), raw, mail);
  return mail;
}

function headOf(content: Buffer): string {
  const end = content.indexOf('\r\n\r\n');
  return content.toString('latin1', 0, end === -1 ? content.byteLength : end);
}

async function writeMail(path: string, raw: Buffer, { mailFrom, recipients, at }: ReceivedMail): Promise<void> {
  await writeFile(`${path}.eml`, raw, { mode: 0o600 });
  await writeFile(`${path}.json`, `${JSON.stringify({ at, mailFrom, recipients })}\n`, { mode: 0o600 });
}

function deferral(): Error & { readonly responseCode: number } {
  return Object.assign(new Error('4.3.0 Temporary failure of the mail system'), { responseCode: 451 });
}

function unknownUser(): Error & { readonly responseCode: number } {
  return Object.assign(new Error('5.1.1 User unknown'), { responseCode: 550 });
}

function listen(port: number, accept: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(accept);
    server.once('error', reject).listen(port, HOST, () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

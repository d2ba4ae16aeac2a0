/**
 * The SMTP server in front of `/ingest`: for clients whose DNS is not at Cloudflare, and for the local stack.
 *
 * It holds nothing: a message is in a temporary file only until the Worker has answered, and the peer hears that answer. So a
 * crash loses nothing, the peer still has its copy. Only an explicit 5xx of the Worker is passed on as one; a Worker that can
 * not be reached, or answers strangely, is 451 and the peer tries again (P2).
 *
 * SMTP has one reply to DATA for all recipients of a transaction. All taken: 250. One to come later: 451, the peer offers the
 * message for all of them again, and those who have it are remembered so that they do not get it twice. All refused: that 5xx.
 * Some taken and some refused (which the Worker does not do: it keeps what a gateway or a rule refuses when it is told of
 * several recipients): 250, because a 5xx would bounce what was taken.
 *
 * No TLS and no login: it listens on loopback, or behind an MTA of the client's that has both.
 */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerError, type SMTPServerSession } from 'smtp-server';
import { type Answer, combine, type Disposition, TRY_LATER, type Verdict } from './front/answer.ts';
import { type HeldCopy, holdCopy } from './front/held-copy.ts';
import { type IngestSettings, ingest, type Transaction } from './front/ingest-client.ts';
import { createTakenBefore, type TakenBefore } from './front/taken-before.ts';

// What Cloudflare Email Routing takes, so that both ways in are alike.
const MAX_MESSAGE_BYTES = 26_214_400;
// RFC 5321 §4.5.3.1.8 asks for 100 at least; each costs a request to the Worker while one sender waits.
const MAX_RECIPIENTS = 100;
// One transaction of 100 recipients must end within the sender's patience without crowding out the others.
const REQUESTS_AT_ONCE = 6;
// RFC 5321 §4.5.3.2.7: a server waits five minutes at least for the next command.
const IDLE_MS = 300_000;
// A peer in the middle of a transaction is given this long when we stop; then 421, and it comes again.
const CLOSE_MS = 3_000;

export type FrontSettings = IngestSettings & {
  readonly smtpPort: number;
  readonly host: string;
  /** where messages are while they are handed on; emptied at the start, of what a crash has left */
  readonly holdFolder: string;
};

/** One line per transaction: sizes and replies, never whose mail it was. */
export type FrontEvent = {
  readonly recipients: number;
  readonly sizeBytes: number;
  readonly reply: string;
  /** of the recipients for whom it was taken */
  readonly dispositions: readonly Disposition[];
};

export type Front = { readonly port: number; close(): Promise<void> };

/** Resolves when it listens; rejects with the system's error (`EADDRINUSE`) when it can not. Port 0 takes any free one. */
export async function startFront(settings: FrontSettings, log: (event: FrontEvent) => void = () => {}): Promise<Front> {
  const { holdFolder } = settings;
  await rm(holdFolder, { recursive: true, force: true });
  await mkdir(holdFolder, { recursive: true, mode: 0o700 });
  const takenBefore = createTakenBefore(Date.now);
  const gone = new WeakSet<SMTPServerSession>();
  const server = new SMTPServer({
    name: 'front.breakwater.test',
    banner: 'Breakwater',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: MAX_MESSAGE_BYTES,
    rejectOversized: true,
    maxRecipients: MAX_RECIPIENTS,
    socketTimeout: IDLE_MS,
    closeTimeout: CLOSE_MS,
    onClose: (session) => gone.add(session),
    onData(stream, session, reply) {
      const hears = () => !gone.has(session);
      void take(stream, transactionOf(session), { settings, takenBefore, hears, log }).then((answer) => {
        if (answer.kind === 'taken') reply(null, answer.reply.slice(4));
        else reply(smtpError(answer.reply));
      });
    },
  });
  return listening(server, settings);
}

type Surroundings = {
  readonly settings: FrontSettings;
  readonly takenBefore: TakenBefore;
  /** false once the peer has hung up: then it does not know what we answer, and will come again */
  readonly hears: () => boolean;
  readonly log: (event: FrontEvent) => void;
};

/** Never rejects: a full disk is our trouble, and temporary. */
async function take(
  stream: SMTPServerDataStream,
  transaction: Transaction,
  surroundings: Surroundings,
): Promise<Verdict> {
  const place = { folder: surroundings.settings.holdFolder, limitBytes: MAX_MESSAGE_BYTES };
  const copy = await holdCopy(stream, place).catch(() => undefined);
  if (copy === undefined) {
    stream.resume();
    return TRY_LATER;
  }
  try {
    // The server answers 552 by itself then (`rejectOversized`).
    if (stream.sizeExceeded) return TRY_LATER;
    const answers = await offer(copy, transaction, surroundings);
    const verdict = combine(answers);
    surroundings.log({
      recipients: transaction.recipients.length,
      sizeBytes: copy.sizeBytes,
      reply: verdict.reply,
      dispositions: answers.flatMap((answer) => (answer.kind === 'taken' ? [answer.disposition] : [])),
    });
    return verdict;
  } finally {
    await copy.remove();
  }
}

async function offer(
  copy: HeldCopy,
  transaction: Transaction,
  { settings, takenBefore, hears }: Surroundings,
): Promise<readonly Answer[]> {
  const keyOf = (recipient: string) => [copy.sha256, transaction.mailFrom, recipient].join('\n');
  const answers = await inTurns(transaction.recipients, async (recipient): Promise<Answer> => {
    if (!takenBefore.has(keyOf(recipient))) return ingest(copy, recipient, transaction, settings);
    return { kind: 'taken', reply: '250 2.0.0 Accepted before', disposition: 'before' };
  });
  const comesAgain = combine(answers).kind === 'later' || !hears();
  for (const [index, recipient] of transaction.recipients.entries()) {
    if (comesAgain && answers[index]?.kind === 'taken') takenBefore.remember(keyOf(recipient));
    if (!comesAgain) takenBefore.forget(keyOf(recipient));
  }
  return answers;
}

async function inTurns<T, R>(items: readonly T[], step: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += REQUESTS_AT_ONCE) {
    results.push(...(await Promise.all(items.slice(start, start + REQUESTS_AT_ONCE).map(step))));
  }
  return results;
}

function transactionOf(session: SMTPServerSession): Transaction {
  const { mailFrom, rcptTo } = session.envelope;
  return {
    mailFrom: mailFrom === false ? '' : mailFrom.address,
    // Named twice is still one person, and one copy.
    recipients: [...new Set(rcptTo.map(({ address }) => address))],
    helo: session.hostNameAppearsAs,
    remoteIp: session.remoteAddress,
  };
}

function smtpError(reply: string): SMTPServerError {
  return Object.assign(new Error(reply.slice(4)), { responseCode: Number(reply.slice(0, 3)) });
}

function listening(server: SMTPServer, { smtpPort, host }: FrontSettings): Promise<Front> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const socket = server.listen(smtpPort, host, () => {
      server.off('error', reject);
      // A peer's broken connection is its own affair: the transaction was not answered, so it comes again.
      server.on('error', () => {});
      const address = socket.address();
      const port = typeof address === 'object' && address !== null ? address.port : smtpPort;
      resolve({ port, close: () => new Promise((closed) => server.close(closed)) });
    });
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      smtp: { type: 'string', default: '2525' },
      host: { type: 'string', default: '127.0.0.1' },
      ingest: { type: 'string', default: 'http://127.0.0.1:8787/ingest' },
    },
  });
  // From the environment, because everybody on the machine can read a command line.
  const token = process.env['INGEST_TOKEN'];
  if (token === undefined) throw new Error('Set INGEST_TOKEN to the token the Worker has.');
  const holdFolder = await mkdtemp(join(tmpdir(), 'breakwater-front-'));
  process.on('exit', () => rmSync(holdFolder, { recursive: true, force: true }));
  const settings = { smtpPort: Number(values.smtp), host: values.host, ingestUrl: values.ingest, token, holdFolder };
  const front = await startFront(settings, (event) => process.stdout.write(`${JSON.stringify(event)}\n`));
  process.stdout.write(`SMTP on ${values.host}:${front.port}, to ${values.ingest}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void front.close());
}

if (import.meta.main) {
  await main().catch((problem: unknown) => {
    process.stderr.write(`${problem instanceof Error ? problem.message : String(problem)}\n`);
    process.exitCode = 1;
  });
}

/** The world that writes to Harbour Ltd: real SMTP, and like any MTA it tries again when it is told to. */
import { setTimeout as wait } from 'node:timers/promises';
import { openSmtp, type SmtpClient } from '../stack/smtp-client.ts';
import type { DrillMessage } from './corpus.ts';

export type Accepted = { readonly message: DrillMessage; readonly reply: string };

// A few at once, as on an ordinary day; each has its own connection and keeps it.
const CONNECTIONS = 4;
// An MTA waits minutes; a drill is short.
const RETRY_MS = 1_000;
const MAX_TRIES = 30;

/** Resolves when every message has been accepted; rejects when one is refused, or deferred again and again. */
export async function sendAll(
  messages: readonly DrillMessage[],
  { port, connections = CONNECTIONS }: { readonly port: number; readonly connections?: number | undefined },
  onAccepted: (accepted: Accepted) => void,
): Promise<void> {
  const queue = [...messages];
  const work = async () => {
    const client = await openSmtp('127.0.0.1', port);
    try {
      for (let message = queue.shift(); message !== undefined; message = queue.shift()) {
        onAccepted({ message, reply: await untilAccepted(client, message) });
      }
    } finally {
      client.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(connections, messages.length) }, work));
}

async function untilAccepted(client: SmtpClient, message: DrillMessage): Promise<string> {
  let last = '';
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const { code, line } = await client.send(
      { mailFrom: message.mailFrom, recipients: [message.recipient] },
      message.content,
    );
    if (code < 300) return line;
    if (code >= 500) throw new Error(`"${message.subject}" was refused: ${line}`);
    last = line;
    await wait(RETRY_MS);
  }
  throw new Error(`"${message.subject}" was deferred ${MAX_TRIES} times, at last with: ${last}`);
}

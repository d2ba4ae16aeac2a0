/** The world that writes, in an order that can be checked: one connection for each recipient, one message after the other. */
import { setTimeout as wait } from 'node:timers/promises';
import type { DrillMessage } from '../../tools/drill/corpus.ts';
import { openSmtp, type SmtpClient } from '../../tools/stack/smtp-client.ts';

const RETRY_MS = 500;
const MAX_TRIES = 60;

/** Resolves when every message has been accepted. */
export async function sendInOrder(messages: readonly DrillMessage[], port: number): Promise<void> {
  const byRecipient = Map.groupBy(messages, ({ recipient }) => recipient);
  await Promise.all([...byRecipient.values()].map((theirs) => sendOneByOne(theirs, port)));
}

async function sendOneByOne(messages: readonly DrillMessage[], port: number): Promise<void> {
  const client = await openSmtp('127.0.0.1', port);
  try {
    for (const message of messages) await untilAccepted(client, message);
  } finally {
    client.close();
  }
}

async function untilAccepted(
  client: SmtpClient,
  { mailFrom, recipient, content, messageId }: DrillMessage,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const { code, line } = await client.send({ mailFrom, recipients: [recipient] }, content);
    if (code < 300) return;
    if (code >= 500 || tries === MAX_TRIES) throw new Error(`${messageId} to ${recipient} was not accepted: ${line}`);
    await wait(RETRY_MS);
  }
}

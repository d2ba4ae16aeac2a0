/** Postfix's own way to give a queue away, `postqueue -f`, into the same sink. */
import { join } from 'node:path';
import { freePort } from '../../tools/stack/ports.ts';
import { PROGRAMS } from '../../tools/stack/real/installed.ts';
import { createPostfix } from '../../tools/stack/real/postfix.ts';
import { COMMON_MAIN, COMMON_SERVICES } from '../../tools/stack/real/postfix-config.ts';
import { runProgram } from '../../tools/stack/real/program.ts';
import { openSmtp } from '../../tools/stack/smtp-client.ts';
import { contentOf } from './content.ts';
import type { FloorRun } from './floor.ts';
import { cpuMsOf, type Figure, measure } from './measure.ts';
import type { Sink } from './sink.ts';

const SENDERS = 6;

let runs = 0;

/** A Postfix of its own for each run: its concurrency is in its configuration. */
export async function flushPostfix(folder: string, sink: Sink, order: FloorRun): Promise<Figure> {
  runs += 1;
  const own = join(folder, `postfix-${runs}`);
  const port = await freePort();
  const postfix = await createPostfix({
    folder: own,
    mainCf: mainCf(own, sink.port, order.connections),
    masterCf: `127.0.0.1:${port} inet n - n - - smtpd\n${COMMON_SERVICES}`,
    maps: {},
    ports: [port],
  });
  await postfix.start();
  try {
    await fill(port, order);
    sink.forget();
    await runProgram(PROGRAMS.postconf, ['-c', own, 'defer_transports=']);
    // Not reload: a queue manager that is about to end would hear of the flush.
    await postfix.stop();
    await postfix.start();
    await runProgram(PROGRAMS.postqueue, ['-c', own, '-f']);
    return await measure(sink, order.messages, () => cpuMsOf(own, 'all'));
  } finally {
    await postfix.kill();
  }
}

function mainCf(folder: string, sinkPort: number, connections: number): string {
  return `${COMMON_MAIN}queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file = ${folder}/mail.log
maillog_file_prefixes = /tmp
myhostname = bench.example
mydestination =
mynetworks = 127.0.0.0/8
message_size_limit = 52428800
relayhost = [127.0.0.1]:${sinkPort}
defer_transports = smtp
default_destination_concurrency_limit = ${connections}
initial_destination_concurrency = ${connections}
default_process_limit = 30
`;
}

async function fill(port: number, { messages, sizeBytes }: FloorRun): Promise<void> {
  let next = 0;
  const work = async () => {
    const client = await openSmtp('127.0.0.1', port);
    for (let index = next++; index < messages; index = next++) {
      const envelope = { mailFrom: 'bench@world.example', recipients: ['anna@harbour.example'] };
      const { code, line } = await client.send(envelope, Buffer.from(contentOf(index, sizeBytes)));
      if (code !== 250) throw new Error(`Postfix did not take a message: ${line}`);
    }
    client.close();
  };
  await Promise.all(Array.from({ length: Math.min(SENDERS, messages) }, work));
}

/** The replay itself: messages are kept while nobody listens, and measured on their way to the sink. */
import { join } from 'node:path';
import { outageOf, statusOf } from '../../tools/drill/answers.ts';
import { until } from '../../tools/drill/until.ts';
import { CLIENT_ID, enrolHarbour, people } from '../../tools/stack/harbour.ts';
import { freePort } from '../../tools/stack/ports.ts';
import { openSmtp } from '../../tools/stack/smtp-client.ts';
import { type Stack, startStack } from '../../tools/stack/stack.ts';
import { contentOf } from './content.ts';
import { cpuMsOf, type Figure, measure } from './measure.ts';
import type { Sink } from './sink.ts';

export type SpoolRun = {
  readonly messages: number;
  readonly sizeBytes: number;
  readonly connections: number;
  readonly messagesPerMinute: number;
};

export type SpoolBench = {
  run(order: SpoolRun): Promise<Figure>;
  close(): Promise<void>;
};

// More people than connections: the messages of one person follow one another.
const PEOPLE = 40;
const SENDERS = 6;
const LIMIT_MS = 300_000;
/** As fast as it goes: the API's own limit. */
export const UNPACED = 60_000;

export async function openSpoolBench(folder: string, sink: Sink): Promise<SpoolBench> {
  const dataFolder = join(folder, 'breakwater');
  const stack = await startStack({
    dataFolder,
    httpPort: await freePort(),
    smtpPort: 0,
    gateway: { kind: 'real', host: '127.0.0.1', port: sink.port },
    relay: { kind: 'demo', port: 0 },
    report: { front: () => {}, gateway: () => {}, world: () => {}, worker: () => {} },
  });
  await enrolHarbour(stack.api, {
    gateway: stack.gateway.at,
    people: people(PEOPLE, 'a-bench-opens-nothing'),
    thresholds: { amount: 3, durationSeconds: 10, frequency: { deferrals: 6, perSeconds: 60 }, confirmSeconds: 0 },
    probe: { firstSeconds: 0.5, capSeconds: 2 },
    recovery: { probes: 2, spanSeconds: 1 },
    messagesPerMinute: UNPACED,
  });
  let sent = 0;
  return {
    async run(order) {
      await sink.refuse();
      await setReplay(stack, order);
      await sendAll(stack, order, sent);
      sent += order.messages;
      const outageId = await downWith(stack);
      sink.forget();
      await sink.open();
      // Said by a person: a server that has failed so often within the hour is not believed for minutes, and rightly.
      const reason = 'the sink is open';
      await stack.api.send('POST', `/clients/${CLIENT_ID}/declare-repair`, { reason });
      await until({ what: 'the gateway is trusted again', limitMs: LIMIT_MS, look: () => isUp(stack) });
      // The canary has gone ahead, and the rest waits for a word: none of it is measured.
      const left = order.messages - sink.arrivals().length;
      sink.forget();
      await stack.api.send('POST', `/clients/${CLIENT_ID}/replay/resume`, undefined);
      const figure = await measure(sink, left, () => cpuMsOf(dataFolder, ['workerd']));
      await until({ what: 'the outage is closed', limitMs: LIMIT_MS, look: () => isClosed(stack, outageId) });
      return figure;
    },
    close: () => stack.close(),
  };
}

async function setReplay({ api }: Stack, order: SpoolRun): Promise<void> {
  const { messagesPerMinute, connections } = order;
  await api.send('PUT', `/clients/${CLIENT_ID}/replay`, {
    messagesPerMinute,
    connections,
    start: 'hold',
  });
}

async function sendAll(stack: Stack, { messages, sizeBytes }: SpoolRun, first: number): Promise<void> {
  const staff = people(PEOPLE, '');
  let next = 0;
  const work = async () => {
    const client = await openSmtp('127.0.0.1', stack.smtpPort);
    for (let index = next++; index < messages; index = next++) {
      const recipient = staff[index % PEOPLE]?.address ?? '';
      const content = Buffer.from(contentOf(first + index, sizeBytes));
      const { code, line } = await client.send({ mailFrom: 'bench@world.example', recipients: [recipient] }, content);
      if (code !== 250) throw new Error(`a message was not kept: ${line}`);
    }
    client.close();
  };
  await Promise.all(Array.from({ length: Math.min(SENDERS, messages) }, work));
}

/** The id of the outage. A few messages are no outage by themselves: then probes find it. */
function downWith(stack: Stack): Promise<string> {
  const look = async () => {
    const { health, outage } = await statusOf(stack.api);
    return health.state === 'down' && outage !== null ? outage.id : undefined;
  };
  return until({ what: 'the outage is noticed', limitMs: LIMIT_MS, look });
}

async function isUp({ api }: Stack): Promise<true | undefined> {
  return (await statusOf(api)).health.state === 'up' ? true : undefined;
}

async function isClosed({ api }: Stack, outageId: string): Promise<true | undefined> {
  return (await outageOf(api, outageId)).closedAtMs === null ? undefined : true;
}

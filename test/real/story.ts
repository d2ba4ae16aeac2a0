/** The story of the proof: mail is kept while Postfix is away; then it is given back while both sides are killed in the middle of it. */
import { setTimeout as wait } from 'node:timers/promises';
import { until } from '../../tools/drill/until.ts';
import { countMaildirs, type Delivered, readMaildirs } from '../../tools/stack/real/maildir.ts';
import type { Stack } from '../../tools/stack/stack.ts';
import { logIn } from '../../tools/stack/webmail.ts';
import { type Judgement, judge } from './judge.ts';
import { proofMessages } from './mail.ts';
import { type Outage, outagesOf, statusOf, uncertainRows } from './report.ts';
import type { RealServers } from './scene.ts';
import { sendInOrder } from './sender.ts';

export type Plan = {
  readonly messages: number;
  /** shares of the messages that have arrived when Postfix is killed, and when the Worker is */
  readonly killServerAt: readonly number[];
  readonly killWorkerAt: number;
  /** for each chapter */
  readonly limitMs: number;
};

export type Observed = Judgement & {
  readonly deliveries: number;
  /** our trace ids of the rows that the reports call uncertain */
  readonly uncertain: ReadonlySet<string>;
  readonly outages: readonly Outage[];
  /** where the message that Anna wrote to Ben has gone, copies included */
  readonly written: readonly Pick<Delivered, 'mailbox' | 'folder' | 'isSeen'>[];
};

// So long a killed server is away: longer than it takes to be noticed.
const AWAY_MS = 3_000;
const SUBJECT = 'Written while the server was away';

export async function tellStory(servers: RealServers, stack: Stack, plan: Plan): Promise<Observed> {
  const addresses = servers.people.map(({ address }) => address);
  const sent = proofMessages(plan.messages, addresses);
  await sendInOrder(sent, stack.smtpPort);
  await untilDown(stack, plan);
  await writeAsAnna(stack, servers, plan);

  await servers.postfix.start();
  for (const share of plan.killServerAt) await killServer(servers, share, plan);
  await untilDelivered(servers, plan.killWorkerAt, plan);
  await stack.crashWorker();
  const outages = await untilGivenBack(stack, plan);
  await untilEmpty(servers, plan);

  const all = await readMaildirs(servers.mailFolder);
  const isWritten = ({ raw }: Delivered) => raw.includes(SUBJECT);
  return {
    ...judge(
      sent,
      all.filter((one) => !isWritten(one)),
    ),
    deliveries: all.length,
    uncertain: await uncertainRows(stack, outages),
    outages,
    written: all.filter(isWritten).map(({ mailbox, folder, isSeen }) => ({ mailbox, folder, isSeen })),
  };
}

async function writeAsAnna(
  stack: Stack,
  { people: [anna, ben], password }: RealServers,
  { limitMs }: Plan,
): Promise<void> {
  const look = () => logIn(stack.url, anna?.address ?? '', password).catch(() => undefined);
  const webmail = await until({ what: 'the mailboxes are open', limitMs, look });
  await webmail.write({ to: [ben?.address ?? ''], subject: SUBJECT, text: 'Hello', inReplyTo: null });
}

async function killServer(servers: RealServers, share: number, plan: Plan): Promise<void> {
  await untilDelivered(servers, share, plan);
  await servers.postfix.kill();
  await wait(AWAY_MS);
  await servers.postfix.start();
}

async function untilDown(stack: Stack, { limitMs }: Plan): Promise<void> {
  const look = async () => ((await statusOf(stack)).health.state === 'down' ? true : undefined);
  await until({ what: 'the gateway is called down', limitMs, look });
}

async function untilDelivered({ mailFolder }: RealServers, share: number, { messages, limitMs }: Plan): Promise<void> {
  const look = async () => ((await countMaildirs(mailFolder)) >= messages * share ? true : undefined);
  await until({ what: `${share} of the messages have arrived`, limitMs, look });
}

async function untilGivenBack(stack: Stack, { limitMs }: Plan): Promise<readonly Outage[]> {
  const look = async () => {
    const outages = await outagesOf(stack);
    return outages.every(({ closedAtMs }) => closedAtMs !== null) ? outages : undefined;
  };
  return until({ what: 'everything is given back', limitMs, look });
}

async function untilEmpty({ postfix }: RealServers, { limitMs }: Plan): Promise<void> {
  const look = async () => ((await postfix.queued()) === 0 ? true : undefined);
  await until({ what: 'Postfix has delivered everything', limitMs, look });
}

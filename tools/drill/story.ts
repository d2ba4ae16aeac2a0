/** The story of an outage, told while it happens: an ordinary day, the failure, the emergency, the repair, the report. */
import { createHash } from 'node:crypto';
import type { Person } from '../stack/harbour.ts';
import type { ReceivedMail } from '../stack/mail-server.ts';
import { logIn, type Webmail } from '../stack/webmail.ts';
import { type Outage, outageOf, statusOf } from './answers.ts';
import { type DrillMessage, drillMessages } from './corpus.ts';
import type { Observations } from './figures.ts';
import { type Scene, SETTINGS } from './scene.ts';
import { type Accepted, sendAll } from './sender.ts';
import { type Expected, isSentCopy, ratePerMinute, tally } from './tally.ts';
import { until } from './until.ts';

// Of all messages, so many before the failure and so many until its repair; the rest come when the gateway is back.
const BEFORE = 1 / 3;
const UNTIL_REPAIR = 5 / 6;

const DETECT_LIMIT_MS = 90_000;
const READ_LIMIT_MS = 60_000;
const SHOW_LIMIT_MS = 30_000;
const REPAIR_LIMIT_MS = 90_000;
// On top of the time that the pace itself asks for.
const REPLAY_LIMIT_MS = 60_000;

export async function tellStory(scene: Scene): Promise<Observations> {
  const { flags, staff } = scene;
  const messages = drillMessages(
    flags.messages,
    staff.map(({ address }) => address),
  );
  const failsAt = Math.floor(messages.length * BEFORE);
  const repairedAt = Math.floor(messages.length * UNTIL_REPAIR);
  const accepted: Accepted[] = [];

  await ordinaryDay(scene, messages.slice(0, failsAt), accepted);
  const failure = await gatewayDies(scene, messages.slice(failsAt, repairedAt), accepted);
  const emergency = await peopleGoOn(scene, failure, accepted);
  const repair = await gatewayIsBack(scene, failure, messages.slice(repairedAt), accepted);
  return conclude(scene, accepted, { ...failure, ...emergency, ...repair });
}

async function send(scene: Scene, messages: readonly DrillMessage[], accepted: Accepted[]): Promise<void> {
  let done = 0;
  await sendAll(messages, scene.stack.smtpPort, (one) => {
    accepted.push(one);
    done += 1;
    scene.screen.progress('messages accepted', done, messages.length);
  });
}

async function ordinaryDay(scene: Scene, messages: readonly DrillMessage[], accepted: Accepted[]): Promise<void> {
  await send(scene, messages, accepted);
  const { length } = scene.gateway.received();
  scene.screen.step(
    `an ordinary day: ${messages.length} messages sent, the gateway has ${length}`,
    'Breakwater hands on and keeps nothing',
  );
}

type Failure = { readonly outageId: string; readonly detectMs: number; readonly downAt: number };

async function gatewayDies(scene: Scene, messages: readonly DrillMessage[], accepted: Accepted[]): Promise<Failure> {
  const { screen, stack, gateway, flags } = scene;
  await gateway.fail(flags.fault);
  const failedAt = Date.now();
  screen.step(`the gateway fails (${flags.fault}); the world goes on writing`);
  const sending = send(scene, messages, accepted);
  const noticed = until({
    what: 'the failure of the gateway is noticed',
    limitMs: DETECT_LIMIT_MS,
    look: async () => {
      const { health, outage } = await statusOf(stack.api);
      return health.state === 'down' && outage !== null ? { outage, at: Date.now() } : undefined;
    },
  });
  const [{ outage, at }] = await Promise.all([noticed, sending]);
  screen.step(
    `after ${seconds(at - failedAt)} the gateway is called down: ${outage.cause}`,
    'mail is kept now; mailboxes open by themselves',
  );
  screen.step(`${messages.length} more messages were accepted meanwhile`, 'no sender was told to go away');
  return { outageId: outage.id, detectMs: at - failedAt, downAt: at };
}

type Emergency = {
  readonly mailboxesReadyMs: number;
  readonly shown: number;
  readonly spooledBeforeRepair: number;
  readonly written: Written;
};

async function peopleGoOn(scene: Scene, failure: Failure, accepted: readonly Accepted[]): Promise<Emergency> {
  const { screen, staff } = scene;
  const [reader, colleague] = staff;
  if (reader === undefined || colleague === undefined) throw new Error('the drill needs two people');
  const anna = await logIn(scene.stack.url, reader.address, reader.password);
  const first = await until({
    what: 'a message can be read in the webmail',
    limitMs: READ_LIMIT_MS,
    look: async () => (await anna.list('inbox'))[0],
  });
  await anna.read(first.id);
  const mailboxesReadyMs = Date.now() - failure.downAt;
  screen.step(
    `${reader.name} reads "${first.subject}" in the webmail`,
    `${seconds(mailboxesReadyMs)} after the gateway was called down`,
  );

  const kept = accepted.filter((one) => fateOf(scene, one) === 'spooled');
  const shown = await countShown(scene, kept);
  screen.step(`the webmail shows ${shown} of ${kept.length} kept messages`);
  const written = await write(scene, anna, { reader, colleague });
  return { mailboxesReadyMs, shown, spooledBeforeRepair: kept.length, written };
}

/** How many of `kept` their recipients see; ends early when it is all of them. */
async function countShown(scene: Scene, kept: readonly Accepted[]): Promise<number> {
  const mailboxes = new Map<string, Webmail>();
  for (const { address, password } of scene.staff)
    mailboxes.set(address, await logIn(scene.stack.url, address, password));
  const count = async () => {
    let shown = 0;
    for (const [address, mailbox] of mailboxes) {
      const subjects = new Set((await mailbox.list('inbox')).map(({ subject }) => subject));
      shown += kept.filter(({ message }) => message.recipient === address && subjects.has(message.subject)).length;
    }
    return shown;
  };
  const look = async () => ((await count()) === kept.length ? kept.length : undefined);
  return until({ what: 'every kept message is shown', limitMs: SHOW_LIMIT_MS, look }).catch(count);
}

type Written = {
  readonly atGateway: readonly Expected[];
  readonly inWorld: readonly Expected[];
  readonly colleague: Expected;
};

async function write(
  scene: Scene,
  anna: Webmail,
  who: { readonly reader: Person; readonly colleague: Person },
): Promise<Written> {
  const { screen } = scene;
  const { reader, colleague } = who;
  const correspondent = 'sender3@world.example';
  await anna.write({
    to: [correspondent],
    subject: 'Re: your message',
    text: 'We are here, as always.\n',
    inReplyTo: null,
  });
  await anna.write({
    to: [colleague.address],
    subject: 'Our server',
    text: 'It is being repaired; this reaches you anyway.\n',
    inReplyTo: null,
  });
  const sent = await anna.list('sent');
  const answer = await copyOf(anna, sent.find(({ subject }) => subject.startsWith('Re:'))?.id);
  const note = await copyOf(anna, sent.find(({ subject }) => subject === 'Our server')?.id);

  const ben = await logIn(scene.stack.url, colleague.address, colleague.password);
  const look = async () =>
    (await ben.list('inbox')).some(({ subject }) => subject === 'Our server') ? true : undefined;
  await until({ what: 'the colleague sees what was written to him', limitMs: SHOW_LIMIT_MS, look });
  screen.step(`${reader.name} writes to ${colleague.name}, who has it in his mailbox`);
  const arrived = async () => (scene.world.received().length > 0 ? true : undefined);
  await until({ what: 'the answer reaches the world', limitMs: SHOW_LIMIT_MS, look: arrived });
  screen.step(
    `${reader.name} answers a message from outside; the world has the answer`,
    'a copy of everything written is kept',
  );
  const copies = [answer, note].map((copy): Expected => ({ ...copy, recipient: reader.address, copy: 'sent-copy' }));
  const toColleague: Expected = { ...note, recipient: colleague.address, copy: 'message' };
  return {
    atGateway: [...copies, toColleague],
    inWorld: [{ ...answer, recipient: correspondent, copy: 'message' }],
    colleague: toColleague,
  };
}

async function copyOf(mailbox: Webmail, id: string | undefined): Promise<Pick<Expected, 'messageId' | 'sha256'>> {
  if (id === undefined) throw new Error('what was written is not in the folder of sent messages');
  const { messageId } = await mailbox.read(id);
  const sha256 = createHash('sha256')
    .update(await mailbox.original(id))
    .digest('hex');
  return { messageId: (messageId ?? '').replace(/^<|>$/g, ''), sha256 };
}

type Repair = { readonly outage: Outage; readonly repairedAt: number };

async function gatewayIsBack(
  scene: Scene,
  { outageId }: Failure,
  messages: readonly DrillMessage[],
  accepted: Accepted[],
): Promise<Repair> {
  const { screen, stack, gateway } = scene;
  const before = gateway.received().length;
  await gateway.repair();
  const repairedAt = Date.now();
  screen.step('the gateway is repaired; nobody tells Breakwater');
  const look = async () => ((await statusOf(stack.api)).health.state === 'up' ? true : undefined);
  await until({ what: 'the repair is noticed', limitMs: REPAIR_LIMIT_MS, look });
  const { messagesPerMinute } = SETTINGS;
  screen.step(
    `after ${seconds(Date.now() - repairedAt)} it is trusted again, a few messages first`,
    `what was kept is given back at ${messagesPerMinute} a minute; new mail goes first`,
  );

  const kept = accepted.filter((one) => fateOf(scene, one) === 'spooled').length;
  const limitMs = REPLAY_LIMIT_MS + (kept * 60_000) / messagesPerMinute;
  const closed = until({
    what: 'everything is given back',
    limitMs,
    look: async () => {
      screen.progress(
        'messages at the gateway since the repair',
        Math.min(kept, gateway.received().length - before),
        kept,
      );
      const outage = await outageOf(stack.api, outageId);
      return outage.closedAtMs === null ? undefined : outage;
    },
  });
  const [outage] = await Promise.all([closed, send(scene, messages, accepted)]);
  screen.step(
    'everything is given back, and the outage is closed',
    `Breakwater's own report: ${outage.received} received, ${outage.replayed} replayed, ${outage.sentCopies} sent copies, ${outage.held} held, ${outage.missing} missing`,
  );
  return { outage, repairedAt };
}

type Chapters = Failure & Emergency & Repair;

function conclude(
  scene: Scene,
  accepted: readonly Accepted[],
  { written, outage, repairedAt, ...chapters }: Chapters,
): Observations {
  const fates = accepted.map((one) => fateOf(scene, one));
  const spooled = accepted.filter((_, index) => fates[index] === 'spooled');
  const expected = [...accepted.map(expectedOf), ...written.atGateway];
  const arrivals = scene.gateway.received();
  const { missing, duplicated, altered, unknown } = tally(expected, arrivals);
  const keptIds = new Set([...spooled.map(({ message }) => message.messageId), written.colleague.messageId]);
  const replay = arrivals.filter((mail) => mail.at >= repairedAt && (isSentCopy(mail) || keptIds.has(mail.messageId)));
  const world = tally(written.inWorld, scene.world.received());
  return {
    figures: {
      sent: accepted.length,
      delivered: fates.filter((fate) => fate === 'delivered').length,
      spooled: spooled.length,
      shown: chapters.shown,
      replayed: replay.filter((mail) => !isSentCopy(mail)).length,
      sentCopies: replay.filter(isSentCopy).length,
      missing: missing.length,
      duplicated,
      altered,
      uncertain: outage.uncertain,
      detectMs: chapters.detectMs,
      mailboxesReadyMs: chapters.mailboxesReadyMs,
      replayMs: lasted(replay),
      ratePerMinute: { configured: SETTINGS.messagesPerMinute, measured: Math.round(ratePerMinute(replay) ?? 0) },
    },
    spooledBeforeRepair: chapters.spooledBeforeRepair,
    unknown: unknown + world.unknown,
    answered: world.missing.length + world.altered + world.duplicated === 0,
    outage,
    expected: { replayed: spooled.length + 1, sentCopies: written.atGateway.length - 1 },
  };
}

function expectedOf({ message: { messageId, recipient, sha256 } }: Accepted): Expected {
  return { messageId, recipient, sha256, copy: 'message' };
}

function fateOf(scene: Scene, { reply }: Accepted) {
  return scene.fates.get(reply);
}

function lasted(mails: readonly ReceivedMail[]): number {
  return (mails.at(-1)?.at ?? 0) - (mails[0]?.at ?? 0);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

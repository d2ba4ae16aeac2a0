/** The story of an outage, told while it happens: an ordinary day, the failure, the emergency, the repair, the report. */
import type { Webmail } from '../stack/webmail.ts';
import { type Outage, outageOf, statusOf, turnsDown } from './answers.ts';
import { conclude } from './conclude.ts';
import { type DrillMessage, drillMessages } from './corpus.ts';
import type { Observations } from './figures.ts';
import { countShown, readFirst, type Written, write } from './people.ts';
import { fateOf, type Scene } from './scene.ts';
import { type Accepted, sendAll } from './sender.ts';
import { until } from './until.ts';

// Of all messages, so many before the failure and so many until its repair; the rest come when the gateway is back.
const BEFORE = 1 / 3;
const UNTIL_REPAIR = 5 / 6;

const DETECT_LIMIT_MS = 90_000;
const REPAIR_LIMIT_MS = 90_000;
// On top of the time that the pace itself asks for.
const REPLAY_LIMIT_MS = 60_000;

export async function tellStory(scene: Scene): Promise<Observations> {
  const { flags, staff, screen, gateway } = scene;
  const addresses = staff.map(({ address }) => address);
  const messages = drillMessages(flags.messages, addresses);
  const failsAt = Math.floor(messages.length * BEFORE);
  const repairedAt = Math.floor(messages.length * UNTIL_REPAIR);
  const accepted: Accepted[] = [];

  await send(scene, messages.slice(0, failsAt), accepted);
  const handedOn = `${failsAt} messages sent, the gateway has ${gateway.received().length}`;
  screen.step(`an ordinary day: ${handedOn}`, 'Breakwater hands on and keeps nothing');

  await gateway.fail(flags.fault);
  const failedAt = Date.now();
  screen.step(`the gateway fails (${flags.fault}); the world goes on writing`);
  const during = messages.slice(failsAt, repairedAt);
  const [failure] = await Promise.all([failover(scene, failedAt), send(scene, during, accepted)]);
  screen.step(`${during.length} messages were accepted meanwhile`, 'no sender was told to go away');

  const emergency = await peopleGoOn(scene, failure.mailbox, accepted);
  const repair = await gatewayIsBack(scene, failure.outageId, messages.slice(repairedAt), accepted);
  return conclude(scene, accepted, { ...failure, ...emergency, ...repair });
}

async function send(scene: Scene, messages: readonly DrillMessage[], accepted: Accepted[]): Promise<void> {
  let done = 0;
  // A gateway that bears few connections would meet the world's all at once: that is no matter of the replay's.
  const connections = scene.gateway.load().limit === undefined ? undefined : 1;
  await sendAll(messages, { port: scene.stack.smtpPort, connections }, (one) => {
    accepted.push(one);
    done += 1;
    scene.screen.progress('messages accepted', done, messages.length);
  });
}

type Failure = {
  readonly outageId: string;
  readonly detectMs: number;
  readonly mailboxesReadyMs: number;
  readonly mailbox: Webmail;
};

async function failover(scene: Scene, failedAt: number): Promise<Failure> {
  const { screen, stack, staff } = scene;
  const outage = await until({
    what: 'the failure of the gateway is noticed',
    limitMs: DETECT_LIMIT_MS,
    look: async () => {
      const { health, outage: open } = await statusOf(stack.api);
      return health.state === 'down' && open !== null ? open : undefined;
    },
  });
  const downAt = Date.now();
  const noticed = `after ${seconds(downAt - failedAt)} the gateway is called down: ${outage.cause}`;
  screen.step(noticed, 'mail is kept now; mailboxes open by themselves');
  const { mailbox, subject } = await readFirst(scene);
  const mailboxesReadyMs = Date.now() - downAt;
  screen.step(`${staff[0]?.name ?? ''} reads "${subject}" in the webmail`, `${seconds(mailboxesReadyMs)} later`);
  return { outageId: outage.id, detectMs: downAt - failedAt, mailboxesReadyMs, mailbox };
}

type Emergency = { readonly shown: number; readonly spooledBeforeRepair: number; readonly written: Written };

async function peopleGoOn(scene: Scene, mailbox: Webmail, accepted: readonly Accepted[]): Promise<Emergency> {
  const kept = accepted.filter((one) => fateOf(scene, one) === 'spooled');
  const shown = await countShown(scene, kept);
  scene.screen.step(`the webmail shows ${shown} of ${kept.length} kept messages to their recipients`);
  return { shown, spooledBeforeRepair: kept.length, written: await write(scene, mailbox) };
}

type Repair = { readonly outage: Outage; readonly repairedAt: number };

async function gatewayIsBack(
  scene: Scene,
  outageId: string,
  messages: readonly DrillMessage[],
  accepted: Accepted[],
): Promise<Repair> {
  const { screen, flags } = scene;
  const repairedAt = Date.now();
  if (flags.gatewayLimit !== undefined) scene.gateway.limitTo(flags.gatewayLimit);
  if (flags.halfRepaired) await comesBackWithoutItsPeople(scene);
  else await scene.gateway.repair();
  const bears = flags.gatewayLimit === undefined ? '' : `; it bears ${flags.gatewayLimit} connections at a time`;
  screen.step(`the gateway is repaired${bears}; nobody tells Breakwater`);
  const trustedAt = await trusted(scene);
  screen.step(
    `after ${seconds(trustedAt - repairedAt)} it is trusted again, a few messages first`,
    `what was kept is given back at ${flags.rate} a minute; new mail does not wait behind it`,
  );
  if (flags.diesAgain) await diesAgain(scene, outageId);
  const replay = replayed(scene, outageId, accepted.length);
  const [outage] = await Promise.all([replay, send(scene, messages, accepted)]);
  const { received, replayed: given, sentCopies, held, missing } = outage;
  screen.step(
    'everything is given back, and the outage is closed',
    `its report: ${received} received, ${given} replayed, ${sentCopies} sent copies, ${held} held, ${missing} missing`,
  );
  return { outage, repairedAt };
}

async function trusted({ stack }: Scene): Promise<number> {
  const look = async () => ((await statusOf(stack.api)).health.state === 'up' ? Date.now() : undefined);
  return until({ what: 'the repair is noticed', limitMs: REPAIR_LIMIT_MS, look });
}

/** It takes mail for the first of the staff and knows nobody else. */
async function comesBackWithoutItsPeople({ gateway, screen, stack, staff }: Scene): Promise<void> {
  const before = (await turnsDown(stack.api)).length;
  gateway.forget(staff.slice(1).map(({ address }) => address));
  await gateway.repair();
  screen.step('the gateway answers again, but has lost most of its people', 'it says "550 User unknown" for them');
  const words = await until({
    what: 'the half-repaired gateway is found out',
    limitMs: REPAIR_LIMIT_MS,
    look: async () => (await turnsDown(stack.api)).toReversed()[before],
  });
  screen.step('it is found out, and the emergency goes on: nothing bounces', words);
  gateway.forget([]);
}

async function diesAgain(scene: Scene, outageId: string): Promise<void> {
  const { gateway, flags, screen, stack } = scene;
  await until({
    what: 'the replay is under way',
    limitMs: REPLAY_LIMIT_MS,
    look: async () => (await outageOf(stack.api, outageId)).replayed > 0 || undefined,
  });
  await gateway.fail(flags.fault);
  screen.step(`the gateway fails again (${flags.fault}), in the middle of the replay`);
  const look = async () => ((await statusOf(stack.api)).health.state === 'down' ? true : undefined);
  await until({ what: 'the second failure is noticed', limitMs: DETECT_LIMIT_MS, look });
  screen.step('the replay has stopped, and the mailboxes are open again', 'the same outage goes on');
  await gateway.repair();
  await trusted(scene);
  screen.step('it is repaired once more, and the replay goes on where it was');
}

/** `atMost` messages can have been kept: so long the pace may take. */
async function replayed({ screen, stack, flags }: Scene, outageId: string, atMost: number): Promise<Outage> {
  return until({
    what: 'everything is given back',
    limitMs: REPLAY_LIMIT_MS + (atMost * 60_000) / flags.rate,
    look: async () => {
      const outage = await outageOf(stack.api, outageId);
      screen.progress('messages given back', outage.replayed, outage.received);
      const isOver = outage.closedAtMs !== null && (await statusOf(stack.api)).spool.waiting === 0;
      return isOver ? outage : undefined;
    },
  });
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

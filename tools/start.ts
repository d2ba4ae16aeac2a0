/** `npm start`: builds and starts everything on loopback and keeps it running until Ctrl-C. See start/flags.ts for what it takes. */

import { claimFolder } from './stack/data-folder.ts';
import {
  CAREFUL_FILTER,
  enrolHarbour,
  isEnrolled,
  type Person,
  people,
  setGateway,
  standing,
} from './stack/harbour.ts';
import { freePort, isFree, mustBeFree } from './stack/ports.ts';
import { type ServerPlace, type Stack, type StackReport, startStack } from './stack/stack.ts';
import { listenToKeys, startControl } from './start/control.ts';
import { parseFlags, type StartFlags, USAGE } from './start/flags.ts';
import { frontLine, mailLine, welcome, workerLine } from './start/words.ts';

// The same for all, and printed: it opens nothing but this machine's own demo.
const DEMO_PASSWORD = 'calm-harbour-2026';
const DEMO_PEOPLE = 5;

const REPORT: StackReport = {
  front: (event) => say(frontLine(event)),
  gateway: (mail) => say(mailLine('gateway', mail)),
  world: (mail) => say(mailLine('world', mail)),
  worker(event) {
    const line = workerLine(event);
    if (line !== undefined) say(line);
  },
};

async function main(): Promise<void> {
  const parsed = parseFlags(process.argv.slice(2));
  switch (parsed.kind) {
    case 'help':
      process.stdout.write(USAGE);
      return;
    case 'wrong':
      process.stderr.write(`${parsed.problem}\n\n${USAGE}`);
      process.exitCode = 2;
      return;
    case 'start':
      await runUntilTold(parsed.flags);
  }
}

async function runUntilTold(flags: StartFlags): Promise<void> {
  const folder = await claimFolder(flags.dataFolder);
  try {
    const settled = await settlePorts(flags);
    process.stdout.write(
      'Starting: the web is built when it has changed, the databases are made when there are none; up to half a minute …\n',
    );
    const { operatorToken, ...rest } = settled;
    const stack = await startStack({
      ...rest,
      ...(operatorToken === undefined ? {} : { operatorToken }),
      report: REPORT,
    });
    try {
      await attend(stack, flags);
    } finally {
      process.stdout.write('Stopping …\n');
      await stack.close();
    }
  } finally {
    await folder.release();
  }
}

async function attend(stack: Stack, flags: StartFlags): Promise<void> {
  const enrolled = flags.seed === 'demo' ? await enrolDemo(stack) : [];
  const servers = { gateway: stack.gateway.server, relay: stack.relay.server };
  const control = await startControl(flags.controlPort, servers, say);
  listenToKeys(servers, say);
  process.stdout.write(welcome(stack, flags, enrolled));
  try {
    await Promise.race([toldToStop(), stack.ended]);
  } finally {
    process.stdin.pause();
    await control.close();
  }
}

async function enrolDemo(stack: Stack): Promise<readonly Person[]> {
  const enrolled = people(DEMO_PEOPLE, DEMO_PASSWORD);
  if (await isEnrolled(stack.api)) {
    // What has been set since is kept, as it would be in service; only where the gateway listens belongs to this start.
    await setGateway(stack.api, stack.gateway.at);
    say(await standing(stack.api));
    return enrolled;
  }
  await enrolHarbour(stack.api, {
    gateway: stack.gateway.at,
    people: enrolled,
    // Short, so that trying it out is not waiting: a real client has those of src/core/profiles.ts.
    thresholds: { amount: 3, durationSeconds: 30, frequency: { deferrals: 6, perSeconds: 120 }, confirmSeconds: 0 },
    probe: { firstSeconds: 2, capSeconds: 10 },
    recovery: { probes: 3, spanSeconds: 5 },
    messagesPerMinute: 120,
    filter: CAREFUL_FILTER,
  });
  return enrolled;
}

/** The ports people type must be the ones they asked for; a demo server takes another one when its own is taken, and says which. */
async function settlePorts(flags: StartFlags): Promise<StartFlags> {
  await mustBeFree(flags.httpPort, '--http');
  await mustBeFree(flags.smtpPort, '--smtp');
  await mustBeFree(flags.controlPort, '--control');
  return { ...flags, gateway: await settlePlace(flags.gateway), relay: await settlePlace(flags.relay) };
}

async function settlePlace(place: ServerPlace): Promise<ServerPlace> {
  if (place.kind === 'real' || (await isFree(place.port))) return place;
  return { kind: 'demo', port: await freePort() };
}

function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

function say(line: string): void {
  process.stdout.write(`${new Date().toTimeString().slice(0, 8)} ${line}\n`);
}

await main().catch((problem: unknown) => {
  process.stderr.write(`${problem instanceof Error ? problem.message : String(problem)}\n`);
  process.exitCode = 1;
});

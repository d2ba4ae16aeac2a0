/** The drill's own stack, on free ports and in a folder of its own that is gone afterwards, whatever happens. */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Disposition } from '../front/answer.ts';
import { CAREFUL_FILTER, enrolHarbour, type Person, people } from '../stack/harbour.ts';
import type { MailServer } from '../stack/mail-server.ts';
import { freePort } from '../stack/ports.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import type { DrillFlags } from './flags.ts';
import type { Screen } from './screen.ts';
import type { Accepted } from './sender.ts';

export type Scene = {
  readonly flags: DrillFlags;
  readonly screen: Screen;
  readonly stack: Stack;
  readonly gateway: MailServer;
  readonly world: MailServer;
  readonly staff: readonly Person[];
  /** what became of a message, by the reply its sender got */
  readonly fates: ReadonlyMap<string, Disposition>;
};

/** Short thresholds and a quick replay, so that the drill is over in a minute: set by the API like anybody would. */
export const SETTINGS = {
  thresholds: { amount: 3, durationSeconds: 10, frequency: { deferrals: 6, perSeconds: 60 }, confirmSeconds: 0 },
  probe: { firstSeconds: 0.5, capSeconds: 2 },
  recovery: { probes: 2, spanSeconds: 1 },
  // As many as there may be: a gateway with a limit must be found to have one.
  connections: 6,
} as const;

const PASSWORD = 'a-drill-is-no-emergency';

export async function openScene(flags: DrillFlags, screen: Screen): Promise<Scene> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'breakwater-drill-'));
  process.on('exit', () => rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 }));
  screen.step('starting: the Worker, the SMTP front, a gateway, a world', 'everything on this machine, on free ports');
  const fates = new Map<string, Disposition>();
  const stack = await startStack({
    dataFolder,
    httpPort: await freePort(),
    smtpPort: 0,
    gateway: { kind: 'demo', port: 0 },
    relay: { kind: 'demo', port: 0 },
    report: {
      front({ reply, dispositions: [fate] }) {
        if (fate !== undefined) fates.set(reply, fate);
      },
      gateway: () => {},
      world: () => {},
      worker: () => {},
    },
  });
  const gateway = stack.gateway.server;
  const world = stack.relay.server;
  if (gateway === undefined || world === undefined) throw new Error('the drill has servers of its own');
  const staff = people(flags.accounts, PASSWORD);
  await enrolHarbour(
    stack.api,
    { gateway: stack.gateway.at, people: staff, messagesPerMinute: flags.rate, filter: CAREFUL_FILTER, ...SETTINGS },
    (done) => screen.progress('accounts', done, staff.length),
  );
  const { amount, durationSeconds, frequency } = SETTINGS.thresholds;
  screen.step(
    `Harbour Ltd is enrolled with ${staff.length} accounts`,
    `down means: ${amount} deferrals, or deferrals for ${durationSeconds} s, or ${frequency.deferrals} within ${frequency.perSeconds} s`,
  );
  return { flags, screen, stack, gateway, world, staff, fates };
}

/** undefined only when the front never told it: then the accounts of the drill do not add up, and it says so. */
export function fateOf({ fates }: Scene, { reply }: Accepted): Disposition | undefined {
  return fates.get(reply);
}

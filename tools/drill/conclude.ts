/** From what happened to figures: the gateway's own records against what the world sent. */
import type { ReceivedMail } from '../stack/mail-server.ts';
import type { Outage } from './answers.ts';
import type { Observations } from './figures.ts';
import type { Written } from './people.ts';
import { fateOf, type Scene } from './scene.ts';
import type { Accepted } from './sender.ts';
import { type Expected, isSentCopy, ratePerMinute, tally } from './tally.ts';

/** What the story saw on its way, in milliseconds and counts. */
export type Chapters = {
  readonly detectMs: number;
  readonly mailboxesReadyMs: number;
  readonly shown: number;
  readonly spooledBeforeRepair: number;
  readonly written: Written;
  readonly outage: Outage;
  /** epoch ms */
  readonly repairedAt: number;
};

export function conclude(scene: Scene, accepted: readonly Accepted[], chapters: Chapters): Observations {
  const { written, outage, detectMs, mailboxesReadyMs, shown, spooledBeforeRepair } = chapters;
  const spooled = accepted.filter((one) => fateOf(scene, one) === 'spooled');
  const delivered = accepted.filter((one) => fateOf(scene, one) === 'delivered');
  const arrivals = scene.gateway.received();
  const { missing, ...counts } = tally([...accepted.map(expectedOf), ...written.atGateway], arrivals);
  const world = tally(written.inWorld, scene.world.received());
  const replay = replayOf(arrivals, chapters, spooled);
  return {
    figures: {
      sent: accepted.length,
      delivered: delivered.length,
      spooled: spooled.length,
      shown,
      replayed: replay.filter((mail) => !isSentCopy(mail)).length,
      sentCopies: replay.filter(isSentCopy).length,
      missing: missing.length,
      duplicated: counts.duplicated,
      altered: counts.altered,
      uncertain: outage.uncertain,
      detectMs,
      mailboxesReadyMs,
      replayMs: (replay.at(-1)?.at ?? 0) - (replay[0]?.at ?? 0),
      ratePerMinute: { configured: scene.flags.rate, measured: Math.round(ratePerMinute(replay) ?? 0) },
    },
    load: scene.gateway.load(),
    spooledBeforeRepair,
    unknown: counts.unknown + world.unknown,
    answered: world.missing.length + world.altered + world.duplicated === 0,
    outage,
    expected: {
      replayed: spooled.length + written.atGateway.filter(({ copy }) => copy === 'message').length,
      sentCopies: written.atGateway.filter(({ copy }) => copy === 'sent-copy').length,
    },
  };
}

/** Arrivals since the repair that had been kept; mail that came straight through meanwhile is none of them. */
function replayOf(
  arrivals: readonly ReceivedMail[],
  { written, repairedAt }: Chapters,
  spooled: readonly Accepted[],
): readonly ReceivedMail[] {
  const kept = new Set(
    [...spooled.map(({ message }) => message), ...written.atGateway].map(({ messageId }) => messageId),
  );
  return arrivals.filter((mail) => mail.at >= repairedAt && kept.has(mail.messageId));
}

function expectedOf({ message: { messageId, recipient, sha256 } }: Accepted): Expected {
  return { messageId, recipient, sha256, copy: 'message' };
}

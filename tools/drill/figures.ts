/** What the drill saw, in numbers, and which promises they keep. Every number is observed from outside; none is assumed. */
import type { Load } from '../stack/mail-server.ts';
import type { Outage } from './answers.ts';

export type Figures = {
  /** messages from the world that were accepted */
  readonly sent: number;
  /** of those: handed on at once, or kept, as the Worker said when it accepted them */
  readonly delivered: number;
  readonly spooled: number;
  /** kept ones that the webmail listed for their recipient before the repair */
  readonly shown: number;
  /** kept ones, and a colleague's, that the gateway got after the repair */
  readonly replayed: number;
  /** what people wrote in the webmail, for their own record */
  readonly sentCopies: number;
  readonly missing: number;
  readonly duplicated: number;
  readonly altered: number;
  /** attempts whose answer never came, by the Worker's own report */
  readonly uncertain: number;
  /** from the gateway's failure to the state "down" */
  readonly detectMs: number;
  /** from the state "down" to the first message read in the webmail */
  readonly mailboxesReadyMs: number;
  /** from the first replayed message's arrival to the last one's */
  readonly replayMs: number;
  readonly ratePerMinute: { readonly configured: number; readonly measured: number };
};

export type Observations = {
  readonly figures: Figures;
  readonly load: Load;
  /** spooled before the repair: so many the webmail must have shown */
  readonly spooledBeforeRepair: number;
  /** messages that arrived at the gateway and nobody had sent */
  readonly unknown: number;
  /** the answer written in the webmail reached the world, byte for byte */
  readonly answered: boolean;
  readonly outage: Outage;
  /** how many of its kinds the gateway should have got after the repair */
  readonly expected: { readonly replayed: number; readonly sentCopies: number };
};

export type Kept = { readonly promise: string; readonly kept: boolean; readonly seen: string };

// design.md "Failover": declared → first message readable.
const READABLE_WITHIN_MS = 60_000;
// The pace may catch up a second's worth of messages after a late alarm (src/core/pacing.ts).
const CATCH_UP_MS = 1_000;

// The replay meets the limit once after each repair, and so may new mail.
const FIRST_MEETINGS = 4;
const TURNED_AWAY_SHARE = 0.01;

export function judgeDrill({ figures, ...seen }: Observations): readonly Kept[] {
  const { outage, expected, load } = seen;
  const mostInTime = (figures.ratePerMinute.configured * (figures.replayMs + CATCH_UP_MS)) / 60_000 + 1;
  // A gateway that bears little also makes new mail wait after the repair: that is kept for a moment, and of no outage.
  const keptOutside = figures.replayed - outage.replayed;
  const givenBack = figures.replayed + figures.sentCopies;
  const accounted = outage.replayed + outage.quarantined + outage.rejectedByRule + outage.held;
  return [
    promise('every message is given back', figures.missing === 0, `${figures.missing} missing`),
    promise('byte for byte', figures.altered === 0, `${figures.altered} altered`),
    promise(
      'once, or the doubt is visible',
      figures.duplicated <= figures.uncertain,
      `${figures.duplicated} duplicated, ${figures.uncertain} uncertain`,
    ),
    promise('nothing that nobody sent', seen.unknown === 0, `${seen.unknown} unknown`),
    promise(
      'accepted is delivered or kept',
      figures.delivered + figures.spooled === figures.sent,
      `${figures.delivered} + ${figures.spooled} of ${figures.sent}`,
    ),
    promise(
      'people see what is kept',
      figures.shown === seen.spooledBeforeRepair,
      `${figures.shown} of ${seen.spooledBeforeRepair} shown`,
    ),
    promise('soon', figures.mailboxesReadyMs <= READABLE_WITHIN_MS, `readable after ${figures.mailboxesReadyMs} ms`),
    promise('what people write arrives', seen.answered, seen.answered ? 'the answer arrived' : 'the answer is missing'),
    promise(
      'what people write is given back to them',
      figures.sentCopies === expected.sentCopies && figures.replayed === expected.replayed,
      `${figures.sentCopies} of ${expected.sentCopies} copies, ${figures.replayed} of ${expected.replayed} messages`,
    ),
    promise('at the pace that was set', givenBack <= mostInTime, `${givenBack} in ${figures.replayMs} ms`),
    promise(
      'a gateway that bears few connections is asked for few',
      load.limit === undefined || load.turnedAway <= TURNED_AWAY_SHARE * figures.sent + FIRST_MEETINGS,
      `${load.turnedAway} turned away, ${load.mostConnections} at most at a time`,
    ),
    promise(
      'the report adds up, and says what the gateway saw',
      outage.missing === 0 &&
        outage.unexplained === 0 &&
        outage.received === accounted &&
        keptOutside >= 0 &&
        keptOutside <= figures.spooled - seen.spooledBeforeRepair &&
        outage.sentCopies === figures.sentCopies,
      `received ${outage.received}, accounted for ${accounted}, replayed ${outage.replayed}, sent copies ${outage.sentCopies}`,
    ),
  ];
}

function promise(words: string, kept: boolean, seen: string): Kept {
  return { promise: words, kept, seen };
}

/** What can stand in a client's timeline: one kind for each thing that happens, each a notice of its own, and what people hear of it. Pure. */
import type { Health, HealthState, NoteKind } from './health-state.ts';

export type TimelineKind =
  | HealthState
  | NoteKind
  /** a person's word while it was down already */
  | 'declared'
  | 'mailboxes-ready'
  | 'closed'
  /** the gateway asked for less, and got it; and the end of that */
  | 'slowed'
  | 'slowed-over'
  /** what was kept waits for a person's word, as the client has set it */
  | 'replay-waits'
  | 'replay-paused'
  | 'replay-resumed'
  /** who goes first in a replay, and who waits */
  | 'turn-set'
  | 'readdressed'
  /** planned work in which nothing opens (`keep`); work for which mailboxes open is a turn of the state */
  | 'maintenance-begins'
  | 'maintenance-ends'
  | 'maintenance-extended'
  | 'acknowledged'
  | 'muted'
  | 'unmuted'
  /** many clients' gateways began to fail at once: the fault may be ours */
  | 'self-doubt'
  /** messages that one recipient kept from being delivered go back to their senders; at most once a day */
  | 'returned'
  /** a rule wants the client's admins to hear that it was met; at most once an hour */
  | 'rule-notice'
  /** a webhook did not take its call however often it was tried */
  | 'webhook-failed'
  /** there are addresses to write to, and neither a relay nor the platform's sending to write by */
  | 'mail-impossible'
  /** a preflight met a gateway that would not take a replay any more; and the end of that */
  | 'preflight-failed'
  | 'preflight-passed'
  /** the way to the world gives no session, or refuses us, for minutes; and the end of that */
  | 'relay-failed'
  | 'relay-works';

/**
 * `alarm`: told by mail, and again until somebody has seen it or it is over; `turn`: told by mail once; `detail`: in the timeline only.
 * Webhooks get every line.
 */
export type Urgency = 'alarm' | 'turn' | 'detail';

/** The press of a link that answers an alarm, beside "I have seen this". */
export type AlarmAnswer = 'declare-failure' | 'declare-repair';

type Told = {
  /** what follows the client's name in a subject */
  readonly headline: string;
  /** what it means for the client's people, and what to do */
  readonly meaning: string;
};

type Speech = Told &
  (
    | { readonly urgency: 'turn' | 'detail' }
    | {
        readonly urgency: 'alarm';
        /** while this holds, the alarm is not over */
        readonly stands: (health: Health) => boolean;
        readonly answer?: AlarmAnswer;
      }
  );

const KEPT = 'Mail for your people is kept here and delivered when that is mended; nothing is lost or bounced.';
const isBarred = ({ state }: Health) => state === 'tls-broken' || state === 'refused-us';
const isUndecided = (health: Health) => health.state === 'suspect' || isBarred(health);
const isSaid = (kind: NoteKind) => (health: Health) => 'said' in health && health.said.includes(kind);

/** A suspicion that clears by itself wakes nobody; what costs mail, or waits for a person, does. */
export const TIMELINE: Readonly<Record<TimelineKind, Speech>> = {
  up: {
    urgency: 'turn',
    headline: 'the mail server takes mail again',
    meaning: 'New mail goes to it directly. What was kept is being given back at the pace you set.',
  },
  suspect: {
    urgency: 'detail',
    headline: 'the mail server has not taken some mail',
    meaning:
      'It is being asked every few seconds. Whatever it does not take is kept here. Most often this passes by itself.',
  },
  'tls-broken': {
    urgency: 'alarm',
    headline: 'the mail server does not let us in: TLS fails',
    meaning: `It answers, but no secure connection comes about: look at its certificate. ${KEPT} Mailboxes are not opened for this unless you have chosen so: if people need their mail now, declare a failure.`,
    stands: isBarred,
  },
  'refused-us': {
    urgency: 'alarm',
    headline: 'the mail server does not let us in: it refuses us',
    meaning: `It answers, but refuses our login or our address: look at the account it has for us. ${KEPT} Mailboxes are not opened for this unless you have chosen so: if people need their mail now, declare a failure.`,
    stands: isBarred,
  },
  down: {
    urgency: 'alarm',
    headline: 'the mail server is down',
    meaning:
      'Mail for your people is kept here from now on. Mailboxes are being opened for them; nothing is lost or bounced.',
    stands: ({ state }) => state === 'down' || state === 'recovering',
  },
  recovering: {
    urgency: 'detail',
    headline: 'the mail server answers again',
    meaning: 'A few messages go to it first; when it takes them, everything does.',
  },
  asked: {
    urgency: 'alarm',
    headline: 'fail over now?',
    meaning:
      'The mail server fails beyond the limit you set, and you want to be asked. What it does not take is kept here; mailboxes open when you say so.',
    stands: isUndecided,
    answer: 'declare-failure',
  },
  crossed: {
    urgency: 'alarm',
    headline: 'the mail server fails beyond the limit you set',
    meaning:
      'You have chosen that nothing is done about it by itself. What the server does not take is kept here; if people need their mail now, declare a failure.',
    stands: isUndecided,
  },
  'repair-waits': {
    urgency: 'alarm',
    headline: 'the mail server seems repaired; switch back?',
    meaning: 'You want to be asked before mail goes to it again. Until then the mailboxes stay open.',
    stands: isSaid('repair-waits'),
    answer: 'declare-repair',
  },
  misconfigured: {
    urgency: 'alarm',
    headline: "the mail server's name cannot be found",
    meaning: `There is no such host, or it has no address: look at the DNS, and at the name that is set here. ${KEPT}`,
    stands: isSaid('misconfigured'),
  },
  'resolver-failed': {
    urgency: 'alarm',
    headline: 'our own name resolution fails',
    meaning: `Others find the mail server and we do not: this is our trouble, not the server's, and it is not held against it. ${KEPT}`,
    stands: isSaid('resolver-failed'),
  },
  declared: {
    urgency: 'turn',
    headline: 'the failure has been declared as well',
    meaning: 'From here on a person says when it is over: probes do not end it.',
  },
  'replay-waits': {
    urgency: 'turn',
    headline: 'what was kept waits to be given back',
    meaning:
      'New mail goes to your server directly. What was kept during the outage stays readable here, and is given back when somebody starts the replay in the console.',
  },
  'replay-paused': {
    urgency: 'turn',
    headline: 'the replay is paused',
    meaning: 'What is kept stays here and does not age. New mail goes to your server directly whenever it is up.',
  },
  'replay-resumed': {
    urgency: 'turn',
    headline: 'the replay is not paused any more',
    meaning: 'What was kept is given back at the pace you set, from the repair on.',
  },
  'turn-set': {
    urgency: 'detail',
    headline: 'the order of the replay has been changed',
    meaning: 'Within each mailbox the oldest message still goes first.',
  },
  readdressed: {
    urgency: 'detail',
    headline: 'a held message has been given to somebody else',
    meaning: 'It goes to the address that was chosen; its content is unchanged.',
  },
  'mailboxes-ready': {
    urgency: 'turn',
    headline: 'the emergency mailboxes are open',
    meaning:
      'Your people can log in, read and write. Everything they see and send is given back to your server after the repair.',
  },
  closed: {
    urgency: 'turn',
    headline: 'everything is given back',
    meaning: 'The emergency is over. The outage report shows that every message is accounted for.',
  },
  slowed: {
    urgency: 'detail',
    headline: 'the mail server asks for less mail at once',
    meaning: 'It gets it: new mail waits its turn. This is not an outage.',
  },
  'slowed-over': {
    urgency: 'detail',
    headline: 'the mail server gets mail at full pace again',
    meaning: 'It has not asked for less for a while.',
  },
  'maintenance-begins': {
    urgency: 'turn',
    headline: 'planned maintenance begins',
    meaning: 'Mail that the server does not take meanwhile is kept here.',
  },
  'maintenance-ends': {
    urgency: 'turn',
    headline: 'planned maintenance is over',
    meaning: 'From here on a failure counts as one.',
  },
  'maintenance-extended': {
    urgency: 'turn',
    headline: 'planned maintenance takes longer',
    meaning: 'Until its new end everything stays as it is.',
  },
  acknowledged: {
    urgency: 'detail',
    headline: 'somebody has seen the alarm',
    meaning: 'It is not repeated any more.',
  },
  muted: {
    urgency: 'detail',
    headline: 'notices by mail are muted',
    meaning: 'They go on by themselves when the time is up. Webhooks go on meanwhile.',
  },
  unmuted: {
    urgency: 'detail',
    headline: 'notices by mail go on',
    meaning: 'What stands is told now.',
  },
  'self-doubt': {
    urgency: 'turn',
    headline: 'many mail servers fail at once: the fault may be ours',
    meaning: `So many unrelated servers seldom fail in the same minute. The operator of this service is looking at it. ${KEPT}`,
  },
  returned: {
    urgency: 'detail',
    headline: 'messages go back to their senders',
    meaning:
      'The mail server works, and has put them off for one recipient for as long as you allow: mostly a full mailbox. Their senders are told.',
  },
  'rule-notice': {
    urgency: 'turn',
    headline: 'a rule of your filter was met',
    meaning:
      'The rule asks that you are told. You hear of such rules once an hour at most, however often they are met.',
  },
  'webhook-failed': {
    urgency: 'turn',
    headline: 'a webhook does not take its calls',
    meaning:
      'One call was given up after a day of tries; later ones are still made. Look at the receiver, or remove the webhook.',
  },
  'preflight-failed': {
    urgency: 'turn',
    headline: 'the mail server would not take a replay',
    meaning:
      'Mail is delivered as ever. But a test message that came as kept mail would be given back after an outage did not get through: mend that before the day comes. The console says what to do, and sends another test when you ask for it.',
  },
  'preflight-passed': {
    urgency: 'turn',
    headline: 'the mail server would take a replay again',
    meaning: 'The last test message got through on every gateway.',
  },
  'mail-impossible': {
    urgency: 'detail',
    headline: 'nobody can be told by mail',
    meaning:
      'This deployment has neither a relay nor a sending binding, so notices stay in the timeline and go to webhooks only.',
  },
  'relay-failed': {
    urgency: 'turn',
    headline: 'mail to the world does not go out',
    meaning:
      'The relay does not take it. What your people write is kept here and sent when it does; mail among colleagues and mail from outside are not concerned.',
  },
  'relay-works': {
    urgency: 'turn',
    headline: 'mail to the world goes out again',
    meaning: 'What had to wait for the relay is being sent.',
  },
};

/** What the outage that a line belongs to was begun as: a drill and planned work must not read like a disaster. */
export type Occasion = 'real' | 'drill' | 'maintenance';

/** What the mails about an alarm said last: nothing, that it goes on, or that it is over. */
export type Heard = 'never' | 'begun' | 'over';

export type LineContext = {
  /** the state it came from, where the line is a turn of the state */
  readonly from?: HealthState;
  readonly occasion: Occasion;
  /** alarms that are not over, seen or not */
  readonly standing: readonly { readonly kind: TimelineKind; readonly heard: Heard }[];
  /** the same was told so lately that it is no news: its alarm ended a moment ago (core/notice-schedule.ts), or its like was told today */
  readonly isBack?: boolean;
};

export function urgencyOf(kind: TimelineKind, { from, occasion, standing, isBack = false }: LineContext): Urgency {
  const { urgency } = TIMELINE[kind];
  // The alarm stands already, or again, and is repeated; a server that flickers must not fill a mailbox.
  if (isBack || (urgency === 'alarm' && standing.some((alarm) => alarm.kind === kind))) return 'detail';
  if (kind === 'down' && occasion === 'maintenance') return 'turn';
  if (kind === 'up') return endUrgency(from, standing);
  // The operator hears of it once for all clients (durable/watch-object.ts); a client's people only if they have been alarmed.
  if (kind === 'self-doubt' && standing.length === 0) return 'detail';
  return urgency;
}

/** No more ends are told than beginnings: who was not told of trouble, or knows that it is over, wants to hear nothing. */
function endUrgency(from: HealthState | undefined, standing: LineContext['standing']): Urgency {
  // Its mailboxes were told of, whether or not its alarm was.
  const wasOutage = from !== 'suspect' && from !== 'tls-broken' && from !== 'refused-us';
  if (wasOutage) return standing.length > 0 && standing.every(({ heard }) => heard === 'over') ? 'detail' : 'turn';
  return standing.some(({ heard }) => heard === 'begun') ? 'turn' : 'detail';
}

/** Whether what an alarm speaks of goes on. */
export function stillStands(kind: TimelineKind, health: Health): boolean {
  const speech = TIMELINE[kind];
  return speech.urgency === 'alarm' && speech.stands(health);
}

export function answerTo(kind: TimelineKind): AlarmAnswer | undefined {
  const speech = TIMELINE[kind];
  return speech.urgency === 'alarm' ? speech.answer : undefined;
}

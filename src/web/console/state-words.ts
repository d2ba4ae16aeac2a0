/** What is going on with a client's mail server, in the words of a colleague. Pure. */
import { sinceTime, span } from '../shared/format.ts';
import type { Client, State, Status } from './api.ts';

export type Standing = {
  readonly title: string;
  readonly detail: string;
  /** what is being done about it, a sentence each */
  readonly doing: readonly string[];
};

export type Modes = Pick<Client, 'failover' | 'failback' | 'whenRefused' | 'recovery'>;

/** One or two words, for a list. */
export const STATE_NAMES: Record<State, string> = {
  up: 'Working',
  suspect: 'Suspect',
  'tls-broken': 'TLS fails',
  'refused-us': 'Refuses us',
  down: 'Down',
  recovering: 'Recovering',
};

/** Trouble first: how a list of clients is sorted. `null`: nobody knows, which is worth a look too. */
export function severity(state: State | null): number {
  return state === null ? 3 : SEVERITY[state];
}

const SEVERITY: Record<State, number> = {
  down: 6,
  recovering: 5,
  'tls-broken': 4,
  'refused-us': 4,
  suspect: 2,
  up: 1,
};

const KEPT = 'What it does not take is kept here; nothing is lost or bounced.';

export function standing({ health, maintenance, outage }: Status, modes: Modes, now: number): Standing {
  switch (health.state) {
    case 'up':
      return {
        title: 'The mail server takes mail',
        detail: health.aliveAtMs === null ? '' : `It last proved it at ${sinceTime(health.aliveAtMs, now)}.`,
        doing: [
          'Mail goes straight to it.',
          ...(maintenance === null
            ? []
            : [`Planned work is under way: ${maintenance.title}, until ${sinceTime(maintenance.endMs, now)}.`]),
        ],
      };
    case 'suspect':
      return {
        title: 'The mail server has not taken some mail',
        detail: 'Most often this passes by itself.',
        doing: [KEPT, ...probing(health, now), ...(isAsked(health) ? [] : [CROSSED[modes.failover]])],
      };
    case 'tls-broken':
      return {
        title: 'The mail server answers, but TLS fails',
        detail: 'No secure connection comes about. Look at its certificate, and at the name in it.',
        doing: [KEPT, ...probing(health, now), BARRED[modes.whenRefused]],
      };
    case 'refused-us':
      return {
        title: 'The mail server does not let us in',
        detail: 'It answers, and refuses our login or our address. Look at the account that it has for us.',
        doing: [KEPT, ...probing(health, now), BARRED[modes.whenRefused]],
      };
    case 'down':
      return {
        ...downWords(health.cause, now),
        doing: [...mailboxes(outage, now), ...untilRepair(health, modes, now)],
      };
    case 'recovering':
      return {
        title: 'The mail server answers again',
        detail: 'A few messages go to it first, as a trial.',
        doing: [
          'When it takes them, new mail goes straight to it, and what was kept is given back.',
          'When it does not, everything stays as it was and mailboxes stay open.',
        ],
      };
  }
}

const CROSSED: Record<Client['failover'], string> = {
  automatic: 'If it goes on past the limits, the emergency mailboxes open by themselves.',
  ask: 'If it goes on past the limits, you are asked whether to open the emergency mailboxes.',
  manual: 'Whatever happens, the emergency mailboxes open only when you declare a failure.',
};

const BARRED: Record<Client['whenRefused'], string> = {
  keep: 'The emergency mailboxes stay closed: if people need their mail now, declare a failure.',
  failover: 'If it goes on, the emergency mailboxes open as for a server that is down.',
};

type Health = Status['health'];

/** The limits are crossed already, and a person is asked or told what to do. */
function isAsked({ said }: Health): boolean {
  return said.includes('asked');
}

function downWords(cause: Health['cause'], now: number): Pick<Standing, 'title' | 'detail'> {
  switch (cause?.kind) {
    case undefined:
      return { title: 'The mail server is down', detail: '' };
    case 'threshold':
      return { title: 'The mail server is down', detail: `Found by itself. ${sentence(cause.why)}` };
    case 'declared':
      return { title: 'The mail server was declared down', detail: `By ${cause.by}: ${cause.reason}` };
    case 'drill':
      return { title: 'A drill: as if the mail server were down', detail: `Begun by ${cause.by}: ${cause.reason}` };
    case 'maintenance':
      return {
        title: 'Planned work on the mail server',
        detail: `${cause.title}, until ${sinceTime(cause.until, now)}.`,
      };
  }
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function mailboxes(outage: Status['outage'], now: number): readonly string[] {
  if (outage === null) return [];
  if (outage.mailboxesReadyAtMs === null) return ['New mail is kept here. Emergency mailboxes are being opened.'];
  const count = outage.mailboxes ?? 0;
  const opened = count === 1 ? '1 emergency mailbox' : `${count} emergency mailboxes`;
  return [`New mail goes to ${opened}, open since ${sinceTime(outage.mailboxesReadyAtMs, now)}.`];
}

function untilRepair(health: Health, modes: Modes, now: number): readonly string[] {
  switch (health.cause?.kind) {
    case 'maintenance':
      return ['When the work is over, mail goes to the server again after a trial.'];
    case 'declared':
    case 'drill':
      return ['A person began this, so a person ends it: say that it is repaired.'];
    case 'threshold':
    case undefined: {
      const { probes } = modes.recovery;
      const streak = health.goodProbesInARow ?? 0;
      const heard =
        streak > 0 ? [`It has answered well ${streak} of ${probes} times in a row that are asked for.`] : [];
      const then =
        modes.failback === 'hold'
          ? 'When it is repaired, you are asked before mail goes to it again.'
          : 'When it is repaired, mail goes to it again by itself.';
      return [...probing(health, now), ...heard, then];
    }
  }
}

function probing({ nextProbeAtMs }: Health, now: number): readonly string[] {
  if (nextProbeAtMs === null) return [];
  return nextProbeAtMs <= now
    ? ['It is being asked just now whether it works.']
    : [`It is asked again in ${span(nextProbeAtMs - now)} whether it works.`];
}

export type Question = { readonly kind: 'failure' | 'repair'; readonly title: string; readonly detail: string };

/** What waits for a person's word, if anything does. */
export function openQuestion({ health }: Status): Question | undefined {
  if (health.said.includes('asked') && health.state !== 'down' && health.state !== 'recovering')
    return {
      kind: 'failure',
      title: 'Open the emergency mailboxes now?',
      detail: 'The mail server fails beyond the limits that are set, and this client wants to be asked.',
    };
  if (health.said.includes('repair-waits') && health.state === 'down')
    return {
      kind: 'repair',
      title: 'Send mail to the server again?',
      detail: 'It has answered well for long enough, and this client wants to be asked before mail goes to it again.',
    };
  return undefined;
}

/** What a declaration brings about, told before it is made. */
export function consequences(kind: 'failure' | 'drill' | 'repair', clientName: string): readonly string[] {
  switch (kind) {
    case 'failure':
      return [
        `New mail for ${clientName} goes to emergency mailboxes, and no longer to its mail server.`,
        'People can log in, read and write there, within a minute.',
        'Everybody on the list of notices is told.',
        'It stays so until a person says that the server is repaired.',
      ];
    case 'drill':
      return [
        'Everything happens as in a real failure: mail goes to emergency mailboxes until you end the drill.',
        'Everybody is told that it is a drill.',
        'Afterwards everything is given back to the mail server.',
      ];
    case 'repair':
      return [
        'A few messages go to the mail server first, as a trial. If it does not take them, everything stays as it is.',
        'If it does, new mail goes straight to it, and what was kept is given back at the pace that is set.',
        'The emergency mailboxes stay readable, but nothing new is written there.',
      ];
  }
}

/** What the page of a one-click link says: before, after, and when it does nothing any more. */
import type { HealthState } from '../core/health-state.ts';
import type { LinkAction } from '../pipeline/client-port.ts';

type Words = {
  /** before: what pressing will do */
  readonly question: string;
  readonly effect: string;
  readonly button: string;
  /** after */
  readonly done: string;
  readonly next: string;
};

export const ACTION_WORDS: Readonly<Record<LinkAction, Words>> = {
  'declare-failure': {
    question: 'Fail over now?',
    effect:
      'Emergency mailboxes open for your people at once. Mail is kept here, and nothing goes to your own server until somebody says that it is repaired.',
    button: 'Fail over now',
    done: 'The failure is declared',
    next: 'Mailboxes are being opened for your people. When your server is repaired, say so in the console: what was kept is given back then.',
  },
  'declare-repair': {
    question: 'Switch back now?',
    effect:
      'A few of the messages that wait go to your server first. If it takes them, the others follow at the pace you set, and new mail goes to it directly. If it does not, the emergency goes on.',
    button: 'Switch back now',
    done: 'The repair is declared',
    next: 'The first messages are on their way to your server. You are told when it takes mail again, and when everything is given back.',
  },
  acknowledge: {
    question: 'Have you seen this?',
    effect: 'You and the others are not reminded of it any more. Nothing else changes.',
    button: 'I have seen this',
    done: 'Thank you',
    next: 'Nobody is reminded of it any more. You are told of what happens next.',
  },
};

export const STATE_WORDS: Readonly<Record<HealthState, string>> = {
  up: 'your server takes mail.',
  suspect: 'your server is in trouble. Mail is delivered where it can be, and kept where it cannot.',
  'tls-broken': 'your server answers, but no secure connection to it can be made. Mail is kept here.',
  'refused-us': 'your server answers, but does not let us in. Mail is kept here.',
  down: 'the emergency is on. Mail is kept here, and your people have their mailboxes.',
  recovering: 'the first messages are going back to your server.',
};

type Ending = { readonly heading: string; readonly text: string };

const INSTEAD = 'Open the console to see how things stand and to act, or use the link in the newest notice.';

export const DEAD_LINK_WORDS: Readonly<Record<'used' | 'expired' | 'unknown', Ending>> = {
  used: { heading: 'This link has been used', text: `Each link works once. ${INSTEAD}` },
  expired: { heading: 'This link has expired', text: `A link works for 24 hours. ${INSTEAD}` },
  unknown: {
    heading: 'This link is not known',
    text: `Perhaps it was cut off where a line ended: copy it whole. ${INSTEAD}`,
  },
};

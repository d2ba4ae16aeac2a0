/** What can stand in a client's timeline: one kind for each thing that happens, and each is a notice of its own. Pure. */
import type { HealthState, NoteKind } from './health-state.ts';

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
  /** planned work in which nothing opens (`keep`); work for which mailboxes open is a turn of the state */
  | 'maintenance-begins'
  | 'maintenance-ends'
  | 'maintenance-extended'
  | 'acknowledged'
  | 'muted'
  | 'unmuted'
  /** many clients' gateways began to fail at once: the fault may be ours */
  | 'self-doubt'
  /** a webhook did not take its call however often it was tried */
  | 'webhook-failed';

/** The kinds of thing an outcome can be. core/finding.ts decides which one it is, core/evidence.ts what that is worth. */

export type OutcomeClass =
  | 'delivered'
  /** no usable SMTP session */
  | 'connection'
  | 'dns'
  | 'tls'
  /** the server answers, and says that it or something behind it does not work */
  | 'server-down'
  /** too much at once, or out of means */
  | 'server-busy'
  /** temporary, one recipient */
  | 'mailbox-level'
  | 'greylist/policy-temporary'
  | 'permanent-mailbox'
  | 'permanent-policy';

export type Lasting = 'temporary' | 'permanent';

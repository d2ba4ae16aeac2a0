/** What a person is told of the own quarantine. Pure. */
import type { Me } from './api.ts';

type Users = Me['quarantine']['users'];

export function introWords(users: Users): string {
  return users === 'release'
    ? 'Kept back by your company’s filter. Let out what you were waiting for; you cannot break anything by leaving the rest.'
    : 'Kept back by your company’s filter. If you were waiting for one of these, ask your administrator to let it out.';
}

/** Why there is no button. */
export function notYoursWords(users: Users): string {
  return users === 'release'
    ? 'It may be dangerous: only your administrator can let it out.'
    : 'Only your administrator can let it out.';
}

/** `open`: it can be read here as well */
export function releasedWords(mailbox: Me['mailbox']['state']): string {
  return mailbox === 'open'
    ? 'It is let out, and appears in your inbox here.'
    : 'It is let out, and goes to your usual mailbox.';
}

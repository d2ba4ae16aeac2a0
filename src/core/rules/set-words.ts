/** What each built-in set does, in a sentence for whoever decides about it. */
import type { BuiltInSet } from './rule.ts';

export const SET_WORDS: Readonly<Record<BuiltInSet, string>> = {
  'dangerous-attachments':
    'Programs, scripts and shortcuts, also within archives, names made to deceive, and archives that are bombs go into quarantine.',
  'macros-from-outside': 'Documents with macros that come from outside go into quarantine.',
  'own-domain-look-alike':
    'Mail from outside whose sender’s domain looks like one of yours and is not goes into quarantine.',
  'own-name-impersonation': 'Mail from outside under the name of one of your people is marked by a header.',
  'numbers-leaving':
    'What your people send to the world with card, bank account or identity numbers in it is held for an administrator.',
  spam: 'From the score where you say so, mail is marked, and from a higher one it goes into quarantine.',
  virus: 'Mail in which a scanner finds something known to be harmful goes into quarantine.',
};

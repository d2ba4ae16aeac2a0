/** Whether a draft can be sent: what is wrong, by field, in the order a person meets it. Pure. */

import type { Draft } from './answer.ts';
import type { Person } from './api.ts';
import { isAddress } from './recipients.ts';

export type RecipientField = 'to' | 'cc' | 'bcc';
export type DraftFault = { readonly field: RecipientField; readonly says: string };

export function checkDraft(draft: Draft): readonly DraftFault[] {
  const faults = (['to', 'cc', 'bcc'] as const).flatMap((field) => checkField(field, draft[field]));
  const nobody = draft.to.length + draft.cc.length + draft.bcc.length === 0;
  return nobody ? [{ field: 'to', says: 'Add at least one recipient.' }] : faults;
}

function checkField(field: RecipientField, people: readonly Person[]): readonly DraftFault[] {
  const wrong = people.filter((person) => !isAddress(person.address)).map((person) => `“${person.address}”`);
  if (wrong.length === 0) return [];
  const verb = wrong.length === 1 ? 'is not a complete address' : 'are not complete addresses';
  return [{ field, says: `${wrong.join(', ')} ${verb}. An address looks like name@example.org.` }];
}

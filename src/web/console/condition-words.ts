/** Which fields the form shows for each kind of condition, and in which words. Pure. */
import type { ConditionDraft } from './condition-draft.ts';
import {
  ADDRESS_ROLES,
  ATTACHMENT_TESTS,
  type ConditionKind,
  DAYS,
  DIRECTIONS,
  HEADER_TESTS,
  LISTED_ROLES,
  METHODS,
  NUMBERS,
  type Options,
  PLACES,
  PRETENCES,
  RESULTS,
  TESTS,
} from './rule-words.ts';

/** `of`: the part of the draft it edits; `isShown`: left out, always */
export type FieldOf = { readonly label: string; readonly isShown?: (draft: ConditionDraft) => boolean } & (
  | { readonly kind: 'choice'; readonly of: 'choice' | 'how'; readonly options: Options }
  | { readonly kind: 'text'; readonly of: 'name' | 'value' | 'from' | 'to'; readonly help?: string }
  /** one of the client's lists */
  | { readonly kind: 'list'; readonly of: 'name' }
);

const choice = (label: string, options: Options): FieldOf => ({ kind: 'choice', of: 'choice', label, options });
const how = (label: string, options: Options): FieldOf => ({ kind: 'choice', of: 'how', label, options });
const value = (label: string, help?: string): FieldOf => ({
  kind: 'text',
  of: 'value',
  label,
  ...(help === undefined ? {} : { help }),
});

export const CONDITION_FIELDS: Readonly<Record<ConditionKind, readonly FieldOf[]>> = {
  direction: [choice('Which way', DIRECTIONS)],
  address: [
    choice('Whose', ADDRESS_ROLES),
    value('Is one of', 'ann@b.example, @b.example, @*.b.example, <own> for your domains, <> for bounces'),
  ],
  text: [choice('Where', PLACES), how('How', TESTS), value('What')],
  header: [
    { kind: 'text', of: 'name', label: 'Header' },
    how('How', HEADER_TESTS),
    { ...value('What'), isShown: (draft) => draft.how !== 'present' },
  ],
  attachment: [
    choice('What about it', ATTACHMENT_TESTS),
    {
      ...value('Which', 'Names with * and ?; types as application/pdf or image/*'),
      isShown: (draft) => draft.choice === 'name' || draft.choice === 'type',
    },
  ],
  link: [value('Leads to one of', 'bad.example, *.bad.example')],
  listed: [choice('What is on it', LISTED_ROLES), { kind: 'list', of: 'name', label: 'List' }],
  impersonation: [choice('As what', PRETENCES)],
  authentication: [choice('Which', METHODS), how('What it says', RESULTS)],
  spam: [value('At least (of 100)')],
  virus: [],
  sensitive: [choice('Which', NUMBERS), value('At least so many')],
  size: [value('Larger than (MB)')],
  country: [value('One of', 'DE, AT, CH')],
  time: [
    choice('Days', DAYS),
    { kind: 'text', of: 'from', label: 'From' },
    { kind: 'text', of: 'to', label: 'To' },
    { kind: 'text', of: 'name', label: 'Time zone', help: 'As Europe/Berlin' },
  ],
  'not-fully-scanned': [],
  'scanner-failed': [],
};

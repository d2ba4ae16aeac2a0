/** Mail to the world in words. Pure. */
import { counted } from '../shared/format.ts';
import type { Tone } from '../shared/notice.tsx';
import type { DkimKey, Limits, OutboundMessage, OutboundState, Relay, Spf } from './world-api.ts';

export function relayWords({ inUse, own, deployment }: Relay): string {
  switch (inUse) {
    case 'own':
      return `By your own relay, ${own?.host ?? ''}.`;
    case 'deployment':
      return `By the relay of this deployment, ${deployment?.host ?? ''}.`;
    case 'none':
      return 'There is no relay: what people write to the world waits here until there is one. Mail among colleagues arrives.';
  }
}

type Look = { readonly name: string; readonly tone: Tone };

const SPF_LOOKS: Readonly<Record<Spf['domains'][number]['verdict'], Look>> = {
  pass: { name: 'Listed', tone: 'calm' },
  'not-listed': { name: 'Not listed', tone: 'trouble' },
  'no-record': { name: 'No SPF record', tone: 'emergency' },
  'broken-record': { name: 'The record is broken', tone: 'trouble' },
  'cannot-tell': { name: 'Cannot be told now', tone: 'plain' },
};

export function spfLook(verdict: Spf['domains'][number]['verdict']): Look {
  return SPF_LOOKS[verdict];
}

export function dkimLook({ check, signs }: Pick<DkimKey, 'check' | 'signs'>): Look & { readonly words: string } {
  switch (check.kind) {
    case 'published':
      return signs
        ? { name: 'Signs', tone: 'calm', words: 'The record is published, and mail is signed with this key.' }
        : {
            name: 'Published, not in use',
            tone: 'plain',
            words: 'A newer key of this domain signs. Leave this one for a week, for mail under way; then remove it.',
          };
    case 'not-found':
      return {
        name: 'Not published yet',
        tone: 'emergency',
        words: 'Publish the record below. The key signs as soon as it is found; that may take some hours.',
      };
    case 'differs':
      return {
        name: 'Another record is there',
        tone: 'trouble',
        words: `What is published does not belong to this key, so it does not sign. Replace it by the record below. Found: ${check.found}`,
      };
    case 'cannot-tell':
      return {
        name: 'Cannot be told now',
        tone: 'plain',
        words: 'The name resolution gave no answer. Look again later.',
      };
  }
}

export const QUEUE_STATES: readonly (readonly [OutboundState, string])[] = [
  ['waiting', 'Waiting'],
  ['refused', 'Refused or stopped'],
  ['delivered', 'Handed to the relay'],
];

export const NOTHING: Readonly<Record<OutboundState, string>> = {
  waiting: 'Nothing waits.',
  refused: 'Nothing was refused or stopped.',
  delivered: 'Nothing has been sent to the world yet.',
};

export function triesWords({ state, attempts }: Pick<OutboundMessage, 'state' | 'attempts'>): string {
  if (attempts === 0) return 'not tried yet';
  return state === 'delivered'
    ? `taken at try ${attempts}`
    : `tried ${attempts === 1 ? 'once' : counted(attempts, 'time')}`;
}

export type LimitsDraft = { readonly perUserPerHour: string; readonly perClientPerHour: string };
export type LimitField = keyof LimitsDraft;
export const LIMIT_FIELDS: Readonly<Record<LimitField, { readonly label: string; readonly to: number }>> = {
  perUserPerHour: { label: 'Each person (recipients an hour)', to: 100_000 },
  perClientPerHour: { label: 'All together (recipients an hour)', to: 1_000_000 },
};

export type ReadLimits =
  | { readonly kind: 'read'; readonly limits: Limits }
  | { readonly kind: 'wrong'; readonly errors: Readonly<Partial<Record<LimitField, string>>> };

export function readLimits(draft: LimitsDraft): ReadLimits {
  const errors: Partial<Record<LimitField, string>> = {};
  const number = (field: LimitField): number => {
    const { to } = LIMIT_FIELDS[field];
    const value = Number(draft[field].trim());
    if (!(Number.isInteger(value) && value >= 1 && value <= to))
      errors[field] = `Enter a whole number from 1 to ${to.toLocaleString('en')}.`;
    return value;
  };
  const limits = { perUserPerHour: number('perUserPerHour'), perClientPerHour: number('perClientPerHour') };
  return Object.keys(errors).length === 0 ? { kind: 'read', limits } : { kind: 'wrong', errors };
}

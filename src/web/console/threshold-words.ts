/** What thresholds mean, and what a person may type for them. Pure. */
import { span } from '../shared/format.ts';
import type { Numbers, OwnNumbers, Profile } from './settings-api.ts';

export const PROFILE_WORDS: Record<Profile, { readonly name: string; readonly purpose: string }> = {
  cautious: {
    name: 'Cautious',
    purpose: 'Rather wait than move. A restart with a check of the disks passes unseen.',
  },
  standard: { name: 'Standard', purpose: 'A restart of a minute passes unseen; a failure is found within two.' },
  eager: {
    name: 'Eager',
    purpose: 'When half a minute without mail matters more than mailboxes opened once too often.',
  },
};

/** Three of which any one makes it a failure, and what is asked beside. */
export function meaning({ amount, durationSeconds, frequency, confirmSeconds }: Numbers): readonly string[] {
  const share = `${Math.round(frequency.share * 100)} %`;
  return [
    `Amount: ${amount} failures since more was taken than failed. A refused connection counts one, a single 4xx reply a quarter.`,
    `Duration: failures go on for ${span(durationSeconds * 1000)}, and what is taken in between does not outnumber them.`,
    `Frequency: within ${span(frequency.perSeconds * 1000)}, ${frequency.deferrals} failures or ${share} of all messages. This finds a server that fails now and then.`,
    ...(confirmSeconds === 0
      ? []
      : [
          `Lasting: neither amount nor frequency counts before failures have gone on for ${span(confirmSeconds * 1000)}, so that a restart opens nothing.`,
        ]),
    'What the server says of one sender, one mailbox or one message is never enough, however often it comes.',
  ];
}

/** The fields as a person types them; empty: as the profile has it. */
export type Typed = {
  readonly amount: string;
  readonly durationSeconds: string;
  readonly deferrals: string;
  readonly perSeconds: string;
  readonly sharePercent: string;
  readonly confirmSeconds: string;
};

export type Field = keyof Typed;

type Bounds = { readonly label: string; readonly unit: string; readonly from: number; readonly to: number };

/** The API's own bounds, so that a slip is seen at the field. */
export const FIELDS: Record<Field, Bounds> = {
  amount: { label: 'Amount', unit: 'failures', from: 1, to: 10_000 },
  durationSeconds: { label: 'Duration', unit: 'seconds', from: 1, to: 86_400 },
  deferrals: { label: 'Frequency: number', unit: 'failures', from: 1, to: 10_000 },
  perSeconds: { label: 'Frequency: within', unit: 'seconds', from: 1, to: 86_400 },
  sharePercent: { label: 'Frequency: or share of all', unit: '%', from: 1, to: 100 },
  confirmSeconds: { label: 'Lasting at least', unit: 'seconds', from: 0, to: 3_600 },
};

export const FIELD_NAMES = [
  'amount',
  'durationSeconds',
  'deferrals',
  'perSeconds',
  'sharePercent',
  'confirmSeconds',
] as const;

export function typedFrom(own: OwnNumbers): Typed {
  const text = (value: number | undefined) => (value === undefined ? '' : String(value));
  return {
    amount: text(own.amount),
    durationSeconds: text(own.durationSeconds),
    deferrals: text(own.frequency?.deferrals),
    perSeconds: text(own.frequency?.perSeconds),
    sharePercent: text(own.frequency?.share === undefined ? undefined : Math.round(own.frequency.share * 100)),
    confirmSeconds: text(own.confirmSeconds),
  };
}

export type Read =
  | { readonly kind: 'read'; readonly own: OwnNumbers }
  | { readonly kind: 'wrong'; readonly errors: Readonly<Partial<Record<Field, string>>> };

/** `profile`: whence a part of the frequency comes that is left empty, for the API takes it whole. */
export function readTyped(typed: Typed, profile: Numbers): Read {
  const errors: Partial<Record<Field, string>> = {};
  const number = (field: Field): number | undefined => {
    const text = typed[field].trim().replace(',', '.');
    if (text === '') return undefined;
    const { from, to, unit } = FIELDS[field];
    const value = Number(text);
    if (Number.isFinite(value) && value >= from && value <= to) return value;
    errors[field] = `Enter ${from} to ${to.toLocaleString('en')} ${unit}, or leave it empty.`;
    return undefined;
  };
  const amount = number('amount');
  const durationSeconds = number('durationSeconds');
  const deferrals = number('deferrals');
  const perSeconds = number('perSeconds');
  const sharePercent = number('sharePercent');
  const confirmSeconds = number('confirmSeconds');
  if (Object.keys(errors).length > 0) return { kind: 'wrong', errors };
  const hasFrequency = deferrals !== undefined || perSeconds !== undefined || sharePercent !== undefined;
  return {
    kind: 'read',
    own: {
      ...(amount === undefined ? {} : { amount }),
      ...(durationSeconds === undefined ? {} : { durationSeconds }),
      ...(hasFrequency
        ? {
            frequency: {
              deferrals: deferrals ?? profile.frequency.deferrals,
              perSeconds: perSeconds ?? profile.frequency.perSeconds,
              ...(sharePercent === undefined ? {} : { share: sharePercent / 100 }),
            },
          }
        : {}),
      ...(confirmSeconds === undefined ? {} : { confirmSeconds }),
    },
  };
}

/** What would be in force; a share that is left out is the profile's. */
export function inForce(own: OwnNumbers, profile: Numbers): Numbers {
  return {
    amount: own.amount ?? profile.amount,
    durationSeconds: own.durationSeconds ?? profile.durationSeconds,
    frequency: {
      deferrals: own.frequency?.deferrals ?? profile.frequency.deferrals,
      perSeconds: own.frequency?.perSeconds ?? profile.frequency.perSeconds,
      share: own.frequency?.share ?? profile.frequency.share,
    },
    confirmSeconds: own.confirmSeconds ?? profile.confirmSeconds,
  };
}

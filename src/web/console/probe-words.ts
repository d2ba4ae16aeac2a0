/** How a server is looked at, in words; and what a person may type for it. Pure. */
import { counted, span } from '../shared/format.ts';
import type { ModeSettings } from './modes-api.ts';

/** The fields as a person types them. */
export type ProbeDraft = {
  readonly firstSeconds: string;
  readonly capSeconds: string;
  readonly idleSeconds: string;
  readonly probes: string;
  readonly spanSeconds: string;
  readonly address: string;
  readonly testMessage: 'sent' | 'not-sent';
};
export type ProbeField = Exclude<keyof ProbeDraft, 'address' | 'testMessage'>;
type Bounds = { readonly label: string; readonly from: number; readonly to: number; readonly whole?: 'whole' };

/** The API's own bounds, so that a slip is seen at the field. */
export const PROBE_FIELDS: Readonly<Record<ProbeField, Bounds>> = {
  firstSeconds: { label: 'First look after (seconds)', from: 0.5, to: 3_600 },
  capSeconds: { label: 'Later at least every (seconds)', from: 1, to: 86_400 },
  idleSeconds: { label: 'Without mail, every (seconds; 0: never)', from: 0, to: 86_400 },
  probes: { label: 'Good answers in a row', from: 1, to: 100, whole: 'whole' },
  spanSeconds: { label: 'Over at least (seconds)', from: 0, to: 86_400 },
};
export const PROBE_FIELD_NAMES = ['firstSeconds', 'capSeconds', 'idleSeconds', 'probes', 'spanSeconds'] as const;
// The API refuses less: a look at every few seconds at a server that works is a nuisance to it.
const LEAST_IDLE = 10;

export function probeDraft({ probe, recovery }: Pick<ModeSettings, 'probe' | 'recovery'>): ProbeDraft {
  return {
    firstSeconds: String(probe.firstSeconds),
    capSeconds: String(probe.capSeconds),
    idleSeconds: String(probe.idleSeconds),
    probes: String(recovery.probes),
    spanSeconds: String(recovery.spanSeconds),
    address: probe.address ?? '',
    testMessage: probe.testMessage ? 'sent' : 'not-sent',
  };
}

export type ReadProbe =
  | { readonly kind: 'read'; readonly settings: Pick<ModeSettings, 'probe' | 'recovery'> }
  | { readonly kind: 'wrong'; readonly errors: Readonly<Partial<Record<ProbeField | 'address', string>>> };

export function readProbe(draft: ProbeDraft): ReadProbe {
  const errors: Partial<Record<ProbeField | 'address', string>> = {};
  const number = (field: ProbeField): number => {
    const { from, to, whole } = PROBE_FIELDS[field];
    const text = draft[field].trim().replace(',', '.');
    const value = text === '' ? Number.NaN : Number(text);
    const right = value >= from && value <= to && (whole === undefined || Number.isInteger(value));
    if (!right)
      errors[field] =
        `Enter a ${whole === undefined ? '' : 'whole '}number from ${from} to ${to.toLocaleString('en')}.`;
    return value;
  };
  const probe = {
    firstSeconds: number('firstSeconds'),
    capSeconds: number('capSeconds'),
    idleSeconds: number('idleSeconds'),
  };
  if (probe.idleSeconds > 0 && probe.idleSeconds < LEAST_IDLE)
    errors.idleSeconds = `Enter 0, or ${LEAST_IDLE} and more.`;
  const recovery = { probes: number('probes'), spanSeconds: number('spanSeconds') };
  const address = draft.address.trim();
  if (draft.testMessage === 'sent' && address === '') errors.address = 'A test message needs an address to go to.';
  if (Object.keys(errors).length > 0) return { kind: 'wrong', errors };
  return {
    kind: 'read',
    settings: {
      probe: { ...probe, address: address === '' ? null : address, testMessage: draft.testMessage === 'sent' },
      recovery,
    },
  };
}

export function probeWords({ probe, recovery }: Pick<ModeSettings, 'probe' | 'recovery'>): readonly string[] {
  const idle =
    probe.idleSeconds === 0
      ? 'While nothing is wrong, the server is not looked at; a quiet one is found out with its next message.'
      : `While nothing is wrong and no mail comes, the server is looked at every ${span(probe.idleSeconds * 1000)}.`;
  const answers = recovery.probes === 1 ? 'one good answer' : `${counted(recovery.probes, 'good answer')} in a row`;
  const over = recovery.spanSeconds === 0 ? '' : `, over at least ${span(recovery.spanSeconds * 1000)}`;
  return [
    idle,
    `After the first failure it is asked within ${span(probe.firstSeconds * 1000)}, then less and less often, and at least every ${span(probe.capSeconds * 1000)}.`,
    `It counts as repaired after ${answers}${over}. Then a few real messages are tried.`,
    probe.address === null
      ? 'Probes ask whether it takes mail for people it is known to have, or else for postmaster.'
      : `Probes also ask whether it takes mail for ${probe.address}${probe.testMessage ? ', and send a test message' : ''}.`,
  ];
}

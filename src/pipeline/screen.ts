/** What the client's filter says of what one of its people has written: for each recipient, the way it goes; or that it does not go at all. */
import { type Address, parseAddress } from '../core/address.ts';
import type { ClientId, MessageId } from '../core/ids.ts';
import { type Marks, marksOf } from '../core/marks.ts';
import type { InspectedFacts } from '../core/message-facts.ts';
import { quarantining } from '../core/quarantine.ts';
import type { ClientView, Placement } from './client-port.ts';
import type { Filtered, FilterSubject } from './filter.ts';

export type Writing = {
  readonly id: MessageId;
  readonly clientId: ClientId;
  /** the writer's */
  readonly reversePath: string;
  readonly content: Uint8Array;
  readonly inspected: InspectedFacts;
  readonly writtenAt: number;
  readonly helo: string;
};

/** `original`: whom it was written to, where a rule has chosen another. */
export type Way = {
  readonly recipient: Address;
  readonly original?: Address;
  readonly marks?: Marks;
  readonly placement: Placement;
};

export type Screened =
  /** a rule of the client's own, in its own words; `recipient`: of whom it said so first */
  | { readonly kind: 'refused'; readonly recipient: Address; readonly reason: string }
  | { readonly kind: 'screened'; readonly ways: readonly Way[] };

export type ScreenNeeds = {
  /** throws only when nobody knows the client's plan */
  filter(subject: FilterSubject, recipients: readonly string[], view: ClientView): Promise<readonly Filtered[]>;
  noteFiltered(clientId: ClientId, id: MessageId, filtered: Filtered): void;
};

export async function screen(
  writing: Writing,
  recipients: readonly Address[],
  view: ClientView,
  needs: ScreenNeeds,
): Promise<Screened> {
  const keys = recipients.map(({ key }) => key);
  const all = await needs.filter(subjectOf(writing), keys, view);
  const each = recipients.flatMap((recipient, n) => {
    const filtered = all[n];
    if (filtered === undefined) throw new Error('the filter has left a recipient out');
    return [{ recipient, filtered }];
  });
  // One message, one fact; but whoever wants to be told is told of each.
  for (const [n, { filtered }] of each.entries())
    if (n === 0 || filtered.decision.notify.length > 0) needs.noteFiltered(writing.clientId, writing.id, filtered);
  for (const { recipient, filtered } of each) {
    const { verdict } = filtered.decision;
    if (verdict.kind === 'reject') return { kind: 'refused', recipient, reason: verdict.reason };
  }
  return { kind: 'screened', ways: each.flatMap(({ recipient, filtered }) => wayOf(recipient, filtered)) };
}

function subjectOf({ id, clientId, reversePath, content, inspected, writtenAt, helo }: Writing): FilterSubject {
  return {
    id,
    clientId,
    direction: 'outbound',
    receivedAt: writtenAt,
    envelope: { reversePath, recipient: '', helo, remoteIp: '' },
    sizeBytes: content.byteLength,
    inspected,
    content: async () => content,
  };
}

/** None for whom a rule discards it: the writer's own copy stays. */
function wayOf(recipient: Address, filtered: Filtered): readonly Way[] {
  const { decision } = filtered;
  const placement = placementOf(filtered);
  if (placement === undefined) return [];
  const redirect = decision.redirect === undefined ? undefined : parseAddress(decision.redirect);
  const marks = marksOf(decision);
  return [
    {
      recipient: redirect ?? recipient,
      ...(redirect === undefined || redirect.key === recipient.key ? {} : { original: recipient }),
      ...(marks === undefined ? {} : { marks }),
      placement,
    },
  ];
}

function placementOf({ decision: { verdict }, facts, rules }: Filtered): Placement | undefined {
  switch (verdict.kind) {
    case 'accept':
      return { kind: 'waiting' };
    case 'quarantine':
      return { kind: 'quarantined', ...quarantining(verdict, rules, facts) };
    case 'hold':
      return { kind: 'held', detail: verdict.reason, shown: 'nobody' };
    case 'reject':
    case 'discard':
      return undefined;
  }
}

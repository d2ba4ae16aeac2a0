/** Messages held for a person, together when one reason holds them: mended once, they are all tried again. Pure. */
import { counted } from '../shared/format.ts';
import type { HeldMessage } from './api.ts';

export type HeldGroup = { readonly reason: string; readonly messages: readonly HeldMessage[] };

const NO_REASON = 'No reason was noted.';

/** The largest first; within one, as they came. */
export function heldByReason(messages: readonly HeldMessage[]): readonly HeldGroup[] {
  const groups = Map.groupBy(messages, ({ detail }) => kindOfReason(detail ?? NO_REASON));
  return [...groups]
    .map(([kind, held]) => ({ reason: held.length === 1 ? (held[0]?.detail ?? kind) : kind, messages: held }))
    .sort((a, b) => b.messages.length - a.messages.length);
}

/** Servers repeat the address and a number of their own in every reply; without them equal reasons are equal. */
function kindOfReason(detail: string): string {
  return detail.replaceAll(/<?[^\s<>@]+@[^\s<>@]+\.[^\s<>@:;,]+>?/g, '<address>').trim();
}

/** Whether a reason, as it is shown for the group, leaves out what the message's own words have. */
export function ownWords({ detail }: HeldMessage, reason: string): string | undefined {
  return detail === null || detail === reason ? undefined : detail;
}

export type Bulk = { readonly done: number; readonly failed: number; readonly total: number };

export function bulkWords({ done, failed, total }: Bulk): string {
  if (done + failed < total) return `Trying again: ${done + failed} of ${total}`;
  const tried = `${counted(done, 'message')} will be tried again.`;
  return failed === 0 ? tried : `${tried} ${counted(failed, 'message')} could not be let go: try again in a moment.`;
}

/** What goes on the wire for a ledger row: its envelope, the headers we prepend, its bytes as they were received (P3). */
import { NULL_REVERSE_PATH } from '../core/address.ts';
import type { NewEntry } from '../core/ledger.ts';
import { sentCopyHeaders, traceHeaders } from '../mime/trace-headers.ts';
import type { Parcel } from './deliver.ts';

export type ParcelNeeds = { readonly serviceHost: string; readonly body: Parcel['body'] };

export function parcelOf(entry: NewEntry, needs: ParcelNeeds): Parcel {
  const { reversePath, recipient } = entry;
  switch (entry.kind) {
    case 'inbound':
      return {
        envelope: { reversePath, recipient },
        head: traceHeaders(traceOf(entry, needs.serviceHost)),
        body: needs.body,
      };
    case 'sent-copy':
      // The sender's own record: nothing about it may ever bounce to anybody.
      return {
        envelope: { reversePath: NULL_REVERSE_PATH, recipient },
        head: sentCopyHeaders(traceOf(entry, needs.serviceHost)),
        body: needs.body,
      };
    case 'outbound':
      return { envelope: { reversePath, recipient }, head: new Uint8Array(), body: needs.body };
  }
}

function traceOf(entry: NewEntry, serviceHost: string): Parameters<typeof traceHeaders>[0] {
  return {
    messageId: entry.id,
    clientId: entry.clientId,
    serviceHost,
    helo: entry.origin.helo,
    remoteIp: entry.origin.remoteIp,
    recipient: entry.recipient,
    receivedAt: entry.receivedAt,
  };
}

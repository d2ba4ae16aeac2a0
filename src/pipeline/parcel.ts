/** What goes on the wire for a ledger row: its envelope, the headers we prepend, its bytes as they were received (P3). */
import { NULL_REVERSE_PATH } from '../core/address.ts';
import type { NewEntry } from '../core/ledger.ts';
import { markFields } from '../mime/mark-fields.ts';
import { subjectGrowth, withSubjectPrefix } from '../mime/subject-prefix.ts';
import { sentCopyHeaders, traceHeaders } from '../mime/trace-headers.ts';
import type { Outgoing } from '../smtp/session-types.ts';
import type { Body, Parcel } from './deliver.ts';

/** Reads the bytes; undefined when the store does not have them. */
export type ReadBody = () => Promise<Body | undefined>;

/** What is said of a message's origin, before our trace headers, and the body, which may have been read for it. Never holds it up. */
export type Vouch = (entry: NewEntry, read: ReadBody) => Promise<Outgoing | undefined>;

export type ParcelNeeds = {
  readonly serviceHost: string;
  readonly body: ReadBody;
  /** for mail that comes from the spool; what is delivered as it arrives is vouched for by nobody but its own sender */
  readonly vouch?: Vouch;
};

/** `entry`: a row, or a message that is delivered before it is one. */
export function parcelOf(entry: NewEntry, needs: ParcelNeeds): Parcel {
  const { reversePath, recipient, originalRecipient } = entry;
  const bodyBytes = entry.sizeBytes + subjectGrowth(entry.marks?.subjectPrefix ?? '');
  switch (entry.kind) {
    case 'inbound':
      return {
        envelope: {
          reversePath,
          recipient,
          bodyBytes,
          // A report about it must name the address that its sender wrote to, and knows (RFC 3461 §4.2).
          ...(originalRecipient === undefined
            ? {}
            : { notification: { kind: 'original-recipient', address: originalRecipient } }),
        },
        content: () => vouched(entry, needs),
      };
    case 'sent-copy':
      // The sender's own record: nothing about it may ever bounce to anybody.
      return {
        envelope: { reversePath: NULL_REVERSE_PATH, recipient, bodyBytes, notification: { kind: 'never' } },
        content: () => headed(sentCopyHeaders(traceOf(entry, needs.serviceHost)), needs.body),
      };
    case 'outbound':
      return {
        envelope: { reversePath, recipient, bodyBytes },
        content: async () => marked(entry, await headed(NOTHING, needs.body)),
      };
  }
}

/** Our trace stands next to the message: what was sealed with the message stands above, whatever the first line of the message is. */
async function vouched(entry: NewEntry, { serviceHost, body, vouch }: ParcelNeeds): Promise<Outgoing | undefined> {
  const trace = traceHeaders(traceOf(entry, serviceHost));
  const content = marked(entry, await (vouch === undefined ? headed(NOTHING, body) : vouch(entry, body)));
  return content === undefined ? undefined : { head: Buffer.concat([content.head, trace]), body: content.body };
}

const NOTHING = new Uint8Array();

/** What the client's filter has put on it, below what vouches for it: the seal is over the subject as it is handed on. */
function marked({ marks }: NewEntry, content: Outgoing | undefined): Outgoing | undefined {
  if (marks === undefined || content === undefined) return content;
  const head = Buffer.concat([content.head, markFields(marks.headers)]);
  return { head, body: withSubjectPrefix(content.body, marks.subjectPrefix) };
}

async function headed(head: Uint8Array, read: ReadBody): Promise<Outgoing | undefined> {
  const body = await read();
  return body === undefined ? undefined : { head, body };
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

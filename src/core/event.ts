/**
 * The log's vocabulary: one union, one emitter (adapters/log.ts). Ids, counts and replies of peers only:
 * never a subject, a body or a secret, and no person's address but what a peer's own reply names.
 */
import type { ClientId, MessageId, OutageId } from './ids.ts';

export type LogEvent =
  | {
      readonly kind: 'received';
      readonly clientId: ClientId;
      readonly id: MessageId;
      readonly sizeBytes: number;
      readonly disposition: string;
    }
  | { readonly kind: 'sent-back'; readonly clientId?: ClientId; readonly why: string }
  | { readonly kind: 'refused'; readonly clientId: ClientId; readonly id: MessageId; readonly why: string }
  | { readonly kind: 'unknown-domain'; readonly domain: string }
  | {
      readonly kind: 'health';
      readonly clientId: ClientId;
      readonly from: string;
      readonly to: string;
      readonly why: string;
    }
  | { readonly kind: 'probe'; readonly clientId: ClientId; readonly result: string }
  | { readonly kind: 'preflight'; readonly clientId: ClientId; readonly verdict: string }
  | {
      readonly kind: 'mailboxes-ready';
      readonly clientId: ClientId;
      readonly outageId: OutageId;
      readonly mailboxes: number;
    }
  | {
      readonly kind: 'outage-closed';
      readonly clientId: ClientId;
      readonly outageId: OutageId;
      readonly replayed: number;
      readonly held: number;
    }
  /** its sender is told by a DSN; `id` of the message that came */
  | {
      readonly kind: 'returned';
      readonly clientId: ClientId;
      readonly id: MessageId;
      readonly word: 'failed' | 'delayed';
    }
  /** the client's filter has decided against a message, or has changed its way; `by`: the rule's id */
  | {
      readonly kind: 'filtered';
      readonly clientId: ClientId;
      readonly id: MessageId;
      readonly verdict: string;
      readonly by: string;
    }
  /** what could not be asked or judged: names and causes, nothing of what the message says */
  | { readonly kind: 'filter-trouble'; readonly clientId: ClientId; readonly id: string; readonly why: string }
  | { readonly kind: 'configured'; readonly clientId: ClientId; readonly version: number }
  /** somebody was at the operator's door of the console */
  | { readonly kind: 'operator-login'; readonly result: 'opened' | 'wrong' | 'locked' }
  /** many clients began to fail at once */
  | { readonly kind: 'self-doubt'; readonly failing: number; readonly known: number }
  | { readonly kind: 'trouble'; readonly clientId?: ClientId; readonly where: string; readonly problem: string };

/** What a client object works with; compose.ts brings it, tests replace parts of it. */
import type { LogEvent } from '../core/event.ts';
import type { ClientId, OutageId } from '../core/ids.ts';
import type { NewEntry } from '../core/ledger.ts';
import type { SelfDoubt } from '../core/self-doubt.ts';
import type { ContentStore } from '../pipeline/contents.ts';
import type { Parcel } from '../pipeline/deliver.ts';
import type { SignOutbound } from '../pipeline/dkim.ts';
import type { MailboxIndex } from '../pipeline/mailbox.ts';
import type { NotifyNeeds } from '../pipeline/notify.ts';
import type { PreflightNeeds } from '../pipeline/preflight.ts';
import type { ProbeNeeds } from '../pipeline/probe.ts';
import type { Ways } from '../pipeline/relay.ts';
import type { ReturnNeeds } from '../pipeline/returns.ts';
import type { Timer } from '../pipeline/timer.ts';
import type { CallWebhook } from '../pipeline/webhook.ts';
import type { LinkNeeds } from './links.ts';

export type ErrandNeeds = NotifyNeeds &
  PreflightNeeds &
  ProbeNeeds &
  ReturnNeeds &
  LinkNeeds &
  Ways & {
    readonly contents: Pick<ContentStore, 'delete'>;
    readonly wait: (ms: number) => Promise<void>;
    readonly startTimer: (ms: number) => Timer;
    /** to the object that watches over the deployment; it may be away, and nothing may depend on it */
    reportTrouble(clientId: ClientId, at: number): Promise<SelfDoubt>;
    introduce(clientId: ClientId): Promise<void>;
    readonly callWebhook: CallWebhook;
    readonly signOutbound: SignOutbound;
    /** the row's bytes behind the headers we prepend */
    readonly parcel: (entry: NewEntry) => Parcel;
    readonly index: MailboxIndex;
    /** inbound messages the mailbox index knows, by outage */
    countShown(clientId: ClientId): Promise<ReadonlyMap<OutageId, number>>;
    readonly log: (event: LogEvent) => void;
  };

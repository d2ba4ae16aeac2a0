/** What a client object works with; compose.ts brings it, tests replace parts of it. */
import type { LogEvent } from '../core/event.ts';
import type { ClientId, OutageId } from '../core/ids.ts';
import type { LedgerEntry } from '../core/ledger.ts';
import type { SelfDoubt } from '../core/self-doubt.ts';
import type { Dial, OpenedPeer, Parcel } from '../pipeline/deliver.ts';
import type { MailboxIndex } from '../pipeline/mailbox.ts';
import type { NotifyNeeds } from '../pipeline/notify.ts';
import type { ProbeNeeds } from '../pipeline/probe.ts';
import type { Timer } from '../pipeline/receive.ts';
import type { CallWebhook } from '../pipeline/webhook.ts';
import type { LinkNeeds } from './links.ts';

export type ErrandNeeds = NotifyNeeds &
  ProbeNeeds &
  LinkNeeds & {
    readonly wait: (ms: number) => Promise<void>;
    readonly startTimer: (ms: number) => Timer;
    readonly dial: Dial;
    /** to the object that watches over the deployment; it may be away, and nothing may depend on it */
    reportTrouble(clientId: ClientId, at: number): Promise<SelfDoubt>;
    introduce(clientId: ClientId): Promise<void>;
    /** to the smarthost for the world, or to what stands in for it where notices are concerned; absent when there is neither */
    readonly openRelay: (() => Promise<OpenedPeer>) | undefined;
    /** whether there is a smarthost of the deployment: what stands in for it writes to no stranger */
    readonly hasRelay: boolean;
    readonly callWebhook: CallWebhook;
    /** the row's bytes behind the headers we prepend */
    readonly parcel: (entry: LedgerEntry) => Parcel;
    readonly index: MailboxIndex;
    /** inbound messages the mailbox index knows, by outage */
    countShown(clientId: ClientId): Promise<ReadonlyMap<OutageId, number>>;
    readonly log: (event: LogEvent) => void;
  };

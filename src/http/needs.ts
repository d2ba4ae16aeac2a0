/** What the HTTP surface asks of the deployment; compose.ts brings it. */

import type { DkimKey, Peer } from '../core/client.ts';
import type { LogEvent } from '../core/event.ts';
import type { ClientId, MessageId } from '../core/ids.ts';
import type { ArcKey } from '../mime/arc-key.ts';
import type { Incoming, Receipt } from '../pipeline/arrival.ts';
import type { ClientPorts, ClientView, DomainPort } from '../pipeline/client-port.ts';
import type { ContentStore } from '../pipeline/contents.ts';
import type { ExportPort, ExportStore } from '../pipeline/export-port.ts';
import type { FilterStore } from '../pipeline/filter-store.ts';
import type { GivenPeer } from '../pipeline/given-peer.ts';
import type { Push } from '../pipeline/push.ts';
import type { QuarantinePort } from '../pipeline/quarantine-port.ts';
import type { Teachable } from '../pipeline/read-tokens.ts';
import type { SpfCheck } from '../pipeline/spf.ts';
import type { AccountStore, ClientStore } from '../pipeline/stores.ts';
import type { Author, Submission, Submitted } from '../pipeline/submit.ts';

export type HttpNeeds = {
  readonly operatorToken: string;
  readonly ingestToken: string;
  /** the name we give ourselves in Received and in Authentication-Results */
  readonly serviceHost: string;
  readonly arcKey: ArcKey;
  /** there are resolvers to ask: what the platform has not checked is checked at the replay */
  readonly checksByDns: boolean;
  readonly allowPrivatePeers: boolean;
  /** the host names of this deployment itself */
  readonly ownHosts: readonly string[];
  readonly clients: ClientStore;
  readonly filters: FilterStore;
  readonly accounts: AccountStore;
  readonly ports: ClientPorts;
  /** what the client object tells of its ledger for exports */
  exports(clientId: ClientId): ExportPort;
  readonly exportStore: ExportStore;
  quarantines(clientId: ClientId): QuarantinePort;
  /** undefined when the bytes are gone */
  readTokens(message: Teachable): Promise<Uint32Array | undefined>;
  domain(name: string): DomainPort;
  findClient(domain: string): Promise<ClientId | undefined>;
  view(clientId: ClientId): Promise<ClientView>;
  readonly contents: Pick<ContentStore, 'get'>;
  receive(incoming: Incoming): Promise<Receipt>;
  submit(submission: Submission, author: Author): Promise<Submitted>;
  /** brings a client's configuration into effect */
  push(clientId: ClientId): Promise<Push>;
  sealPeer(given: GivenPeer): Promise<Peer>;
  /** the deployment's way to the world */
  readonly relay: { readonly host: string; readonly port: number } | undefined;
  newDkimKey(): Promise<Pick<DkimKey, 'publicKey' | 'sealedPrivateKey'>>;
  /** TXT records of a name, asked of the DNS now, each with its strings joined; undefined when nobody could say */
  textRecords(name: string): Promise<readonly string[] | undefined>;
  checkSpf(domains: readonly string[], relayHost: string): Promise<readonly SpfCheck[]>;
  /** of a webhook */
  sealSecret(secret: string): Promise<string>;
  hashPassword(password: string): Promise<string>;
  verifyPassword(password: string, stored: string | null): Promise<boolean>;
  readonly now: () => number;
  readonly newRuleId: () => MessageId;
  /** of a one-click link, made by this deployment for that client */
  isLinkToken(clientId: ClientId, token: string): boolean;
  readonly newWebhookSecret: () => string;
  /** of the length core/system-address.ts asks for */
  readonly newSystemToken: () => string;
  readonly log: (event: LogEvent) => void;
};

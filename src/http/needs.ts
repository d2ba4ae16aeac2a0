/** What the HTTP surface asks of the deployment; compose.ts brings it. */

import type { DkimKey, Peer } from '../core/client.ts';
import type { LogEvent } from '../core/event.ts';
import type { ClientId, MessageId } from '../core/ids.ts';
import type { ClientPorts, ClientView, DomainPort } from '../pipeline/client-port.ts';
import type { Push } from '../pipeline/push.ts';
import type { ContentStore, Incoming, Receipt } from '../pipeline/receive.ts';
import type { SpfCheck } from '../pipeline/spf.ts';
import type { AccountStore, ClientStore } from '../pipeline/stores.ts';
import type { Author, Submission, Submitted } from '../pipeline/submit.ts';

export type HttpNeeds = {
  readonly operatorToken: string;
  readonly ingestToken: string;
  readonly allowPrivatePeers: boolean;
  /** the host names of this deployment itself */
  readonly ownHosts: readonly string[];
  readonly clients: ClientStore;
  readonly accounts: AccountStore;
  readonly ports: ClientPorts;
  domain(name: string): DomainPort;
  findClient(domain: string): Promise<ClientId | undefined>;
  view(clientId: ClientId): Promise<ClientView>;
  readonly contents: Pick<ContentStore, 'get'>;
  receive(incoming: Incoming): Promise<Receipt>;
  submit(submission: Submission, author: Author): Promise<Submitted>;
  /** brings a client's configuration into effect */
  push(clientId: ClientId): Promise<Push>;
  sealPeer(peer: {
    readonly host: string;
    readonly port: number;
    readonly tls: Peer['tls'];
    readonly username?: string | undefined;
    readonly password?: string | undefined;
  }): Promise<Peer>;
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

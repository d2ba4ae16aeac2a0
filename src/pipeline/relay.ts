/** By which way mail leaves for the world. Each client's object opens connections of its own: two clients never share one. */
import type { ClientSnapshot } from '../core/client.ts';
import { type Dial, type OpenedPeer, peerName } from './deliver.ts';

type Open = () => Promise<OpenedPeer>;

/** `name`: another one is another way */
export type Way = { readonly name: string; readonly open: Open };

export type Ways = {
  readonly dial: Dial;
  /** to the deployment's smarthost; absent when it has none */
  readonly openRelay: Open | undefined;
  /** the platform's own sending: for notices only, and to verified addresses only */
  readonly openPlatform: Open | undefined;
};

type Client = Pick<ClientSnapshot, 'outbound'>;

/** For what people write, and for what has to be said to senders: by the client's own smarthost, or else by the deployment's. */
export function wayOut(client: Client, ways: Ways): Way | undefined {
  return ownWay(client, ways) ?? deploymentWay(ways);
}

/**
 * For notices: by the deployment's way first. The client's own smarthost is often the server that has failed, and may refuse a sender
 * that is not the client's (P9); it is better than none.
 */
export function noticeWay(client: Client, ways: Ways): Way | undefined {
  const { openPlatform } = ways;
  const platform = openPlatform === undefined ? undefined : { name: 'the platform', open: openPlatform };
  return deploymentWay(ways) ?? platform ?? ownWay(client, ways);
}

function deploymentWay({ openRelay }: Ways): Way | undefined {
  return openRelay === undefined ? undefined : { name: "the deployment's", open: openRelay };
}

/** Another login is another way: sessions that were opened with the old one are not used on. */
function ownWay({ outbound: { relay } }: Client, { dial }: Ways): Way | undefined {
  if (relay === undefined) return undefined;
  return { name: JSON.stringify(relay), open: async () => ({ ...(await dial(relay)), peer: peerName(relay) }) };
}

/** What client objects tell the one object that watches over the deployment; durable/watch-object.ts answers. */
import type { ClientId } from '../core/ids.ts';
import type { SelfDoubt } from '../core/self-doubt.ts';

export type WatchPort = {
  /** there is such a client; saying it again changes nothing */
  introduce(clientId: ClientId): Promise<void>;
  /** its gateway began to fail at `at` (epoch ms); to be asked again with the same `at` for a later answer */
  reportTrouble(clientId: ClientId, at: number): Promise<SelfDoubt>;
};

/** Scripted resolvers for tests inside workerd: DNS over HTTPS on loopback, served by the peers' control server. */
import type { Zone } from './behaviour.ts';
import { testEnv } from './test-env.ts';

export type Resolver = {
  readonly url: string;
  /** from now on */
  set(zone: Zone): Promise<void>;
};

export async function startResolver(zone: Zone): Promise<Resolver> {
  const { id } = await (await tell('resolvers', zone)).json<{ id: string }>();
  return {
    url: `${testEnv.PEER_CONTROL}/resolvers/${id}`,
    async set(next) {
      await tell(`resolvers/${id}/set`, next);
    },
  };
}

async function tell(path: string, zone: Zone): Promise<Response> {
  const response = await fetch(`${testEnv.PEER_CONTROL}/${path}`, { method: 'POST', body: JSON.stringify(zone) });
  if (!response.ok) throw new Error(`peer control: ${await response.text()}`);
  return response;
}

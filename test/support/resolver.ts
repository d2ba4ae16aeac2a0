/** Scripted resolvers for tests inside workerd: DNS over HTTPS on loopback, served by the peers' control server. */
import type { Zone } from './behaviour.ts';
import { testEnv } from './test-env.ts';

export type Resolver = { readonly url: string };

export async function startResolver(zone: Zone): Promise<Resolver> {
  const response = await fetch(`${testEnv.PEER_CONTROL}/resolvers`, { method: 'POST', body: JSON.stringify(zone) });
  if (!response.ok) throw new Error(`peer control: ${await response.text()}`);
  const { id } = await response.json<{ id: string }>();
  return { url: `${testEnv.PEER_CONTROL}/resolvers/${id}` };
}

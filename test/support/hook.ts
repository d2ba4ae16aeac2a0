/** Scripted receivers of webhooks for tests inside workerd: HTTP on loopback, served by the peers' control server. */
import type { HookAnswer, HookCall } from './behaviour.ts';
import { testEnv } from './test-env.ts';

export type Hook = {
  readonly url: string;
  set(...answers: readonly HookAnswer[]): Promise<void>;
  /** in the order in which they came */
  calls(): Promise<readonly HookCall[]>;
  /** calls that stall get their answer */
  release(): Promise<void>;
};

export async function startHook(...answers: readonly HookAnswer[]): Promise<Hook> {
  const { id } = await ask<{ id: string }>('hooks', answers);
  return {
    url: `${testEnv.PEER_CONTROL}/hooks/${id}/call`,
    set: (...next) => ask(`hooks/${id}/set`, next),
    calls: () => ask(`hooks/${id}/calls`, []),
    release: () => ask(`hooks/${id}/release`, []),
  };
}

async function ask<Answer>(path: string, body: readonly HookAnswer[]): Promise<Answer> {
  const response = await fetch(`${testEnv.PEER_CONTROL}/${path}`, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`peer control: ${await response.text()}`);
  return response.json();
}

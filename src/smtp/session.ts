/** Opens SMTP sessions. */
import type { Endpoint, Opened, Timeouts } from './session-types.ts';

export async function openSession(
  _endpoint: Endpoint,
  _settings: { readonly heloName: string; readonly timeouts: Timeouts },
): Promise<Opened> {
  return {
    kind: 'failed',
    cause: { kind: 'fault', stage: 'connect', fault: { kind: 'unclassified', problem: 'not built yet' } },
  };
}

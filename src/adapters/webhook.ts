/**
 * Calls a webhook: one POST, signed, bounded in time, and nothing read of the answer but its status: what a stranger's server says
 * must neither fill our memory nor be shown to anybody (server-side request forgery).
 */
import { type OutwardUrlPolicy, outwardUrlProblem } from '../core/outward-url.ts';
import type { CallWebhook } from '../pipeline/webhook.ts';
import type { Seal } from './seal.ts';

// A receiver that only queues answers at once. Longer than this it is at work, and should answer first.
export const WEBHOOK_MS = 10_000;

export type WebhookPolicy = OutwardUrlPolicy & { readonly timeoutMs: number };

export function createWebhookCaller(policy: WebhookPolicy, seal: Pick<Seal, 'open'>): CallWebhook {
  const { timeoutMs } = policy;
  return async ({ url, sealedSecret }, { body, at }) => {
    // Checked when it was set as well; the policy may have been changed since.
    const problem = outwardUrlProblem(url, policy);
    if (problem !== undefined) return { kind: 'failed', answer: `not called: ${problem.detail}` };
    const secret = await seal.open(sealedSecret).catch(() => undefined);
    if (secret === undefined) return { kind: 'failed', answer: SEAL_BROKEN };
    const timestamp = String(Math.floor(at / 1000));
    const signature = await sign(`${timestamp}.${body}`, secret);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), timeoutMs);
    try {
      const response = await fetch(url, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Breakwater',
          'breakwater-timestamp': timestamp,
          'breakwater-signature': `v1=${signature}`,
        },
        // A redirect could lead where the URL itself may not.
        redirect: 'manual',
        signal: late.signal,
      });
      await response.body?.cancel();
      return { kind: response.ok ? 'taken' : 'failed', answer: `HTTP ${response.status}` };
    } catch {
      // The platform's own words may hold the URL, and with it a secret.
      return {
        kind: 'failed',
        answer: late.signal.aborted ? `no answer within ${timeoutMs / 1000} s` : 'no connection',
      };
    } finally {
      // A timer that is left running keeps the client's object awake.
      clearTimeout(timer);
    }
  };
}

const SEAL_BROKEN = 'not called: the stored secret cannot be opened. Was SEAL_KEY changed? Set the secret again';

/** Hex HMAC-SHA-256. */
async function sign(text: string, secret: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign']);
  return Buffer.from(await crypto.subtle.sign(algorithm, key, encoder.encode(text))).toString('hex');
}

/** A probe of the scripted gateway: whom it asks for is pipeline/probe.ts's rule, what it is worth core/probe-result.ts's. */
import type { HealthEvent } from '../../src/core/health-state.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { type AskedFor, judgeReplies, type ProbeResult, probeFailed, takenOf } from '../../src/core/probe-result.ts';
import { PROBE_TIMEOUTS } from '../../src/smtp/timeouts.ts';
import type { ScriptedGateway } from './gateway.ts';

type Probed = Extract<HealthEvent, { kind: 'probe' }>;

export function probe(
  gateway: ScriptedGateway,
  known: readonly string[],
  at: number,
): { readonly event: Probed; readonly tookMs: number } {
  const asked: AskedFor[] = [];
  let tookMs = 0;
  const candidates = [
    ...known.map((address) => ({ address, who: 'person' as const })),
    { address: 'postmaster@client.example', who: 'postmaster' as const },
  ];
  for (const { address, who } of candidates) {
    const met = gateway.attempt(at + tookMs, { sender: '', recipient: address }, PROBE_TIMEOUTS);
    tookMs += met.tookMs;
    const heard = heardAtRcpt(met.outcome);
    if ('failed' in heard) return { event: eventOf(heard.failed), tookMs };
    asked.push({ who, reply: heard.reply });
    if (heard.reply.code < 300) break;
  }
  return { event: eventOf(judgeReplies(asked)), tookMs };
}

/** A probe ends at RCPT: what would come at DATA or after it, it does not hear. */
function heardAtRcpt(outcome: Outcome): { readonly reply: AskedFor['reply'] } | { readonly failed: ProbeResult } {
  const taken = { reply: { code: 250, enhanced: '2.1.5', text: 'Ok' } };
  switch (outcome.kind) {
    case 'delivered':
    case 'uncertain':
      return taken;
    case 'refused':
      if (outcome.stage === 'mail')
        return { failed: probeFailed({ kind: 'reply', stage: 'mail', reply: outcome.reply }) };
      return outcome.stage === 'rcpt' ? { reply: outcome.reply } : taken;
    case 'deferred': {
      const { cause } = outcome;
      if (cause.stage === 'data' || cause.stage === 'dot') return taken;
      return cause.kind === 'reply' && cause.stage === 'rcpt' ? { reply: cause.reply } : { failed: probeFailed(cause) };
    }
  }
}

function eventOf(result: ProbeResult): Probed {
  return { kind: 'probe', evidence: result.evidence, what: result.what, taken: takenOf(result) };
}

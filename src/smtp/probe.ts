/** The whole dialogue but no message: a server that only answers connects, or only EHLO, takes no mail and must not pass for well. */
import type { Address } from '../core/address.ts';
import type { Cause, Stage } from '../core/outcome.ts';
import { parseReply, type Reply } from '../core/reply.ts';
import { causeOf } from './classify.ts';
import type { ProbeResult } from './session-types.ts';
import type { Wire } from './wire.ts';

/** MAIL FROM:<>, RCPT, RSET: the null reverse path, because nothing may ever come back for it. */
export async function probe(wire: Wire, recipient: Address, limitMs: number): Promise<ProbeResult> {
  let result: ProbeResult | undefined;
  const step = await wire.commands(limitMs, async (command) => {
    const parameter = /\P{ASCII}/u.test(recipient.text) ? ' SMTPUTF8' : '';
    const mail = await command('mail', `MAIL FROM:<>${parameter}`);
    if (!mail.startsWith('2')) {
      result = { kind: 'failed', cause: badReply('mail', mail) };
      return;
    }
    result = judge(await command('rcpt', `RCPT TO:<${recipient.text}>`));
    await command('mail', 'RSET');
  });
  // What RSET met with changes nothing of what was learned before it.
  if (result !== undefined) return result;
  if (step.kind === 'failed') return { kind: 'failed', cause: causeOf(step.failure) };
  return { kind: 'failed', cause: badReply('mail', '') };
}

function judge(response: string): ProbeResult {
  const reply = parseReply(response);
  if (reply === undefined) return { kind: 'failed', cause: badReply('rcpt', response) };
  if (reply.code < 300) return { kind: 'taken', reply };
  return reply.code >= 500
    ? { kind: 'refused', reply }
    : { kind: 'failed', cause: { kind: 'reply', stage: 'rcpt', reply } };
}

function badReply(stage: Stage, response: string): Cause {
  const reply: Reply | undefined = parseReply(response);
  if (reply !== undefined) return { kind: 'reply', stage, reply };
  return {
    kind: 'fault',
    stage,
    fault: { kind: 'unclassified', problem: `unexpected reply: ${response.slice(0, 200)}` },
  };
}

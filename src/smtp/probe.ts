/** The whole dialogue but no message: a server that only answers connects, or only EHLO, takes no mail and must not pass for well. */
import type { Address } from '../core/address.ts';
import type { Cause, Stage } from '../core/outcome.ts';
import { parseReply, type Reply } from '../core/reply.ts';
import { causeOf } from './classify.ts';
import type { ProbeDialogue, RecipientReply } from './session-types.ts';
import type { Command, Wire } from './wire.ts';

/**
 * MAIL FROM:<>, RCPT for one after the other until one is taken, RSET. The null reverse path, because nothing may ever come back for
 * it; one transaction, because nothing is learned from another.
 */
export async function probe(wire: Wire, recipients: readonly Address[], limitMs: number): Promise<ProbeDialogue> {
  let dialogue: ProbeDialogue | undefined;
  const step = await wire.commands(limitMs, async (command) => {
    const parameter = recipients.some(({ text }) => /\P{ASCII}/u.test(text)) ? ' SMTPUTF8' : '';
    const mail = await command('mail', `MAIL FROM:<>${parameter}`);
    if (!mail.startsWith('2')) {
      dialogue = { kind: 'failed', cause: badReply('mail', mail) };
      return;
    }
    dialogue = await askFor(recipients, command);
    await command('mail', 'RSET');
  });
  // What RSET met with changes nothing of what was learned before it.
  if (dialogue !== undefined) return dialogue;
  if (step.kind === 'failed') return { kind: 'failed', cause: causeOf(step.failure) };
  return { kind: 'failed', cause: badReply('mail', '') };
}

async function askFor(recipients: readonly Address[], command: Command): Promise<ProbeDialogue> {
  const replies: RecipientReply[] = [];
  for (const recipient of recipients) {
    const response = await command('rcpt', `RCPT TO:<${recipient.text}>`);
    const reply = parseReply(response);
    if (reply === undefined || isInterim(reply)) return { kind: 'failed', cause: badReply('rcpt', response) };
    replies.push({ recipient, reply });
    if (reply.code < 300) break;
  }
  return { kind: 'asked', replies };
}

/** 3xx asks for more, which RCPT never does. */
function isInterim({ code }: Reply): boolean {
  return code >= 300 && code < 400;
}

function badReply(stage: Stage, response: string): Cause {
  const reply: Reply | undefined = parseReply(response);
  if (reply !== undefined && !isInterim(reply)) return { kind: 'reply', stage, reply };
  return {
    kind: 'fault',
    stage,
    fault: { kind: 'unclassified', problem: `unexpected reply: ${response.slice(0, 200)}` },
  };
}

/** What `npm start` says: the addresses once, and then what goes on, a line each. */
import type { FrontEvent } from '../front.ts';
import type { Person } from '../stack/harbour.ts';
import type { ReceivedMail } from '../stack/mail-server.ts';
import type { Stack } from '../stack/stack.ts';
import type { StartFlags } from './flags.ts';

export function welcome(stack: Stack, flags: StartFlags, people: readonly Person[]): string {
  const place = (name: 'gateway' | 'relay') => {
    const { at, server } = stack[name];
    return `${at.host}:${at.port}${server === undefined ? '' : `, a demo server; its mail is kept in ${flags.dataFolder}`}`;
  };
  return `
Breakwater is running. Ctrl-C ends it; everything is kept in ${flags.dataFolder}

  webmail            http://localhost:${flags.httpPort}/
  console            http://localhost:${flags.httpPort}/console
  operator's API     ${stack.url}/api/v1   (described at /api/v1/openapi.json)
  operator's token   ${stack.secrets.operatorToken}
  SMTP for mail in   127.0.0.1:${stack.smtpPort}
  gateway            ${place('gateway')}
  relay to the world ${place('relay')}
${people.length === 0 ? nobody() : tryThis(stack, flags, people)}`;
}

function nobody(): string {
  return '\nNobody is enrolled (--seed none): POST /api/v1/clients is the first step.\n';
}

function tryThis(stack: Stack, flags: StartFlags, people: readonly Person[]): string {
  const first = people[0]?.address ?? '';
  const rows = people.map(({ address, password }) => `  ${address.padEnd(24)} ${password}`);
  const control = `http://127.0.0.1:${flags.controlPort}`;
  return `
Harbour Ltd (harbour.example) is enrolled. Its people, and the passwords they begin with:
${rows.join('\n')}

Try this:
  1. Send a message; it goes straight to the gateway:
       swaks --server 127.0.0.1:${stack.smtpPort} --from bob@world.example --to ${first}
  2. Stop the gateway: ${keyOr('press g', `curl -X POST ${control}/gateway/stop`, stack)}
     Send a few more. After three that it does not take, the mailboxes open.
  3. Log in to the webmail as ${first}: read, answer.
  4. Start the gateway again: ${keyOr('press g', `curl -X POST ${control}/gateway/start`, stack)}
     The repair is noticed and everything is given back at the pace that is set (120 messages a minute at first).
  5. Send a program that poses as a document: it goes into quarantine, whether the gateway is up or down.
       swaks --server 127.0.0.1:${stack.smtpPort} --from bob@world.example --to ${first} --attach-name invoice.pdf.exe --attach MZ
     See it under Quarantine in the console; what is kept back is set under Filter.
  In the console, ${first} sees and steers Harbour Ltd; the operator's token opens every client.
  See what the Worker thinks:
       curl -H 'Authorization: Bearer ${stack.secrets.operatorToken}' ${stack.url}/api/v1/clients/harbour/status
`;
}

function keyOr(key: string, command: string, stack: Stack): string {
  if (stack.gateway.server === undefined) return 'it is yours to do';
  return process.stdin.isTTY ? `${key}, or ${command}` : command;
}

export function frontLine({ recipients, sizeBytes, reply, dispositions }: FrontEvent): string {
  return `front    ${recipients === 1 ? '1 recipient' : `${recipients} recipients`}, ${sizeBytes} bytes: ${[...new Set(dispositions)].join(', ') || reply}`;
}

export function mailLine(name: 'gateway' | 'world', { mailFrom, recipients, sizeBytes }: ReceivedMail): string {
  return `${name.padEnd(8)} took ${sizeBytes} bytes from <${mailFrom}> for ${recipients.join(', ')}`;
}

/** Only what a person watching wants to know; the rest is in worker.log. */
export function workerLine(event: Readonly<Record<string, unknown>>): string | undefined {
  switch (event['kind']) {
    case 'health':
      return `health   ${String(event['from'])} → ${String(event['to'])}: ${String(event['why'])}`;
    case 'mailboxes-ready':
      return `worker   ${String(event['mailboxes'])} mailboxes are open`;
    case 'outage-closed':
      return `worker   outage over: ${String(event['replayed'])} messages given back, ${String(event['held'])} held for a person`;
    case 'trouble':
      return `trouble  ${String(event['where'])}: ${String(event['problem'])}`;
    default:
      return undefined;
  }
}

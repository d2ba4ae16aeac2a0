/** A plain SMTP client over one socket: sends bytes as they are and shows the replies as they came. */
import { connect, type Socket } from 'node:net';

/** `line`: the last line of the reply, `250 2.0.0 Accepted`. */
export type SmtpReply = { readonly code: number; readonly line: string };

export type SmtpEnvelope = { readonly mailFrom: string; readonly recipients: readonly string[] };

export type SmtpClient = {
  /** one command, one reply */
  command(line: string): Promise<SmtpReply>;
  /** a whole transaction; the reply is that of the command at which it ended, DATA's dot if it got so far */
  send(envelope: SmtpEnvelope, content: Uint8Array): Promise<SmtpReply>;
  close(): void;
};

// Longer than the front's own bound for one message, so that the server's answer is seen and not our impatience.
const REPLY_MS = 90_000;

/** LHLO: to a server that speaks LMTP (RFC 2033). Rejects when there is no connection or no banner. Every later fault rejects the call in which it shows. */
export async function openSmtp(host: string, port: number, greeting: 'EHLO' | 'LHLO' = 'EHLO'): Promise<SmtpClient> {
  const socket = connect({ host, port, noDelay: true });
  socket.setTimeout(REPLY_MS, () =>
    socket.destroy(new Error(`no reply from ${host}:${port} within ${REPLY_MS / 1000} s`)),
  );
  const next = readReplies(socket);
  const command = (line: string | Uint8Array): Promise<SmtpReply> => {
    socket.write(line);
    return next();
  };
  await next();
  await command(`${greeting} sender.example\r\n`);
  return {
    command: (line) => command(`${line}\r\n`),
    async send({ mailFrom, recipients }, content) {
      const opening = [`MAIL FROM:<${mailFrom}>`, ...recipients.map((recipient) => `RCPT TO:<${recipient}>`), 'DATA'];
      for (const line of opening) {
        const reply = await command(`${line}\r\n`);
        if (reply.code >= 400) {
          await command('RSET\r\n');
          return reply;
        }
      }
      return command(asData(content));
    },
    close() {
      socket.end('QUIT\r\n');
      socket.destroySoon();
    },
  };
}

type Waiting = { readonly resolve: (reply: SmtpReply) => void; readonly reject: (problem: Error) => void };

/** One reply per call, in order; rejects from the moment the connection has ended, with what ended it. */
function readReplies(socket: Socket): () => Promise<SmtpReply> {
  const arrived: SmtpReply[] = [];
  const waiting: Waiting[] = [];
  let ended: Error | undefined;
  let rest = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter((candidate) => /^\d{3}( |$)/.test(candidate))) {
      const reply = { code: Number(line.slice(0, 3)), line };
      const first = waiting.shift();
      if (first === undefined) arrived.push(reply);
      else first.resolve(reply);
    }
  });
  socket.on('error', (problem) => {
    ended = problem;
  });
  socket.on('close', () => {
    ended ??= new Error('the connection was closed');
    for (const { reject } of waiting.splice(0)) reject(ended);
  });
  return () =>
    new Promise((resolve, reject) => {
      const reply = arrived.shift();
      if (reply !== undefined) resolve(reply);
      else if (ended !== undefined) reject(ended);
      else waiting.push({ resolve, reject });
    });
}

/** RFC 5321 §4.5.2: a dot at the start of a line is doubled; latin1 keeps every byte what it is. */
function asData(content: Uint8Array): Uint8Array {
  const text = Buffer.from(content).toString('latin1').replace(/^\./gm, '..');
  return Buffer.from(text.endsWith('\r\n') ? `${text}.\r\n` : `${text}\r\n.\r\n`, 'latin1');
}

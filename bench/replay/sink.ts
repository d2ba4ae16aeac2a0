/** A mail server that takes everything and keeps only the time, as cheaply as it can be had: it must not be what is measured. */
import { createServer, type Server, type Socket } from 'node:net';

export type Sink = {
  readonly port: number;
  /** epoch ms of each reply to a final dot, since `forget` */
  arrivals(): readonly number[];
  forget(): void;
  /** from now on the final dot is answered so many milliseconds late: 0 at first */
  answerAfter(ms: number): void;
  /** nobody listens on its port any more, until `open` */
  refuse(): Promise<void>;
  open(): Promise<void>;
  close(): Promise<void>;
};

const END_OF_DATA = '\r\n.\r\n';
const EHLO =
  '250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SIZE 60000000\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES\r\n';

/** Listens. */
export async function openSink(port: number): Promise<Sink> {
  let arrivals: number[] = [];
  let delayMs = 0;
  const sockets = new Set<Socket>();
  const accept = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    const answer = () => {
      arrivals.push(Date.now());
      socket.write('250 2.0.0 Taken\r\n');
    };
    converse(socket, () => (delayMs === 0 ? answer() : setTimeout(answer, delayMs)));
  };
  let server = await listen(port, accept);
  const refuse = async () => {
    const closed = new Promise((done) => server.close(done));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    port,
    arrivals: () => arrivals,
    forget() {
      arrivals = [];
    },
    answerAfter(ms) {
      delayMs = ms;
    },
    refuse,
    async open() {
      server = await listen(port, accept);
    },
    close: refuse,
  };
}

function converse(socket: Socket, taken: () => void): void {
  let state: 'commands' | 'content' = 'commands';
  // What may be the beginning of a line end, or of the final dot, that goes on in the next chunk.
  let held = '';
  const command = (line: string) => {
    const verb = line.slice(0, 4).toUpperCase();
    socket.write(REPLIES.get(verb) ?? '250 2.0.0 Ok\r\n');
    if (verb === 'QUIT') socket.end();
    if (verb === 'DATA') state = 'content';
  };
  const read = (text: string): string => (state === 'content' ? readContent(text) : readCommand(text));
  const readContent = (text: string): string => {
    const end = text.indexOf(END_OF_DATA);
    if (end === -1) return text.slice(1 - END_OF_DATA.length);
    state = 'commands';
    taken();
    // The next command may follow the final dot at once (RFC 2920 §3.1).
    return read(text.slice(end + END_OF_DATA.length));
  };
  const readCommand = (text: string): string => {
    const end = text.indexOf('\r\n');
    if (end === -1) return text;
    command(text.slice(0, end));
    // The line end before the content is part of its final dot, when it is empty.
    return read(text.slice(state === 'content' ? end : end + 2));
  };
  socket.setNoDelay(true).setEncoding('latin1');
  socket.write('220 sink ESMTP\r\n');
  socket.on('data', (chunk: string) => {
    held = read(held + chunk);
  });
}

const REPLIES = new Map([
  ['EHLO', EHLO],
  ['DATA', '354 Go on\r\n'],
  ['QUIT', '221 2.0.0 Bye\r\n'],
]);

function listen(port: number, accept: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(accept);
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(server));
  });
}

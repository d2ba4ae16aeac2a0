/** One connection to a scripted peer: an SMTP server's state machine over a raw socket, so that it can misbehave at any point. */
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import type { PeerStage, TakenMessage } from '../behaviour.ts';
import { type ContentReader, createContentReader } from './content-reader.ts';
import { type AuthStep, beginAuth } from './peer-auth.ts';
import { capabilities, mechanismsOf } from './peer-ehlo.ts';
import type { Script, Situation } from './peer-rules.ts';

export type PeerConnectionNeeds = {
  readonly number: number;
  /** asked for each time: the behaviour may change while the connection is open */
  script(): Script;
  readonly secureContext: SecureContext;
  /** connections open at this moment, this one included */
  openConnections(): number;
  take(message: TakenMessage<Buffer>): void;
  log(from: 'peer' | 'us', line: string): void;
};

type Turn = {
  readonly stage: PeerStage;
  readonly reply: string;
  readonly situation?: Situation;
  /** what a healthy reply leads to */
  readonly onward?: () => void;
};

export class PeerConnection {
  readonly #needs: PeerConnectionNeeds;
  #socket: Socket;
  #overTls: boolean;
  #user: { readonly username: string; readonly mechanism: string } | undefined;
  #sender: { readonly address: string; readonly parameters: string } | undefined;
  #recipients: string[] = [];
  #content: ContentReader | undefined;
  /** in the middle of AUTH: the next line is no command */
  #answer: ((line: string) => Promise<void>) | undefined;
  #taken = 0;
  #pending: Buffer = Buffer.alloc(0);
  #busy = false;
  #silent = false;

  constructor(socket: Socket, overTls: boolean, needs: PeerConnectionNeeds) {
    this.#needs = needs;
    this.#socket = socket;
    this.#overTls = overTls;
    this.#listen();
    void this.#greet();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #listen(): void {
    this.#socket.on('data', (chunk: Buffer) => {
      this.#pending = Buffer.concat([this.#pending, chunk]);
      void this.#work();
    });
    this.#socket.on('error', () => this.#socket.destroy());
    this.#socket.on('end', () => this.#socket.end());
  }

  async #greet(): Promise<void> {
    const { maxConnections } = this.#script.behaviour;
    this.#busy = true;
    const crowded = maxConnections !== undefined && this.#needs.openConnections() > maxConnections;
    await this.#turn({
      stage: 'banner',
      reply: crowded ? '421 4.7.0 Too many connections' : '220 peer.test ESMTP scripted',
    });
    this.#busy = false;
    await this.#work();
  }

  get #script(): Script {
    return this.#needs.script();
  }

  /** One command at a time, also when they come pipelined. */
  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    while (!this.#silent && !this.#socket.destroyed && this.#pending.length > 0) {
      if (this.#content !== undefined) {
        if (!(await this.#readContent(this.#content))) break;
        continue;
      }
      const end = this.#pending.indexOf('\r\n');
      if (end === -1) break;
      const line = this.#pending.subarray(0, end).toString('utf8');
      this.#pending = this.#pending.subarray(end + 2);
      await this.#read(line);
    }
    this.#busy = false;
  }

  async #read(line: string): Promise<void> {
    const answer = this.#answer;
    if (answer !== undefined) {
      this.#answer = undefined;
      return answer(line);
    }
    const [, verb = '', rest = ''] = /^([A-Za-z]+)\s*(.*)$/.exec(line) ?? [];
    this.#needs.log('us', verb.toUpperCase() === 'AUTH' ? `AUTH ${rest.split(' ')[0] ?? ''}` : line);
    return this.#command(verb.toUpperCase(), rest);
  }

  async #command(verb: string, rest: string): Promise<void> {
    switch (verb) {
      case 'EHLO':
      case 'HELO':
        return this.#turn({
          stage: 'ehlo',
          reply:
            verb === 'HELO' ? '250 peer.test' : capabilities(this.#script.behaviour, this.#overTls ? 'tls' : 'plain'),
        });
      case 'STARTTLS':
        return this.#startTls();
      case 'AUTH':
        return this.#authenticate(rest);
      case 'MAIL':
        return this.#mail(rest);
      case 'RCPT':
        return this.#rcpt(rest);
      case 'DATA':
        return this.#data();
      case 'RSET':
        return this.#turn({ stage: 'rset', reply: '250 2.0.0 Reset', onward: () => this.#reset() });
      case 'QUIT':
        return this.#turn({ stage: 'quit', reply: '221 2.0.0 Bye', onward: () => this.#socket.end() });
      case 'NOOP':
        return this.#say('250 2.0.0 OK');
      default:
        return this.#say('502 5.5.1 Command not implemented');
    }
  }

  async #startTls(): Promise<void> {
    const isOffered = this.#script.behaviour.tls === 'starttls' && !this.#overTls;
    if (!isOffered) return this.#turn({ stage: 'starttls', reply: '502 5.5.1 Command not implemented' });
    return this.#turn({ stage: 'starttls', reply: '220 2.0.0 Go ahead', onward: () => this.#upgrade() });
  }

  #upgrade(): void {
    const plain = this.#socket;
    plain.removeAllListeners('data');
    plain.removeAllListeners('end');
    // RFC 3207 §4.2: what came in plain text is forgotten.
    this.#pending = Buffer.alloc(0);
    this.#reset();
    this.#socket = new TLSSocket(plain, { isServer: true, secureContext: this.#needs.secureContext });
    this.#overTls = true;
    this.#listen();
  }

  async #authenticate(rest: string): Promise<void> {
    const { behaviour } = this.#script;
    if (mechanismsOf(behaviour).length === 0) return this.#say('503 5.5.1 AUTH is not offered');
    return this.#continueAuth(beginAuth(rest, behaviour), rest.split(' ')[0] ?? '');
  }

  async #continueAuth(step: AuthStep, mechanism: string): Promise<void> {
    switch (step.kind) {
      case 'ask':
        this.#answer = (line) => this.#continueAuth(step.next(line), mechanism);
        return this.#say(`334 ${step.challenge}`);
      case 'say':
        return this.#say(step.reply);
      case 'out':
        return this.#turn({ stage: 'auth', reply: '535 5.7.8 Authentication credentials invalid' });
      case 'in':
        return this.#turn({
          stage: 'auth',
          reply: '235 2.7.0 Accepted',
          onward: () => {
            this.#user = { username: step.username, mechanism };
          },
        });
    }
  }

  async #mail(rest: string): Promise<void> {
    const [, address, parameters = ''] = /^FROM:\s*<([^>]*)>\s*(.*)$/i.exec(rest) ?? [];
    const { behaviour } = this.#script;
    const { maxMessagesPerConnection } = behaviour;
    if (address === undefined) return this.#say('501 5.5.4 Syntax error');
    if (mechanismsOf(behaviour).length > 0 && this.#user === undefined)
      return this.#say('530 5.7.0 Authentication required');
    if (this.#sender !== undefined) return this.#say('503 5.5.1 Nested MAIL command');
    if (maxMessagesPerConnection !== undefined && this.#taken >= maxMessagesPerConnection) {
      return this.#say('421 4.7.0 Too many messages on this connection');
    }
    const onward = () => {
      this.#sender = { address, parameters };
    };
    return this.#turn({ stage: 'mail', reply: '250 2.1.0 Sender OK', situation: { sender: address }, onward });
  }

  async #rcpt(rest: string): Promise<void> {
    const [, recipient] = /^TO:\s*<([^>]*)>/i.exec(rest) ?? [];
    if (recipient === undefined) return this.#say('501 5.5.4 Syntax error');
    if (this.#sender === undefined) return this.#say('503 5.5.1 MAIL first');
    const situation = { sender: this.#sender.address, recipient };
    const onward = () => {
      this.#recipients.push(recipient);
    };
    return this.#turn({ stage: 'rcpt', reply: '250 2.1.5 Recipient OK', situation, onward });
  }

  async #data(): Promise<void> {
    if (this.#sender === undefined || this.#recipients.length === 0) {
      return this.#turn({ stage: 'data', reply: '503 5.5.1 RCPT first', situation: this.#situation() });
    }
    const onward = () => {
      this.#content = createContentReader();
    };
    return this.#turn({ stage: 'data', reply: '354 Go ahead', situation: this.#situation(), onward });
  }

  /** False when more must come first. */
  async #readContent(reader: ContentReader): Promise<boolean> {
    const action = this.#script.actionAt('content', this.#situation());
    if (action?.kind === 'drop') this.#socket.destroy();
    if (action?.kind === 'stall') this.#stall();
    // Answered before it was heard: what follows is not read any more.
    if (action?.kind === 'reply') {
      await this.#say(action.text);
      this.#stall();
    }
    if (action !== undefined) return false;
    const read = reader.take(this.#pending);
    this.#pending = Buffer.alloc(0);
    if (read === undefined) return false;
    this.#pending = read.rest;
    this.#content = undefined;
    await this.#judgeContent(read.content);
    return true;
  }

  async #judgeContent(content: Buffer): Promise<void> {
    const { maxSizeBytes } = this.#script.behaviour;
    const situation = this.#situation();
    const message = {
      sender: this.#sender?.address ?? '',
      recipients: this.#recipients,
      content,
      sizeBytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
      connection: this.#needs.number,
      overTls: this.#overTls,
      ...this.#user,
      parameters: this.#sender?.parameters ?? '',
    };
    this.#reset();
    if (maxSizeBytes !== undefined && content.length > maxSizeBytes) return this.#say('552 5.3.4 Message too big');
    const action = this.#script.actionAt('dot', situation);
    const acknowledged =
      action === undefined || action.kind === 'delay' || (action.kind === 'reply' && action.text.startsWith('2'));
    // A refused message is not kept; one that was never answered is: that is what makes its fate uncertain for us.
    if (acknowledged || action.kind !== 'reply') this.#needs.take({ ...message, acknowledged });
    this.#taken += 1;
    await this.#perform({ stage: 'dot', reply: '250 2.0.0 Taken' }, action);
    if (this.#taken === this.#script.behaviour.hangUpAfterMessages) this.#socket.end();
  }

  #situation(): Situation {
    const recipient = this.#recipients[0];
    return {
      ...(this.#sender === undefined ? {} : { sender: this.#sender.address }),
      ...(recipient === undefined ? {} : { recipient }),
    };
  }

  #reset(): void {
    this.#sender = undefined;
    this.#recipients = [];
  }

  async #turn(turn: Turn): Promise<void> {
    return this.#perform(turn, this.#script.actionAt(turn.stage, turn.situation ?? {}));
  }

  async #perform(turn: Turn, action: ReturnType<Script['actionAt']>): Promise<void> {
    switch (action?.kind) {
      case 'drop':
        this.#needs.log('peer', '(closes the connection)');
        this.#socket.destroy();
        return;
      case 'stall':
        return this.#stall();
      case 'reply':
        await this.#say(action.text);
        if (/^[23]/.test(action.text)) turn.onward?.();
        return;
      case 'delay':
        await new Promise((resolve) => setTimeout(resolve, action.ms));
        break;
      case undefined:
    }
    await this.#say(turn.reply);
    if (/^[23]/.test(turn.reply)) turn.onward?.();
  }

  #stall(): void {
    this.#silent = true;
    this.#socket.pause();
    this.#needs.log('peer', '(is silent)');
  }

  async #say(text: string): Promise<void> {
    const { delayMs = 0 } = this.#script.behaviour;
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    for (const line of text.split('\n')) this.#needs.log('peer', line);
    if (this.#socket.destroyed) return;
    this.#socket.write(`${text.replaceAll('\n', '\r\n')}\r\n`);
    if (!text.startsWith('421')) return;
    this.#silent = true;
    this.#socket.end();
  }
}

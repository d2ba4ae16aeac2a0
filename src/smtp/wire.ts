/**
 * One nodemailer connection over a socket of ours, driven step by step: each step ends by its answer, by the loss of the
 * connection or by its time, whichever comes first. After anything but an answer the connection is cut.
 */
import type { Socket } from 'node:net';
import SMTPConnection, { type SMTPConnectionCustomAuthContext } from 'nodemailer/lib/smtp-connection';
import type { Stage } from '../core/outcome.ts';
import type { Failure, SessionError } from './classify.ts';
import { Dialogue } from './dialogue.ts';
import type { Endpoint, Timeouts } from './session-types.ts';
import { createUnreadReplies } from './unread-replies.ts';

export type Step<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'failed'; readonly failure: Failure };

export type Done<Value> = (error: SessionError | null | undefined, value: Value) => void;

/** Sends one command and gives the peer's reply to it. */
export type Command = (stage: Stage, line: string) => Promise<string>;

export type WireSettings = { readonly heloName: string; readonly timeouts: Timeouts };

// A reply is a few lines; more is an attempt to fill our memory.
const MAX_REPLY_BYTES = 65_536;

export class Wire {
  readonly connection: SMTPConnection;
  readonly dialogue: Dialogue;
  #fail: ((failure: Failure) => void) | undefined;
  #commands: ((command: Command) => Promise<void>) | undefined;
  readonly #unread = createUnreadReplies();
  #overheard: Socket | undefined;
  #isCut = false;

  constructor(endpoint: Endpoint, socket: Socket, settings: WireSettings) {
    this.dialogue = new Dialogue(settings.timeouts, (stage) => this.#lose({ kind: 'late', stage }));
    this.connection = new SMTPConnection({
      ...connectionOptions(endpoint, settings),
      connection: socket,
      logger: { debug: (entry: unknown, text: unknown) => this.#hear(entry, text) },
      customAuth: { [COMMANDS]: (context) => this.#runCommands(context) },
    });
    this.connection.on('error', (error: SessionError) => this.#lose(this.#failureOf(error)));
    // nodemailer listens to a socket that it is given from the next turn on: one that closes before that would be waited for.
    socket.once('close', () => {
      if (this.dialogue.stage === 'banner') this.#lose({ kind: 'ended', stage: 'banner' });
    });
    this.connection.on('end', () => this.#lose({ kind: 'ended', stage: this.dialogue.stage }));
  }

  get usable(): boolean {
    return !this.#isCut && !this.connection.destroyed && !this.dialogue.isEnding;
  }

  /** One at a time. `limitMs` bounds the whole of it; each reply within it has its own bound (dialogue.ts). */
  step<Value>(limitMs: number, start: (done: Done<Value>) => void): Promise<Step<Value>> {
    return new Promise((resolve) => {
      const limit = setTimeout(() => this.#lose({ kind: 'late', stage: this.dialogue.stage }), limitMs);
      const settle = (step: Step<Value>) => {
        clearTimeout(limit);
        this.#fail = undefined;
        resolve(step);
      };
      this.#fail = (failure) => settle({ kind: 'failed', failure });
      start((error, value) => {
        if (error !== null && error !== undefined) this.#answeredBadly(error);
        else if (this.dialogue.idle) settle({ kind: 'done', value });
        else this.#answeredBadly({ message: 'the peer answered before it had heard everything' });
      });
    });
  }

  /** A dialogue of single commands, which nodemailer has only for authentication: it never checks what they are for. */
  commands(limitMs: number, run: (command: Command) => Promise<void>): Promise<Step<boolean | undefined>> {
    return this.step(limitMs, (done) => {
      this.#commands = run;
      this.connection.login({ method: COMMANDS }, done);
    });
  }

  /** At once, without another byte: above all without a final dot. */
  cut(): void {
    this.#isCut = true;
    this.dialogue.stop();
    this.connection.close();
  }

  async quit(closeMs: number): Promise<void> {
    if (this.usable && this.dialogue.idle) await this.step<void>(closeMs, () => this.connection.quit());
    this.cut();
  }

  /** A refusal leaves the session as it was, unless it came in the middle of something. */
  #answeredBadly(error: SessionError): void {
    const failure = this.#failureOf(error);
    if (error.response !== undefined && this.dialogue.idle) this.#fail?.(failure);
    else this.#lose(failure);
  }

  #failureOf(error: SessionError): Failure {
    const { stage, answeredStage } = this.dialogue;
    return { kind: 'error', stage: error.response === undefined ? stage : answeredStage, error };
  }

  #lose(failure: Failure): void {
    const fail = this.#fail;
    this.#fail = undefined;
    fail?.(this.#reasonOf(failure));
    if (!this.#isCut) this.cut();
  }

  /** A connection that ends after a refusal has no fault of its own: the reply is what there is to say. */
  #reasonOf(failure: Failure): Failure {
    if (failure.kind === 'error' && failure.error.response !== undefined) return failure;
    for (const response of this.#unread.rest()) this.dialogue.answered(response);
    const { refusal, stage } = this.dialogue;
    if (refusal === undefined) return { ...failure, stage };
    const error = { message: 'the connection ended after a refusal', response: refusal.response };
    return { kind: 'error', stage: refusal.stage, error };
  }

  #hear(entry: unknown, text: unknown): void {
    if (typeof entry !== 'object' || entry === null || !('tnx' in entry) || typeof text !== 'string') return;
    if (entry.tnx === 'server') {
      this.#unread.read();
      this.dialogue.answered(text);
    }
    if (entry.tnx === 'client') {
      this.#overhear();
      this.dialogue.sent(text);
    }
  }

  /** From the first command on, and anew after STARTTLS, when the socket is another one. */
  #overhear(): void {
    const { _socket: socket } = this.connection;
    if (!socket || socket === this.#overheard) return;
    this.#overheard = socket;
    socket.prependListener('data', (chunk: Uint8Array) => this.#unread.came(chunk));
  }

  async #runCommands(context: SMTPConnectionCustomAuthContext): Promise<void> {
    await this.#commands?.(async (stage, line) => {
      this.dialogue.announce(stage);
      return (await context.sendCommand(line)).response;
    });
  }
}

// No SASL mechanism has this name, so no peer can choose it.
const COMMANDS = '*COMMANDS';

function connectionOptions({ host, port, tls }: Endpoint, { heloName, timeouts }: WireSettings) {
  return {
    host,
    port,
    name: heloName,
    secure: tls === 'implicit',
    secured: tls === 'implicit',
    // Required or not at all: what is negotiable in the open can be taken away by whoever sits in between (RFC 8314 §1).
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    transactionLog: true,
    maxResponseSize: MAX_REPLY_BYTES,
    // Ours come first, and say at which stage.
    connectionTimeout: timeouts.openMs * 2,
    greetingTimeout: timeouts.openMs * 2,
    socketTimeout: (timeouts.openMs + timeouts.messageMs) * 2,
    socketCloseTimeout: 0,
  };
}

/**
 * Follows the dialogue of one session: what is being waited for, until when, and what the peer offers. It is told every command
 * and every reply (nodemailer's transaction log), because nodemailer's own errors do not say how far a lost connection had come.
 */
import type { Stage } from '../core/outcome.ts';
import type { SessionFacts, Timeouts } from './session-types.ts';

export type Refusal = { readonly stage: Stage; readonly response: string };

// The others are between the two programs: a challenge of AUTH is nobody's to read.
const NOTED_STAGES: ReadonlySet<Stage> = new Set<Stage>(['banner', 'mail', 'rcpt', 'data', 'dot']);
// A line may be as long as the peer likes; the sense is in its first words.
const MAX_LINE = 500;

type ContentState = 'none' | 'running' | 'ended';

export class Dialogue {
  readonly #timeouts: Timeouts;
  readonly #onLate: (stage: Stage) => void;
  readonly #awaited: Stage[] = ['banner'];
  #content: ContentState = 'none';
  #isHandshaking = false;
  #announced: Stage | undefined;
  #ehlo = '';
  #replies: SessionFacts['replies'] = [];
  #answeredStage: Stage = 'banner';
  #refusal: Refusal | undefined;
  #isEnding = false;
  #isStopped = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #greetedAt = 0;
  #roundTripMs: number | undefined;

  /** `onLate` is called when a reply is overdue. */
  constructor(timeouts: Timeouts, onLate: (stage: Stage) => void) {
    this.#timeouts = timeouts;
    this.#onLate = onLate;
    this.#wait();
  }

  /** the reply, or the content, that is being waited for; `mail` between messages */
  get stage(): Stage {
    return this.#awaited[0] ?? (this.#isHandshaking ? 'tls' : contentStage(this.#content));
  }

  /** nothing is being waited for, and no content is half sent */
  get idle(): boolean {
    return this.#awaited.length === 0 && this.#content === 'none' && !this.#isHandshaking;
  }

  /** what the last reply was the reply to */
  get answeredStage(): Stage {
    return this.#answeredStage;
  }

  /** the first reply of this transaction that says no, and what it said no to: the reason of all that follows */
  get refusal(): Refusal | undefined {
    return this.#refusal;
  }

  /** a 421 was among the replies: the connection is closed by it (RFC 5321 §3.8) */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  /**
   * From an EHLO to its reply, the quickest of them: the one exchange in which a server has nothing to look up, as it has before its
   * banner (reverse DNS, block lists) and at RCPT.
   */
  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  /** `STARTTLS`, `SMTPUTF8`: in the last EHLO reply, hence after STARTTLS what was said under TLS (RFC 3207 §4.2) */
  offers(extension: string): boolean {
    return this.extensions.some((line) => line.split(' ')[0]?.toUpperCase() === extension);
  }

  get extensions(): readonly string[] {
    return this.#ehlo
      .split('\n')
      .slice(1)
      .map((line) => line.replace(/^\d{3}[ -]/, '').trim());
  }

  /** in capitals; of `AUTH PLAIN LOGIN` and of the older `AUTH=PLAIN LOGIN` */
  get authMechanisms(): readonly string[] {
    const lines = this.extensions.filter((line) => /^AUTH[ =]/i.test(line));
    return lines.flatMap((line) => line.slice('AUTH '.length).toUpperCase().split(/[ =]/)).filter((one) => one !== '');
  }

  /** the largest message the server says it takes; undefined when it names none (RFC 1870 §4) */
  get sizeLimitBytes(): number | undefined {
    const line = this.extensions.find((one) => /^SIZE \d{1,15}$/i.test(one));
    const bytes = Number(line?.slice('SIZE '.length));
    return bytes > 0 ? bytes : undefined;
  }

  /** the banner, and the first reply at each stage of the last message */
  get replies(): SessionFacts['replies'] {
    return this.#replies;
  }

  /** The next command is one that the log does not show in clear. */
  announce(stage: Stage): void {
    this.#announced = stage;
  }

  sent(command: string): void {
    const stage = this.#announced ?? stageOfCommand(command);
    this.#announced = undefined;
    this.#isHandshaking = false;
    if (stage === 'mail' || stage === 'ehlo') this.#refusal = undefined;
    if (command.startsWith('MAIL')) this.#replies = this.#replies.filter((reply) => reply.stage === 'banner');
    if (stage === 'ehlo') this.#greetedAt = performance.now();
    // nodemailer ends a DATA that was accepted for nobody with a dot of its own
    if (stage === 'dot') this.#content = 'none';
    this.#awaited.push(stage);
    // Pipelined commands go out together: the clock runs for the first reply and starts anew with each.
    if (this.#awaited.length === 1) this.#wait();
  }

  answered(response: string): void {
    this.#answeredStage = this.stage;
    this.#note(response);
    const command = this.#awaited.shift();
    // A reply in the middle of the content ends nothing: half a message stands on the wire.
    if (command === undefined && this.#content === 'ended') this.#content = 'none';
    if (command === 'ehlo') this.#greeted(response);
    if (command === 'data' && /^[23]/.test(response)) this.#content = 'running';
    this.#isHandshaking = command === 'tls' && response.startsWith('2');
    if (/^[45]/.test(response)) this.#refusal ??= { stage: this.#answeredStage, response };
    if (response.startsWith('421')) this.#isEnding = true;
    this.#wait();
  }

  contentAdvanced(): void {
    this.#wait();
  }

  /** From here on the final dot may have gone out. */
  contentEnded(): void {
    this.#content = 'ended';
    this.#wait();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #note(response: string): void {
    const stage = this.#answeredStage;
    // RSET and QUIT count as MAIL and come after it: the first one is meant.
    if (!NOTED_STAGES.has(stage) || this.#replies.some((reply) => reply.stage === stage)) return;
    this.#replies = [...this.#replies, { stage, line: (response.split('\n')[0] ?? '').slice(0, MAX_LINE) }];
  }

  #greeted(response: string): void {
    this.#ehlo = response;
    const elapsedMs = performance.now() - this.#greetedAt;
    this.#roundTripMs = Math.min(this.#roundTripMs ?? elapsedMs, elapsedMs);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    if (this.#isStopped || this.idle) return;
    this.#timer = setTimeout(() => this.#onLate(this.stage), patience(this.stage, this.#content, this.#timeouts));
  }
}

function contentStage(content: ContentState): Stage {
  switch (content) {
    case 'none':
      return 'mail';
    case 'running':
      return 'data';
    case 'ended':
      return 'dot';
  }
}

function stageOfCommand(command: string): Stage {
  switch (command.split(' ')[0] ?? '') {
    case 'EHLO':
    case 'HELO':
      return 'ehlo';
    case 'STARTTLS':
      return 'tls';
    case 'MAIL':
    case 'RSET':
    case 'QUIT':
      return 'mail';
    case 'RCPT':
      return 'rcpt';
    case 'DATA':
      return 'data';
    case '.':
      return 'dot';
    default:
      // AUTH and the lines of its exchange, which are logged without what is secret in them
      return 'auth';
  }
}

function patience(stage: Stage, content: ContentState, timeouts: Timeouts): number {
  switch (stage) {
    case 'connect':
      return timeouts.connectMs;
    case 'banner':
      return timeouts.bannerMs;
    case 'ehlo':
    case 'tls':
    case 'auth':
    case 'mail':
    case 'rcpt':
      return timeouts.commandMs;
    case 'data':
      return content === 'running' ? timeouts.blockMs : timeouts.commandMs;
    case 'dot':
      return timeouts.dotMs;
  }
}

/**
 * The hash by which a sender's own retry is known (P6). Cloudflare Email Routing prepends its trace at the very top, different on
 * every attempt (docs: platform facts, "Receiving"); below it a retry has the same bytes. Nothing else is skipped.
 */
import { createHash } from 'node:crypto';

const SKIPPED = /^(?:received-spf|authentication-results|x-cf-spamh-score|arc-[a-z-]+)$/;
// Longer than every name above: a first line without a colon must not be gathered for ever.
const MAX_NAME_BYTES = 40;

const LF = 0x0a;
const COLON = 0x3a;
const SPACE = 0x20;
const TAB = 0x09;

type State =
  /** at the start of a line of the trace, its name not yet known */
  | 'naming'
  /** inside a field of the platform's */
  | 'skipping'
  /** past the trace */
  | 'hashing';

export class RetryHash {
  readonly #hash = createHash('sha256');
  #state: State = 'naming';
  #name: number[] = [];
  #skippedAny = false;
  #skippedReceived = false;

  update(chunk: Uint8Array): void {
    let at = 0;
    while (this.#state !== 'hashing' && at < chunk.length) at = this.#step(chunk, at);
    if (this.#state === 'hashing' && at < chunk.length) this.#hash.update(chunk.subarray(at));
  }

  /** hex */
  digest(): string {
    if (this.#state === 'naming') this.#pass();
    return this.#hash.digest('hex');
  }

  #step(chunk: Uint8Array, at: number): number {
    if (this.#state === 'skipping') {
      const end = chunk.indexOf(LF, at);
      if (end === -1) return chunk.length;
      this.#state = 'naming';
      return end + 1;
    }
    const byte = chunk[at] ?? LF;
    this.#name.push(byte);
    if (this.#continuesTrace(byte) || (byte === COLON && this.#isPlatformField())) this.#skip();
    else if (byte === LF || byte === COLON || this.#name.length > MAX_NAME_BYTES) this.#pass();
    return at + 1;
  }

  /** One Received only: the next one is the sender's own, and says by which way the message came to it. */
  #isPlatformField(): boolean {
    const name = String.fromCharCode(...this.#name.slice(0, -1))
      .trimEnd()
      .toLowerCase();
    if (name !== 'received') return SKIPPED.test(name);
    const first = !this.#skippedReceived;
    this.#skippedReceived = true;
    return first;
  }

  #continuesTrace(byte: number): boolean {
    return this.#skippedAny && this.#name.length === 1 && isFold(byte);
  }

  #skip(): void {
    this.#skippedAny = true;
    this.#state = 'skipping';
    this.#name = [];
  }

  #pass(): void {
    this.#hash.update(Uint8Array.from(this.#name));
    this.#name = [];
    this.#state = 'hashing';
  }
}

function isFold(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}

/**
 * An SMTP session to one peer: opened, logged in, then any number of messages, one recipient each. Knows no clients and decides
 * nothing about what an outcome means; never throws for what a peer does. One call at a time.
 *
 * TLS is required or absent, never a matter of luck; a password or a token leaves in plain text only where `tls: 'none'` was configured.
 */
import type { Address } from '../core/address.ts';
import type { Cause, Outcome } from '../core/outcome.ts';
import { parseReply } from '../core/reply.ts';
import { causeOf, type Failure, outcomeOf } from './classify.ts';
import { connect } from './connect.ts';
import { letGo, openContent } from './content.ts';
import { smtpEnvelopeOf, tooLargeFor } from './envelope.ts';
import { logIn } from './login.ts';
import { probe } from './probe.ts';
import type {
  Endpoint,
  Envelope,
  Opened,
  Outgoing,
  ProbeDialogue,
  Session,
  SessionFacts,
  Timeouts,
} from './session-types.ts';
import { type Step, Wire, type WireSettings } from './wire.ts';

export async function openSession(endpoint: Endpoint, settings: WireSettings): Promise<Opened> {
  const connected = await connect(endpoint, settings.timeouts.connectMs);
  if (connected.kind === 'failed') return connected;
  const wire = new Wire(endpoint, connected.socket, settings);
  const cause = await greet(wire, endpoint, settings.timeouts.openMs);
  if (cause === undefined) return { kind: 'open', session: new SmtpSession(wire, endpoint, settings.timeouts) };
  wire.cut();
  return { kind: 'failed', cause };
}

/** Banner, EHLO, STARTTLS, AUTH. */
async function greet(wire: Wire, { tls, login }: Endpoint, openMs: number): Promise<Cause | undefined> {
  const { connection, dialogue } = wire;
  const startedAt = performance.now();
  const step: Step<unknown> = await wire.step<unknown>(openMs, (done) => {
    connection.connect((error) => done(error, undefined));
  });
  if (step.kind === 'failed') {
    const isTlsMissing =
      tls === 'starttls' && step.failure.stage === 'tls' && !connection.secure && !dialogue.offers('STARTTLS');
    return isTlsMissing
      ? fault('tls', { kind: 'tls', problem: 'the server does not offer STARTTLS' })
      : causeOf(step.failure);
  }
  // A login that is configured and not offered must not become mail without a login.
  return login === undefined
    ? undefined
    : logIn(wire, login, { tls, limitMs: Math.max(1, openMs - (performance.now() - startedAt)) });
}

class SmtpSession implements Session {
  readonly #wire: Wire;
  readonly #endpoint: Endpoint;
  readonly #timeouts: Timeouts;
  /** a transaction was begun and not ended by an answer to the dot: RSET must come first (RFC 5321 §4.1.4) */
  #isDirty = false;

  constructor(wire: Wire, endpoint: Endpoint, timeouts: Timeouts) {
    this.#wire = wire;
    this.#endpoint = endpoint;
    this.#timeouts = timeouts;
  }

  get usable(): boolean {
    return this.#wire.usable;
  }

  get roundTripMs(): number | undefined {
    return this.#wire.dialogue.roundTripMs;
  }

  get facts(): SessionFacts {
    const { connection, dialogue } = this.#wire;
    return {
      tls: connection.secure ? this.#endpoint.tls : 'none',
      // nodemailer takes every dialogue of ours for a login.
      isLoggedIn: this.#endpoint.login !== undefined,
      extensions: dialogue.extensions,
      replies: dialogue.replies,
    };
  }

  async send(envelope: Envelope, outgoing: Outgoing): Promise<Outcome> {
    const obstacle = await this.#prepare([envelope.reversePath, envelope.recipient.text]);
    if (obstacle !== undefined) return { kind: 'deferred', cause: obstacle };
    const { dialogue, connection } = this.#wire;
    const tooLarge = tooLargeFor(dialogue.sizeLimitBytes, envelope, outgoing);
    if (tooLarge !== undefined) {
      await letGo(outgoing);
      return { kind: 'refused', stage: 'mail', reply: tooLarge };
    }
    this.#isDirty = true;
    const content = openContent(outgoing, {
      advanced: () => dialogue.contentAdvanced(),
      ended: () => dialogue.contentEnded(),
    });
    const smtpEnvelope = smtpEnvelopeOf(envelope, outgoing, dialogue);
    const step = await this.#wire.step<{ readonly response: string } | undefined>(this.#timeouts.messageMs, (done) =>
      connection.send(smtpEnvelope, content.stream, done),
    );
    await content.release();
    return this.#conclude(step);
  }

  async probe(recipients: readonly Address[]): Promise<ProbeDialogue> {
    const writable = this.#wire.dialogue.offers('SMTPUTF8')
      ? recipients
      : recipients.filter(({ text }) => isAscii(text));
    const asked = writable.length > 0 ? writable : recipients;
    const obstacle = await this.#prepare(asked.map(({ text }) => text));
    if (obstacle !== undefined) return { kind: 'failed', cause: obstacle };
    return probe(this.#wire, asked, this.#timeouts.messageMs);
  }

  async close(): Promise<void> {
    await this.#wire.quit(this.#timeouts.closeMs);
  }

  async #prepare(addresses: readonly string[]): Promise<Cause | undefined> {
    if (!this.#wire.usable) return fault('mail', { kind: 'lost' });
    if (!addresses.every(isAscii) && !this.#wire.dialogue.offers('SMTPUTF8')) {
      return fault('mail', { kind: 'unsupported', what: 'SMTPUTF8' });
    }
    if (!this.#isDirty) return undefined;
    const step = await this.#wire.step<boolean | undefined>(this.#timeouts.commandMs, (done) =>
      this.#wire.connection.reset(done),
    );
    this.#isDirty = step.kind === 'failed';
    if (step.kind === 'done') return undefined;
    this.#wire.cut();
    return causeOf(step.failure);
  }

  #conclude(step: Step<{ readonly response: string } | undefined>): Outcome {
    if (step.kind === 'failed') {
      this.#isDirty = !isAnswerToDot(step.failure);
      return outcomeOf(step.failure);
    }
    this.#isDirty = false;
    const reply = parseReply(step.value?.response ?? '');
    if (reply === undefined) return { kind: 'uncertain', fault: { kind: 'unclassified', problem: 'unreadable reply' } };
    return { kind: 'delivered', reply };
  }
}

function isAnswerToDot(failure: Failure): boolean {
  const cause = causeOf(failure);
  return cause.kind === 'reply' && cause.stage === 'dot';
}

function fault(stage: Cause['stage'], what: Extract<Cause, { kind: 'fault' }>['fault']): Cause {
  return { kind: 'fault', stage, fault: what };
}

function isAscii(text: string): boolean {
  return !/\P{ASCII}/u.test(text);
}

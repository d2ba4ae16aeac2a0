/** The scripted gateway: what an attempt or a probe meets at a moment, as the SMTP session would report it. */
import type { Cause, Fault, Outcome, Stage } from '../../src/core/outcome.ts';
import { parseReply, type Reply } from '../../src/core/reply.ts';
import type { Timeouts } from '../../src/smtp/session-types.ts';
import { stableShare } from './chance.ts';
import type { Scenario, Steady } from './scenario.ts';

export type Asked = { readonly sender: string; readonly recipient: string };

/** What a session meets, in the order of the dialogue; `tookMs` until it is over. */
export type Met = { readonly outcome: Outcome; readonly tookMs: number };

const OK: Reply = { code: 250, enhanced: '2.0.0', text: 'Ok' };
// A healthy server on the same continent.
const REPLY_MS = 30;
// Banner, EHLO, AUTH, MAIL, RCPT, DATA, the final dot.
const REPLIES: readonly Stage[] = ['banner', 'ehlo', 'auth', 'mail', 'rcpt', 'data', 'dot'];
const ORDER: readonly Stage[] = ['connect', 'banner', 'ehlo', 'tls', 'auth', 'mail', 'rcpt', 'data', 'dot'];

export class ScriptedGateway {
  readonly #spans: Scenario['gateway'];
  readonly #random: () => number;
  readonly #openUntil: number[] = [];

  constructor(spans: Scenario['gateway'], random: () => number) {
    this.#spans = spans;
    this.#random = random;
  }

  /** One message. `at`: ms. `finds`: what a second opinion says of a name, for probes. */
  attempt(at: number, asked: Asked, timeouts: Timeouts): Met {
    const met = this.#meet(at, asked, timeouts);
    this.#openUntil.push(at + met.tookMs);
    return met;
  }

  /** What is wrong at this moment, for whatever it concerns. */
  trouble(at: number): readonly Steady[] {
    return this.#spans
      .filter((span) => span.fromSeconds * 1000 <= at && at < span.toSeconds * 1000)
      .map((span) => ({ behaviour: span.behaviour, sinceMs: at - span.fromSeconds * 1000 }))
      .map(({ behaviour, sinceMs }) => {
        if (behaviour.kind !== 'flapping') return behaviour;
        const inCycle = (sinceMs / 1000) % (behaviour.upSeconds + behaviour.downSeconds);
        return inCycle < behaviour.downSeconds ? behaviour.down : undefined;
      })
      .filter((behaviour) => behaviour !== undefined);
  }

  #meet(at: number, asked: Asked, timeouts: Timeouts): Met {
    const behaviour = this.trouble(at).find((one) => this.#concerns(one, asked) && !this.#hasRoom(one, at));
    return behaviour === undefined ? { outcome: delivered(), tookMs: REPLY_MS * 9 } : meet(behaviour, timeouts);
  }

  #concerns({ share, senders, recipients }: Steady, { sender, recipient }: Asked): boolean {
    if (senders !== undefined && stableShare(sender) >= senders) return false;
    if (recipients !== undefined && stableShare(recipient) >= recipients) return false;
    return share === undefined || this.#random() < share;
  }

  #hasRoom(behaviour: Steady, at: number): boolean {
    if (behaviour.kind !== 'throttle') return false;
    for (let index = this.#openUntil.length - 1; index >= 0; index -= 1)
      if ((this.#openUntil[index] ?? 0) <= at) this.#openUntil.splice(index, 1);
    return this.#openUntil.length < behaviour.maxConnections;
  }
}

function meet(behaviour: Steady, timeouts: Timeouts): Met {
  switch (behaviour.kind) {
    case 'refuse':
      return failed('connect', { kind: 'refused' }, REPLY_MS);
    case 'connect-timeout':
      return failed('connect', { kind: 'timeout' }, timeouts.connectMs);
    case 'reset':
      return behaviour.stage === 'dot'
        ? { outcome: { kind: 'uncertain', fault: { kind: 'lost' } }, tookMs: msUntil('dot') }
        : failed(behaviour.stage, behaviour.stage === 'tls' ? TLS_FAILED : { kind: 'lost' }, msUntil(behaviour.stage));
    case 'banner':
      return replied('banner', behaviour.text);
    case 'reply':
      return replied(behaviour.stage, behaviour.text);
    case 'tls-failed':
      return failed('tls', TLS_FAILED, msUntil('tls'));
    case 'auth-refused':
      return replied('auth', behaviour.text);
    case 'dns-servfail':
      return failed('connect', { kind: 'dns', answer: behaviour.everywhere ? 'failed' : 'failed-for-us' }, REPLY_MS);
    case 'dns-nxdomain':
      return failed('connect', { kind: 'dns', answer: 'no-such-host' }, REPLY_MS);
    case 'slow':
      return slow(behaviour.seconds * 1000, timeouts);
    case 'throttle':
      return replied('banner', behaviour.text);
  }
}

const TLS_FAILED: Fault = { kind: 'tls', problem: 'certificate has expired' };

/** The first wait that is too long for us ends it; if none is, the message is taken, late. */
function slow(replyMs: number, timeouts: Timeouts): Met {
  let opened = 0;
  let sent = 0;
  for (const stage of REPLIES) {
    const isOpening = stage === 'banner' || stage === 'ehlo' || stage === 'auth';
    const limit = Math.min(limitAt(stage, timeouts), isOpening ? timeouts.openMs - opened : timeouts.messageMs - sent);
    if (replyMs > limit) {
      const tookMs = opened + sent + limit;
      const fault: Fault = { kind: 'timeout' };
      return stage === 'dot' ? { outcome: { kind: 'uncertain', fault }, tookMs } : failed(stage, fault, tookMs);
    }
    if (isOpening) opened += replyMs;
    else sent += replyMs;
  }
  return { outcome: delivered(), tookMs: opened + sent };
}

function limitAt(stage: Stage, { bannerMs, commandMs, dotMs }: Timeouts): number {
  if (stage === 'banner') return bannerMs;
  return stage === 'dot' ? dotMs : commandMs;
}

function replied(stage: Stage, text: string): Met {
  const reply = parseReply(text);
  if (reply === undefined) throw new Error(`no SMTP reply: ${text}`);
  const isAboutMessage = ORDER.indexOf(stage) >= ORDER.indexOf('mail');
  const outcome: Outcome =
    reply.code >= 500 && isAboutMessage
      ? { kind: 'refused', stage, reply }
      : { kind: 'deferred', cause: { kind: 'reply', stage, reply } };
  return { outcome, tookMs: msUntil(stage) };
}

function failed(stage: Stage, fault: Fault, tookMs: number): Met {
  const cause: Cause = { kind: 'fault', stage, fault };
  return { outcome: { kind: 'deferred', cause }, tookMs };
}

function msUntil(stage: Stage): number {
  return REPLY_MS * (ORDER.indexOf(stage) + 1);
}

function delivered(): Outcome {
  return { kind: 'delivered', reply: OK };
}

/** What is worth saying about a gateway after a preflight, in words a mail admin understands, and what to do about it. Pure. */
import { findingOfCause } from './finding.ts';
import { type Cause, describeCause, describeOutcome, type Outcome } from './outcome.ts';
import { type GatewaySeen, sizeLimitOf } from './preflight-seen.ts';
import { asksForLogin, formatReply, type Reply } from './reply.ts';
import { type Meaning, meaningOf } from './reply-patterns.ts';

/** `throttled`: put off for now, by a greylist or a limit */
export type PreflightVerdict = 'accepted' | 'refused' | 'throttled' | 'unreachable' | 'tls' | 'login';

type PreflightFindingKind =
  | 'unreachable'
  | 'tls'
  | 'login'
  | 'we-are-refused'
  | 'sender-refused'
  | 'recipient-refused'
  | 'content-refused'
  | 'empty-sender-refused'
  | 'greylisted'
  | 'put-off'
  | 'connections'
  | 'size'
  | 'no-8bitmime'
  | 'no-smtputf8'
  | 'no-pipelining'
  | 'no-tls'
  | 'no-login';

export type PreflightFinding = {
  readonly kind: PreflightFindingKind;
  /** what the replay would come to; absent: it would come through, though slower or with less */
  readonly verdict?: Exclude<PreflightVerdict, 'accepted'>;
  readonly words: string;
  readonly advice: string;
};

/** The weightiest first. */
export function preflightFindings(seen: GatewaySeen): readonly PreflightFinding[] {
  const all = [openFinding(seen), messageFinding(seen), emptySenderFinding(seen), ...lesser(seen)];
  return all.filter((finding) => finding !== undefined);
}

function openFinding({ opened, configured }: GatewaySeen): PreflightFinding | undefined {
  if (opened.kind === 'open') return undefined;
  if (opened.kind === 'late') return unreachable('gives no session in time');
  const { cause } = opened;
  const words = describeCause(cause);
  if (cause.stage === 'tls' || findingOfCause(cause).class === 'tls') return tlsFinding(words, configured.tls);
  if (cause.stage === 'auth' || isAboutLogin(cause)) return loginFinding(words);
  if (cause.kind === 'fault') return unreachable(`gives no session: ${words}`);
  if (cause.reply.code >= 500)
    return { kind: 'we-are-refused', verdict: 'refused', words: `refuses us: ${words}`, advice: LET_IN };
  const { class: cls } = findingOfCause(cause);
  return cls === 'server-busy' || cls === 'greylist/policy-temporary'
    ? putOff(cause.reply, words)
    : unreachable(`gives no session: ${words}`);
}

function messageFinding(seen: GatewaySeen): PreflightFinding | undefined {
  const { message } = seen;
  if (message === undefined) return undefined;
  if (message === 'late') return unreachable('did not answer a message in time');
  const words = describeOutcome(message);
  switch (message.kind) {
    case 'delivered':
      return undefined;
    case 'uncertain':
      return unreachable(words);
    case 'deferred':
      return deferredFinding(message.cause, words);
    case 'refused':
      return refusedFinding(message, words, seen);
  }
}

function deferredFinding(cause: Cause, words: string): PreflightFinding {
  if (cause.kind === 'reply') return isAboutLogin(cause) ? loginFinding(words) : putOff(cause.reply, words);
  if (cause.fault.kind !== 'unsupported')
    return unreachable(`lost the connection in the middle of a message: ${words}`);
  return { kind: 'recipient-refused', verdict: 'refused', words, advice: OTHER_ADDRESS };
}

function refusedFinding(
  { stage, reply }: Extract<Outcome, { kind: 'refused' }>,
  words: string,
  seen: GatewaySeen,
): PreflightFinding {
  if (asksForLogin(reply)) return loginFinding(words);
  switch (stage) {
    case 'data':
    case 'dot':
      return {
        kind: 'content-refused',
        verdict: 'refused',
        words: `refuses the message for what is in it: ${words}`,
        advice: TRUST_US,
      };
    case 'connect':
    case 'banner':
    case 'ehlo':
    case 'tls':
    case 'auth':
    case 'mail':
    case 'rcpt':
      return isAboutSender(stage === 'mail', reply, seen)
        ? {
            kind: 'sender-refused',
            verdict: 'refused',
            words: `refuses mail that others have sent: ${words}`,
            advice: ANY_SENDER,
          }
        : {
            kind: 'recipient-refused',
            verdict: 'refused',
            words: `refuses the recipient: ${words}`,
            advice: OTHER_ADDRESS,
          };
  }
}

/** The control: the same recipient under the empty sender. What it takes from nobody and not from a stranger, it refuses for the stranger. */
function isAboutSender(isAtMail: boolean, { text }: Reply, { emptySender }: GatewaySeen): boolean {
  if (isAtMail) return true;
  if (emptySender?.kind === 'answered') return emptySender.reply.code < 400;
  const meaning = meaningOf(text);
  return meaning === undefined || !ABOUT_RECIPIENT.has(meaning);
}

const ABOUT_RECIPIENT: ReadonlySet<Meaning> = new Set<Meaning>([
  'unknown-recipient',
  'disabled-recipient',
  'full-mailbox',
  'refused-recipient',
]);

/** Of interest only where the message itself was taken: else it says the same again. */
function emptySenderFinding({ message, emptySender }: GatewaySeen): PreflightFinding | undefined {
  if (message === undefined || message === 'late' || message.kind !== 'delivered') return undefined;
  const reply = replyOf(emptySender);
  if (reply === undefined || reply.code < 400) return undefined;
  const words = `takes messages, but none with an empty sender: ${formatReply(reply)}`;
  return {
    kind: 'empty-sender-refused',
    verdict: reply.code < 500 ? 'throttled' : 'refused',
    words,
    advice: EMPTY_SENDER,
  };
}

function replyOf(seen: GatewaySeen['emptySender']): Reply | undefined {
  if (seen === undefined) return undefined;
  if (seen.kind === 'answered') return seen.reply;
  return seen.cause.kind === 'reply' ? seen.cause.reply : undefined;
}

/** What does not stop a replay. */
function lesser({ opened, configured, connections }: GatewaySeen): readonly (PreflightFinding | undefined)[] {
  if (opened.kind !== 'open') return [];
  const offers = (keyword: string) => opened.extensions.some((line) => line.toUpperCase().split(' ')[0] === keyword);
  const { asked = 0, opened: given = 0, cause } = connections ?? {};
  const limit = sizeLimitOf(opened.extensions);
  return [
    given < asked ? connectionsFinding({ asked, given }, cause) : undefined,
    limit !== undefined && limit < LARGEST_BYTES
      ? {
          kind: 'size',
          words: `takes messages of ${megabytes(limit)} MB at most, and up to 25 MB are kept`,
          advice: LARGER,
        }
      : undefined,
    offers('8BITMIME') ? undefined : NO_8BITMIME,
    offers('SMTPUTF8') ? undefined : NO_SMTPUTF8,
    offers('PIPELINING') ? undefined : NO_PIPELINING,
    configured.tls === 'none' ? NO_TLS : undefined,
    configured.hasLogin ? undefined : NO_LOGIN,
  ];
}

function connectionsFinding(
  { asked, given }: { readonly asked: number; readonly given: number },
  cause: Cause | undefined,
): PreflightFinding {
  const said = cause === undefined ? '' : `: ${describeCause(cause)}`;
  return {
    kind: 'connections',
    words: `gives ${given} of the ${asked} connections that a replay may have${said}`,
    advice: `The replay makes do with ${given}. Let our account have ${asked} at once, or set "connections" of the replay to ${given}.`,
  };
}

function isAboutLogin(cause: Cause): boolean {
  return cause.kind === 'reply' && asksForLogin(cause.reply);
}

function unreachable(words: string): PreflightFinding {
  return {
    kind: 'unreachable',
    verdict: 'unreachable',
    words,
    advice:
      'Look whether the server runs, and whether its firewall lets the port in from everywhere: our addresses change.',
  };
}

function loginFinding(words: string): PreflightFinding {
  return {
    kind: 'login',
    verdict: 'login',
    words: `does not accept our login: ${words}`,
    advice:
      'Look whether the account exists, may send by SMTP AUTH, is not locked and has the password that is set here; then set the gateway again.',
  };
}

function tlsFinding(words: string, tls: GatewaySeen['configured']['tls']): PreflightFinding {
  return {
    kind: 'tls',
    verdict: 'tls',
    words,
    advice:
      tls === 'starttls'
        ? 'The server must offer STARTTLS on this port, with a certificate from a public authority, good for the host name that is set here. Where it has a port for TLS from the start (465), that is better.'
        : 'The port must speak TLS from the first byte, with a certificate from a public authority, good for the host name that is set here, and not expired.',
  };
}

function putOff(reply: Reply, words: string): PreflightFinding {
  const meaning = meaningOf(reply.text);
  // Before the greylist: a sender that could not be verified is put off under its codes.
  if (meaning === 'sender') {
    const said = `puts off mail that others have sent: ${words}`;
    return { kind: 'sender-refused', verdict: 'throttled', words: said, advice: ANY_SENDER };
  }
  return meaning === 'greylist' || reply.enhanced === '4.7.1'
    ? {
        kind: 'greylisted',
        verdict: 'throttled',
        words: `puts us off as it does strangers: ${words}`,
        advice: 'Turn greylisting off for our account, or for sessions that are logged in.',
      }
    : {
        kind: 'put-off',
        verdict: 'throttled',
        words: `puts us off: ${words}`,
        advice: 'Leave our account out of limits of rate and number: a replay brings the mail of days in hours.',
      };
}

function megabytes(bytes: number): string {
  return String(Math.floor((bytes / 1_048_576) * 10) / 10);
}

// The platform hands us up to 25 MiB (docs/platform.md 4); the headers that we prepend are a few kilobytes.
const LARGEST_BYTES = 26_230_784;

const ANY_SENDER =
  'Let our account send under every address, and check no sender for it: a replay brings what strangers have written, under their own names, and it was checked when it came. Postfix: permit_sasl_authenticated before the sender restrictions, and none of reject_sender_login_mismatch, reject_unverified_sender and SPF checks for this account; Exchange: give its connector ms-Exch-SMTP-Accept-Any-Sender and ms-Exch-SMTP-Accept-Authoritative-Domain-Sender.';
const OTHER_ADDRESS =
  'If the address does not exist, set another one of your own for the preflight. If it does, the server takes no mail for its own people from us: look at its rules for our account.';
const LET_IN = 'Take us off its block lists: let in whoever logs in with our account, from every address.';
const TRUST_US =
  'Leave mail from our account out of the content filter, or let it trust our ARC seal: it was filtered when it came.';
const EMPTY_SENDER =
  'Let our account send with an empty sender (MAIL FROM:<>): bounces and the copies of what people have sent come so.';
const LARGER =
  'Let it take 26 MB from our account; a larger message than it takes is held in the replay for a person to look at.';

const NO_8BITMIME: PreflightFinding = {
  kind: 'no-8bitmime',
  words: 'does not offer 8BITMIME',
  advice: 'Messages in 8 bit go to it as they are, as from most servers; one that minds would refuse them.',
};
const NO_SMTPUTF8: PreflightFinding = {
  kind: 'no-smtputf8',
  words: 'does not offer SMTPUTF8',
  advice: 'Only mail from or to addresses outside ASCII needs it: that would wait.',
};
const NO_PIPELINING: PreflightFinding = {
  kind: 'no-pipelining',
  words: 'does not offer PIPELINING',
  advice: 'A replay takes two round trips more for each message.',
};
const NO_TLS: PreflightFinding = {
  kind: 'no-tls',
  words: 'is spoken to in plain text, as it is configured',
  advice: 'Set TLS from the start (465) or STARTTLS for this gateway.',
};
const NO_LOGIN: PreflightFinding = {
  kind: 'no-login',
  words: 'takes our mail without a login, like that of any stranger',
  advice: 'Give us an account: without one its limits and filters for strangers will meet a replay.',
};

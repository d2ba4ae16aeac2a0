/**
 * Asks a client's gateway whether it would take mail: connect, banner, EHLO, TLS, AUTH, MAIL, RCPT, RSET, QUIT; and, where the client
 * wants it, a marked test message (R20). It must write to nobody else, and decides nothing: what was learned goes to core/health.ts.
 */
import { type Address, NULL_REVERSE_PATH, parseAddress } from '../core/address.ts';
import type { ClientSnapshot, Peer } from '../core/client.ts';
import type { MessageId } from '../core/ids.ts';
import {
  type AskedFor,
  judgeReplies,
  judgeTestMessage,
  type ProbeResult,
  probeFailed,
  unproven,
} from '../core/probe-result.ts';
import { buildNotice } from '../mime/notice.ts';
import { traceHeaders } from '../mime/trace-headers.ts';
import type { Session } from '../smtp/session-types.ts';
import { type Dial, openOne } from './deliver.ts';
import { type SecondOpinionNeeds, secondOpinion } from './second-opinion.ts';
import type { Gateways } from './standings.ts';

export type ProbeNeeds = SecondOpinionNeeds & {
  /** less patient than for mail */
  readonly probeDial: Dial;
  readonly serviceHost: string;
  readonly newMessageId: () => MessageId;
  readonly now: () => number;
};

/** Whom a probe may ask for; the gateway has taken mail for `people`. */
export type Acquaintances = {
  readonly people: readonly string[];
  readonly isKnown: (address: string) => boolean;
};

export type ProbeTask = {
  readonly snapshot: ClientSnapshot;
  readonly gateways: Gateways;
  readonly acquaintances: Acquaintances;
  /** `hand-over`: the test message goes out, if the client has asked for it */
  readonly testMessage: 'hand-over' | 'leave-out';
};

/** People asked for in one probe: enough not to be fooled by one who has left, few enough not to look like address harvesting. */
export const MAX_PEOPLE = 3;

/** One after another, until one would take mail; what the last one said when none would. */
export async function probeGateways(task: ProbeTask, needs: ProbeNeeds): Promise<ProbeResult> {
  let last = NO_GATEWAY;
  for (const { peer } of task.gateways.choices()) {
    last = await probeOne(peer, task, needs);
    if (last.evidence.alive === 'yes') return last;
  }
  return last;
}

async function probeOne(peer: Peer, task: ProbeTask, needs: ProbeNeeds): Promise<ProbeResult> {
  const opened = await openOne(peer, task.gateways, withSecondOpinion(needs));
  if (opened.kind === 'failed') return probeFailed(opened.cause);
  try {
    const result = await converse(opened.session, task, needs);
    task.gateways.dealt(peer, { kind: 'question', evidence: result.evidence });
    return result;
  } finally {
    await opened.session.close();
  }
}

const NO_GATEWAY: ProbeResult = {
  ...probeFailed({
    kind: 'fault',
    stage: 'connect',
    fault: { kind: 'unclassified', problem: 'no gateway is configured' },
  }),
  // Nothing of anybody's has failed: it is still to be entered.
  evidence: { scope: 'configuration', weight: 0, alive: 'no' },
};

function withSecondOpinion(needs: ProbeNeeds): Dial {
  return async (peer) => {
    const opened = await needs.probeDial(peer);
    if (opened.kind === 'open') return opened;
    return { kind: 'failed', cause: await secondOpinion(peer, opened.cause, needs) };
  };
}

type Candidate = { readonly address: Address; readonly who: AskedFor['who'] };

async function converse(session: Session, task: ProbeTask, needs: ProbeNeeds): Promise<ProbeResult> {
  const candidates = candidatesOf(task);
  const dialogue = await session.probe(candidates.map(({ address }) => address));
  if (dialogue.kind === 'failed') return probeFailed(dialogue.cause);
  const asked = dialogue.replies.map(({ recipient, reply }) => ({
    who: candidates.find(({ address }) => address.key === recipient.key)?.who ?? 'postmaster',
    reply,
  }));
  const result = judgeReplies(asked);
  const recipient = testRecipient(task);
  if (recipient === undefined) return result;
  return result.kind === 'taken' ? handOver(session, recipient, { task, needs }) : unproven(result);
}

/** The client's own address, or else people and then postmaster (RFC 5321 §4.5.1: every domain takes mail for it). */
function candidatesOf({ snapshot, acquaintances }: ProbeTask): readonly Candidate[] {
  const own = parseAddress(snapshot.probe.address ?? '');
  if (own !== undefined) return [{ address: own, who: acquaintances.isKnown(own.key) ? 'person' : 'address' }];
  const people = acquaintances.people
    .slice(0, MAX_PEOPLE)
    .map(parseAddress)
    .filter((address) => address !== undefined)
    .map((address): Candidate => ({ address, who: 'person' }));
  const postmaster = parseAddress(`postmaster@${snapshot.domains[0] ?? 'localhost'}`);
  const candidates =
    postmaster === undefined ? people : [...people, { address: postmaster, who: 'postmaster' } as const];
  if (candidates.length === 0) throw new Error('the probe has nobody to ask for');
  return candidates;
}

function testRecipient({ snapshot, testMessage }: ProbeTask): Address | undefined {
  if (testMessage === 'leave-out' || !snapshot.probe.testMessage) return undefined;
  return parseAddress(snapshot.probe.address ?? '');
}

async function handOver(
  session: Session,
  recipient: Address,
  { task, needs }: { readonly task: ProbeTask; readonly needs: ProbeNeeds },
): Promise<ProbeResult> {
  const messageId = needs.newMessageId();
  const at = needs.now();
  const { serviceHost } = needs;
  // With our trace, so that a gateway that sends it back to us is seen to go round in a circle.
  const head = traceHeaders({
    messageId,
    clientId: task.snapshot.clientId,
    serviceHost,
    helo: serviceHost,
    remoteIp: '',
    recipient,
    receivedAt: at,
  });
  const body = buildNotice({
    from: { name: 'Breakwater', address: `notices@${serviceHost}` },
    to: { name: '', address: recipient.text },
    subject: 'Breakwater test message',
    text: TEST_MESSAGE,
    messageId: `<${messageId}@${serviceHost}>`,
    date: new Date(at),
    marks: { 'X-Breakwater-Probe': 'yes' },
  });
  return judgeTestMessage(await session.send({ reversePath: NULL_REVERSE_PATH, recipient }, { head, body }));
}

const TEST_MESSAGE = `This message was written by Breakwater, which keeps your mail while your mail server is away. It shows that the server takes
mail again. Nobody needs to answer it, and it may be deleted.
`;

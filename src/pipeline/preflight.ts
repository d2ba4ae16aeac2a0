/**
 * A preflight: a marked message goes to each gateway the way a replayed one will, long before the day comes. It decides nothing, and
 * what it meets is no evidence: it asks the gateways behind the back of health and of the choice among them.
 */
import { type Address, parseAddress, reversePathOf } from '../core/address.ts';
import type { ClientSnapshot, Peer } from '../core/client.ts';
import type { MessageId } from '../core/ids.ts';
import type { NewEntry } from '../core/ledger.ts';
import { type GatewayPreflight, judgeGateway, type Preflight, preflightOf } from '../core/preflight.ts';
import type { ConnectionsSeen, EmptySenderSeen, GatewaySeen } from '../core/preflight-seen.ts';
import { buildNotice } from '../mime/notice.ts';
import { createWalker } from '../mime/walker.ts';
import type { Outgoing, Session } from '../smtp/session-types.ts';
import { type ContentStore, contentKey } from './contents.ts';
import { type Dial, type Parcel, peerName } from './deliver.ts';
import { summarise } from './summary.ts';
import type { Timer } from './timer.ts';

export type PreflightNeeds = {
  /** as patient as a replay */
  readonly dial: Dial;
  /** as a replay makes it, with all the headers that it prepends */
  readonly parcel: (entry: NewEntry) => Parcel;
  readonly contents: Pick<ContentStore, 'put' | 'delete'>;
  readonly startTimer: (ms: number) => Timer;
  readonly serviceHost: string;
  readonly newMessageId: () => MessageId;
  readonly now: () => number;
};

/** For all that one gateway is asked: somebody may be waiting for the answer, and a gateway that needs longer is its own finding. */
export const LONGEST_PREFLIGHT_MS = 60_000;

/** Its own address, or postmaster (RFC 5321 §4.5.1: every domain takes mail for it); undefined for a client without a domain. */
export function preflightRecipient({ preflight, domains }: ClientSnapshot): Address | undefined {
  return parseAddress(preflight.address ?? `postmaster@${domains[0] ?? ''}`);
}

/** One gateway after another: the platform gives few sockets at a time. Throws when a store fails. */
export async function runPreflight(snapshot: ClientSnapshot, needs: PreflightNeeds): Promise<Preflight> {
  const recipient = preflightRecipient(snapshot);
  if (recipient === undefined) throw new Error('the preflight has nobody to write to');
  const { entry, content } = marked(snapshot, recipient, needs);
  // From the store, like every replayed message: what seals it reads it there.
  await needs.contents.put(entry.contentKey, content, content.byteLength);
  try {
    const asked: GatewayPreflight[] = [];
    for (const peer of snapshot.gateways)
      asked.push(judgeGateway(await askGateway({ peer, entry, connections: snapshot.replay.connections }, needs)));
    return preflightOf(recipient.text, asked);
  } finally {
    await needs.contents.delete(entry.contentKey);
  }
}

type Question = { readonly peer: Peer; readonly entry: NewEntry; readonly connections: number };
/** `timer`: until when */
type Means = { readonly needs: PreflightNeeds; readonly timer: Timer };

async function askGateway(question: Question, needs: PreflightNeeds): Promise<GatewaySeen> {
  const { peer } = question;
  const about = { gateway: peerName(peer), configured: { tls: peer.tls, hasLogin: peer.login !== undefined } };
  const timer = needs.startTimer(LONGEST_PREFLIGHT_MS);
  try {
    const opening = needs.dial(peer);
    const opened = await inTime(opening, timer);
    // It may open yet: nobody wants it any more.
    if (opened === 'late') void opening.then((late) => (late.kind === 'open' ? late.session.close() : undefined));
    if (opened === 'late') return { ...about, opened: { kind: 'late' }, replies: [] };
    if (opened.kind === 'failed') return { ...about, opened, replies: [] };
    return { ...about, ...(await askSession(opened.session, question, { needs, timer })) };
  } finally {
    timer.cancel();
  }
}

type SessionSeen = Omit<GatewaySeen, 'gateway' | 'configured'>;

async function askSession(
  session: Session,
  { peer, entry, connections }: Question,
  means: Means,
): Promise<SessionSeen> {
  try {
    const { roundTripMs } = session;
    const { tls, isLoggedIn, extensions } = session.facts;
    const seen = await converse(session, entry, means);
    const opened = { kind: 'open', tls, isLoggedIn, extensions, roundTripMs } as const;
    if (seen.message === 'late') return { ...seen, opened };
    return { ...seen, opened, connections: await openMore(connections, () => means.needs.dial(peer), means.timer) };
  } finally {
    await session.close();
  }
}

type Dialogue = Pick<GatewaySeen, 'message' | 'replies' | 'emptySender'>;

/** The message of a stranger; then, without a message, the envelope of a sent copy. */
async function converse(session: Session, entry: NewEntry, { needs, timer }: Means): Promise<Dialogue> {
  const { envelope, content } = needs.parcel(entry);
  const message = await inTime(session.send(envelope, await held(content)), timer);
  const { replies } = session.facts;
  if (message === 'late') return { message, replies };
  const emptySender = session.usable ? await inTime(session.probe([entry.recipient]), timer) : 'late';
  return emptySender === 'late' ? { message, replies } : { message, replies, emptySender: answerOf(emptySender) };
}

async function held(content: Parcel['content']): Promise<Outgoing> {
  const outgoing = await content();
  if (outgoing === undefined) throw new Error('the preflight message just stored cannot be found');
  return outgoing;
}

function answerOf(dialogue: Awaited<ReturnType<Session['probe']>>): EmptySenderSeen {
  if (dialogue.kind === 'failed') return dialogue;
  const [first] = dialogue.replies;
  if (first !== undefined) return { kind: 'answered', reply: first.reply };
  return { kind: 'failed', cause: { kind: 'fault', stage: 'rcpt', fault: { kind: 'lost' } } };
}

/** As many as a replay may have, the one that is open among them, and all at once. They say nothing and close. */
async function openMore(asked: number, open: () => ReturnType<Dial>, timer: Timer): Promise<ConnectionsSeen> {
  const opening = Array.from({ length: asked - 1 }, open);
  const settled = await Promise.all(opening.map((one) => inTime(one, timer)));
  const closing = opening.map(async (one) => {
    const late = await one;
    if (late.kind === 'open') await late.session.close();
  });
  // Those that are late close when they open.
  if (!settled.includes('late')) await Promise.all(closing);
  const answered = settled.filter((one) => one !== 'late');
  const cause = answered.find((one) => one.kind === 'failed')?.cause;
  const opened = 1 + answered.filter(({ kind }) => kind === 'open').length;
  return cause === undefined ? { asked, opened } : { asked, opened, cause };
}

function inTime<Value>(work: Promise<Value>, timer: Timer): Promise<Value | 'late'> {
  return Promise.race([work, timer.expired.then(() => 'late' as const)]);
}

/**
 * It comes from outside, as what is replayed does. Nobody is behind its sender's address, so a bounce ends where it was made; an empty
 * sender would not ask the question that matters.
 */
function marked(
  { clientId }: ClientSnapshot,
  recipient: Address,
  needs: PreflightNeeds,
): { readonly entry: NewEntry; readonly content: Uint8Array } {
  const { serviceHost } = needs;
  const [id, at] = [needs.newMessageId(), needs.now()];
  const sender = senderAt(serviceHost);
  const content = buildNotice({
    from: { name: 'Breakwater', address: sender.text },
    to: { name: '', address: recipient.text },
    subject: 'Breakwater preflight: this message may be deleted',
    text: TEXT,
    messageId: `<${id}@${serviceHost}>`,
    date: new Date(at),
    marks: { 'X-Breakwater-Preflight': 'yes' },
  });
  const walker = createWalker();
  walker.write(content);
  const facts = walker.end();
  const entry: NewEntry = {
    id,
    clientId,
    kind: 'inbound',
    retryKey: `preflight ${id}`,
    reversePath: reversePathOf(sender),
    recipient,
    contentKey: contentKey(clientId, id),
    sizeBytes: facts.sizeBytes,
    sha256: facts.sha256,
    receivedAt: at,
    origin: { helo: serviceHost, remoteIp: '' },
    summary: summarise(facts),
  };
  return { entry, content };
}

function senderAt(serviceHost: string): Address {
  const sender = parseAddress(`preflight@${serviceHost}`);
  if (sender === undefined) throw new Error('SERVICE_HOST is no host name');
  return sender;
}

const TEXT = `Breakwater keeps your mail while your mail server is away, and gives it back afterwards. This message came to your server in
just the way that mail will be given back, to see whether the server takes it. It does: otherwise you would not read this.

Nobody needs to answer it, and it may be deleted.
`;

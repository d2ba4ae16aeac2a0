/** A test notice by every way, so that a way that does not work is found on a good day. Nothing is kept or tried again. */
import { type Address, NULL_REVERSE_PATH, parseAddress } from '../core/address.ts';
import { describeCause, describeOutcome } from '../core/outcome.ts';
import type { NoticeTest, NoticeTrial } from '../pipeline/client-port.ts';
import { recipientsOf } from '../pipeline/notify.ts';
import { noticeBytes } from '../pipeline/own-letter.ts';
import { noticeWay } from '../pipeline/relay.ts';
import { testBody } from '../pipeline/webhook.ts';
import type { ClientState } from './client-state.ts';
import type { ErrandNeeds } from './errand-needs.ts';

// Somebody waits for the answer; a relay may take minutes (smtp/timeouts.ts).
const PATIENCE_MS = 30_000;
const NOTHING = new Uint8Array();

// A test writes to ten people and calls five systems: pressed without end it would be a flood, sent in our name.
const BETWEEN_MS = 60_000;

/** What each said. In memory alone it would be forgotten with the object, so the time of the last one is written down. */
export async function tryNotices(state: ClientState, needs: ErrandNeeds): Promise<NoticeTrial> {
  const { noticeAddresses, webhooks } = state.snapshot;
  if (noticeAddresses.length + webhooks.length === 0) return { kind: 'tried', answers: [] };
  const now = needs.now();
  const waitMs = (state.meta.get('noticesTriedAt') ?? now - BETWEEN_MS) + BETWEEN_MS - now;
  if (waitMs > 0) return { kind: 'too-soon', waitMs };
  state.meta.set('noticesTriedAt', now);
  return { kind: 'tried', answers: (await Promise.all([tryMail(state, needs), tryWebhooks(state, needs)])).flat() };
}

function tryWebhooks({ snapshot }: ClientState, needs: ErrandNeeds): Promise<readonly NoticeTest[]> {
  return Promise.all(
    snapshot.webhooks.map(async (webhook): Promise<NoticeTest> => {
      const at = needs.now();
      const body = testBody(needs.newMessageId(), at, snapshot);
      const { kind, answer } = await needs.callWebhook(webhook, { body, at });
      return { way: 'webhook', to: webhook.url, taken: kind === 'taken', answer };
    }),
  );
}

/** The client's own addresses; the operator's are not a client's to try. */
async function tryMail(state: ClientState, needs: ErrandNeeds): Promise<readonly NoticeTest[]> {
  const recipients = recipientsOf('turn', state.snapshot, needs);
  const used = new Set(recipients.map(({ key }) => key));
  const skipped = state.snapshot.noticeAddresses
    .filter((text) => !used.has(parseAddress(text)?.key ?? ''))
    .map((text) => untaken(text, SKIPPED));
  if (recipients.length === 0) return skipped;
  const answers = new Map<string, NoticeTest>();
  const timer = needs.startTimer(PATIENCE_MS);
  await Promise.race([writeTo(recipients, answers, state, needs), timer.expired]);
  timer.cancel();
  return [...recipients.map(({ text }) => answers.get(text) ?? untaken(text, 'no answer within 30 s')), ...skipped];
}

async function writeTo(
  recipients: readonly Address[],
  answers: Map<string, NoticeTest>,
  { snapshot }: ClientState,
  needs: ErrandNeeds,
): Promise<void> {
  const opened = await noticeWay(snapshot, needs)?.open();
  if (opened?.kind !== 'open') {
    const why = opened === undefined ? NO_WAY : describeCause(opened.cause);
    for (const { text } of recipients) answers.set(text, untaken(text, why));
    return;
  }
  const words = { subject: `Test: ${snapshot.name.replace(/\p{Cc}+/gu, ' ')}`, text: TEXT };
  try {
    for (const recipient of recipients) {
      const { text } = recipient;
      const { serviceHost } = needs;
      const body = noticeBytes(words, recipient, { id: needs.newMessageId(), at: needs.now(), serviceHost });
      const outcome = await opened.session.send({ reversePath: NULL_REVERSE_PATH, recipient }, { head: NOTHING, body });
      const taken = outcome.kind === 'delivered';
      answers.set(text, { way: 'mail', to: text, taken, answer: describeOutcome(outcome) });
    }
  } finally {
    await opened.session.close();
  }
}

function untaken(to: string, answer: string): NoticeTest {
  return { way: 'mail', to, taken: false, answer };
}

const SKIPPED = 'never used: it is at a domain of this client, which is down when you are to be told';
const NO_WAY = 'this deployment has neither a relay nor a sending binding';
const TEXT = 'This is a test: nothing has happened. Notices reach you at this address.\n';

/** Telling people what stands in the timeline: by mail, where core/notice-schedule.ts says so, and by webhook, every line. */
import type { Address } from '../core/address.ts';
import type { Link } from '../core/notice-words.ts';
import { answerTo } from '../core/timeline.ts';
import { nextCallAt } from '../core/webhook-schedule.ts';
import { webhookName } from '../core/webhook-url.ts';
import type { LinkAction } from '../pipeline/client-port.ts';
import { noticeKeyOf, notices, type Occurrence, recipientsOf } from '../pipeline/notify.ts';
import { noticeWay } from '../pipeline/relay.ts';
import { webhookBody } from '../pipeline/webhook.ts';
import type { ClientState } from './client-state.ts';
import type { ErrandNeeds } from './errand-needs.ts';
import type { Pending } from './notices.ts';
import type { WebhookCall } from './webhook-calls.ts';

// Calls go on for as long as lines come; the alarm's run must end (platform.md 20).
const START_MS = 60_000;

/** Throws when the bytes of a notice cannot be kept; the caller comes back. */
export async function tellByMail(state: ClientState, needs: ErrandNeeds): Promise<void> {
  const now = needs.now();
  for (const pending of state.notices.pending(state.noticePlan(now), now)) {
    if (pending.dueAt === undefined) state.notices.done(pending.occurrence.number);
    else if (pending.dueAt <= now) await write(pending, state, needs);
  }
}

async function write({ occurrence, mails }: Pending, state: ClientState, needs: ErrandNeeds): Promise<void> {
  const now = needs.now();
  const { snapshot, ledger } = state;
  const recipients = recipientsOf(occurrence.urgency, snapshot, needs);
  const isPossible = noticeWay(snapshot, needs) !== undefined;
  if (recipients.length > 0) state.mailIs(isPossible ? 'possible' : 'impossible', now);
  if (isPossible) {
    // While the relay takes nothing, reminders must not pile up for the day on which it does.
    const reached = recipients.filter(({ text }) => !ledger.waitsFrom(noticeKeyOf(occurrence), text));
    const since = state.timeline.since(occurrence.number);
    const letter = {
      occurrence,
      mail: mails,
      now,
      since,
      linksFor: ({ text }: Address) => linksFor(occurrence, text, state, needs),
    };
    for (const entry of await notices(letter, reached, snapshot, needs))
      ledger.add(entry, { kind: 'waiting' }, { now, dueAt: now, outageId: undefined });
  }
  state.notices.mailed(occurrence.number, now);
}

const LABELS: Readonly<Record<LinkAction, string>> = {
  'declare-failure': 'Fail over now',
  'declare-repair': 'Switch back now',
  acknowledge: 'I have seen this',
};

/** Each recipient's own, so that it is known who pressed. In mails only: a link is a key, and neither a log nor the timeline nor a webhook may hold one. */
function linksFor(occurrence: Occurrence, recipient: string, state: ClientState, needs: ErrandNeeds): readonly Link[] {
  const { number, kind, urgency } = occurrence;
  if (urgency !== 'alarm') return [];
  const answer = answerTo(kind);
  const actions: readonly LinkAction[] = answer === undefined ? ['acknowledge'] : [answer, 'acknowledge'];
  return actions.map((action) => ({
    label: LABELS[action],
    url: state.linkFor({ action, occurrence: number, recipient }, needs),
  }));
}

/** Several side by side, one call of each at a time: a slow one delays only itself. */
export async function callWebhooks(state: ClientState, needs: ErrandNeeds): Promise<void> {
  const startedAt = needs.now();
  const running = new Map<string, Promise<void>>();
  for (;;) {
    const added = state.calls.added();
    if (needs.now() - startedAt < START_MS) {
      for (const [url, call] of state.calls.due(needs.now())) {
        if (running.has(url)) continue;
        running.set(
          url,
          callOne(url, call, state, needs).finally(() => running.delete(url)),
        );
      }
    }
    if (running.size === 0) return;
    await Promise.race([...running.values(), added]);
  }
}

async function callOne(url: string, call: WebhookCall, state: ClientState, needs: ErrandNeeds): Promise<void> {
  const { snapshot, calls, timeline } = state;
  const webhook = snapshot.webhooks.find((known) => known.url === url);
  const occurrence = timeline.line(call.occurrence);
  if (webhook === undefined || occurrence === undefined) return calls.settled(call.number);
  const body = webhookBody(occurrence, snapshot);
  const { kind, answer } = await needs.callWebhook(webhook, { body, at: needs.now() });
  if (kind === 'taken') return calls.settled(call.number);
  const problem = `${webhookName(url)}: ${answer}`;
  needs.log({ kind: 'trouble', clientId: snapshot.clientId, where: 'webhook', problem });
  const now = needs.now();
  const tries = call.tries + 1;
  const nextAt = nextCallAt(tries, now);
  if (nextAt !== undefined) {
    calls.postponed(call.number, nextAt);
    if (calls.droppedUntold(url, now) > 0)
      missed(url, `${webhookName(url)} does not take its calls: ${answer}`, state, now);
    return;
  }
  calls.settled(call.number);
  const what = `${webhookName(url)} did not take ${occurrence.kind} (number ${occurrence.number}) in ${tries} tries: ${answer}`;
  missed(url, what, state, now);
}

/** Told once a day, however many lines a receiver misses: one that is gone misses all of them. */
function missed(url: string, what: string, { calls, timeline }: ClientState, at: number): void {
  const { isBack, dropped } = calls.missed(url, at);
  const words = dropped === 0 ? what : `${what}; ${dropped} older calls were given up because too many waited`;
  timeline.note({ at, kind: 'webhook-failed', words, ...(isBack ? { isBack } : {}) });
}

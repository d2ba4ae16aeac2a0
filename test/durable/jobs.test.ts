/** Due-times come from what is stored, and whatever that is, the alarm can be set and a run comes to its end. */
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import type { HealthEvent } from '../../src/core/health-state.ts';
import { ClientState } from '../../src/durable/client-state.ts';
import { Jobs } from '../../src/durable/jobs.ts';
import type { ClientObject } from '../../src/index.ts';
import { enrol } from '../support/client.ts';
import { startPeer } from '../support/peer.ts';

const SUSPECT = {
  state: 'suspect',
  since: 0,
  history: { deferrals: [], tally: { slices: [] } },
  said: [],
};

// A number that is none is stored as null.
it.each([
  ['null', { nextAt: null, made: 1 }],
  ['a word', { nextAt: 'soon', made: 1 }],
])('a due-time that is %s is due now, and after that once a minute', async (_, probe) => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const { now } = harbour;
  const seen = await runInDurableObject(harbour.stub, async ({ needs }: ClientObject, { storage }) => {
    const health = JSON.stringify({ ...SUSPECT, probe });
    storage.sql.exec("UPDATE meta SET value = ? WHERE key = 'health'", health);
    const state = ClientState.load(storage);
    if (state === undefined) throw new Error('it is configured');
    const events: HealthEvent['kind'][] = [];
    // Nobody listens, so what is stored stays as it is: the worst case.
    const jobs = new Jobs(
      () => needs,
      ({ kind }) => void events.push(kind),
    );
    const before = jobs.dueAt(state);
    await jobs.run(state);
    return { before, events, after: jobs.dueAt(state) };
  });
  expect(seen).toEqual({ before: now, events: ['probe'], after: now + 60_000 });
});

it('a due-time that never comes sets no alarm', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const dueAt = await runInDurableObject(harbour.stub, ({ needs }: ClientObject, { storage }) => {
    const state = ClientState.load(storage);
    if (state === undefined) throw new Error('it is configured');
    state.meta.hold('easing', { until: Number.POSITIVE_INFINITY, gapMs: 0 } as never);
    return new Jobs(
      () => needs,
      () => undefined,
    ).dueAt(state);
  });
  expect(dueAt).toBeUndefined();
});

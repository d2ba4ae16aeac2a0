/** What an isolate remembers of a client's filter: fetched once for each version, and in force while the object is away. */
import { expect, it } from 'vitest';
import { createFilterMemory } from '../../src/adapters/filter-memory.ts';
import type { LogEvent } from '../../src/core/event.ts';
import { DEFAULT_FILTER_PLAN } from '../../src/core/filter-plan.ts';
import { EMPTY_MODEL, learn } from '../../src/core/spam/model.ts';
import { bytesOfModel } from '../../src/core/spam/model-bytes.ts';
import type { ClientPort, ClientView } from '../../src/pipeline/client-port.ts';
import { EARLIER_SNAPSHOT } from '../support/earlier-version.ts';

const BASE = learn(EMPTY_MODEL, [{ label: 'ham', tokens: Uint32Array.of(1) }]);
const OWN = learn(EMPTY_MODEL, [{ label: 'spam', tokens: Uint32Array.of(2) }]);

function view(version: number, modelVersion = 0, clientId = 'harbour'): ClientView {
  return { snapshot: { clientId, version }, modelVersion } as unknown as ClientView;
}

function memory(answers: { plan?: number; model?: number; bytes?: Uint8Array | null }) {
  const asked: string[] = [];
  const logged: LogEvent[] = [];
  const port = (clientId: string) => ({
    async filterPlan() {
      asked.push(`plan of ${clientId}`);
      if (answers.plan === undefined) throw new Error('away');
      const nameKeys = `${clientId} ${answers.plan}`;
      return { version: answers.plan, plan: { ...DEFAULT_FILTER_PLAN, nameKeys } };
    },
    async filterModel() {
      asked.push(`model of ${clientId}`);
      if (answers.model === undefined) throw new Error('away');
      return { version: answers.model, bytes: answers.bytes ?? null };
    },
  });
  const ports = (clientId: string) => port(clientId) as unknown as ClientPort;
  return {
    ...createFilterMemory(
      ports,
      () => BASE,
      (event) => logged.push(event),
    ),
    asked,
    logged,
    answers,
  };
}

it('a plan is fetched once for each version, and never given to another client (P8)', async () => {
  const known = memory({ plan: 1 });
  expect((await known.plan(view(1))).nameKeys).toBe('harbour 1');
  expect(await known.plan(view(1))).toBe(await known.plan(view(1)));
  expect((await known.plan(view(1, 0, 'quay'))).nameKeys).toBe('quay 1');
  known.answers.plan = 2;
  expect((await known.plan(view(2))).nameKeys).toBe('harbour 2');
  expect(known.asked).toEqual(['plan of harbour', 'plan of quay', 'plan of harbour']);
});

it('while the object is away the plan of a moment ago serves, and without one nothing is taken', async () => {
  const known = memory({ plan: 1 });
  await known.plan(view(1));
  delete known.answers.plan;
  expect((await known.plan(view(2))).nameKeys).toBe('harbour 1');
  await expect(known.plan(view(2, 0, 'quay'))).rejects.toThrow('away');
});

it('an object that still runs the version before a deploy is not asked for what it cannot answer: its rules came with its view', async () => {
  const known = memory({});
  const earlier = { snapshot: { ...EARLIER_SNAPSHOT, clientId: 'harbour', version: 7 } } as unknown as ClientView;
  const plan = await known.plan(earlier);
  expect(plan).toMatchObject({
    ...DEFAULT_FILTER_PLAN,
    rules: [{ then: { kind: 'reject', text: 'not wanted' } }, { then: { kind: 'discard' } }],
  });
  expect(await known.model(earlier)).toBe(BASE);
  expect([known.asked, known.logged]).toEqual([[], []]);
  // As soon as it has started anew, it is asked.
  known.answers.plan = 8;
  expect((await known.plan(view(8))).nameKeys).toBe('harbour 8');
});

it('what the people have taught is added to the shipped model, which serves alone when the rest cannot be had', async () => {
  const known = memory({ model: 3, bytes: bytesOfModel(OWN) });
  expect(await known.model(view(1, 0))).toBe(BASE);
  expect(await known.model(view(1, 3))).toMatchObject({ hamMessages: 1, buckets: Uint32Array.of(1, 2) });
  const away = memory({});
  expect(await away.model(view(1, 3))).toBe(BASE);
  expect(away.logged).toMatchObject([{ kind: 'trouble', where: 'filter-model' }]);
  const strange = memory({ model: 3, bytes: Uint8Array.of(99) });
  expect(await strange.model(view(1, 3))).toBe(BASE);
});

/**
 * Everything is given back to a real Postfix, which hands half of it on to a real Dovecot, while both sides are killed in the middle.
 * A short form belongs to `npm test`; `npm run proof` tells it in full. Skipped, with a printed reason, where the servers are not installed.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyNoRealServers } from '../../tools/stack/real/installed.ts';
import type { Stack } from '../../tools/stack/stack.ts';
import { sampleCount } from './mail.ts';
import type { Outage } from './report.ts';
import { openRealServers, openStack, type RealServers } from './scene.ts';
import { type Observed, type Plan, tellStory } from './story.ts';

const reason = whyNoRealServers();
if (reason !== undefined) process.stdout.write(`proof with real servers: skipped, ${reason}\n`);

const IS_FULL = process.env['PROOF'] === 'full';
const PLAN: Plan = IS_FULL
  ? { messages: 2_000, killServerAt: [0.2, 0.45], killWorkerAt: 0.7, limitMs: 300_000 }
  : { messages: 60, killServerAt: [0.3], killWorkerAt: 0.6, limitMs: 60_000 };
// Slow enough that there is a middle to kill it in.
const PER_MINUTE = IS_FULL ? 6_000 : 600;
const NAMES = ['anna', 'ben', 'carla', 'david', 'eva', 'frank', 'greta', 'henry'];
const STORY_MS = IS_FULL ? 900_000 : 240_000;

describe.skipIf(reason !== undefined)(
  `a replay of ${PLAN.messages} messages to a real Postfix and a real Dovecot`,
  () => {
    let servers: RealServers | undefined;
    let stack: Stack | undefined;
    let observed: Observed;

    beforeAll(async () => {
      servers = await openRealServers(NAMES);
      stack = await openStack(servers, PER_MINUTE);
      observed = await tellStory(servers, stack, PLAN);
      process.stdout.write(`proof: ${summary(observed)}\n`);
    }, STORY_MS);

    afterAll(async () => {
      await stack?.close();
      await servers?.close();
    }, 60_000);

    it('loses nothing, whoever is killed in the middle', () => {
      expect(observed.lost).toEqual([]);
    });

    it('gives every byte back as it came, behind our trace headers', () => {
      expect(observed.altered).toBe(0);
      expect(observed.deliveries).toBeGreaterThan(PLAN.messages);
    });

    it("keeps each recipient's messages in order", () => {
      expect(observed.outOfOrder).toEqual([]);
    });

    it('repeats only what its report calls uncertain', () => {
      expect(observed.duplicated.filter((row) => !observed.uncertain.has(row))).toEqual([]);
      expect(sum(observed.outages, 'uncertain')).toBe(observed.uncertain.size);
    });

    it('ends in a report that adds up', () => {
      const { outages } = observed;
      // And one that Anna has written.
      const received = PLAN.messages + 1;
      expect({
        received: sum(outages, 'received'),
        replayed: sum(outages, 'replayed'),
        sentCopies: sum(outages, 'sentCopies'),
        held: sum(outages, 'held'),
        missing: sum(outages, 'missing'),
        unexplained: sum(outages, 'unexplained'),
      }).toEqual({ received, replayed: received, sentCopies: 1, held: 0, missing: 0, unexplained: 0 });
    });

    it('has the sent copy filed under Sent, seen, by the recipe of docs/sent-copies.md', () => {
      expect(new Set(observed.written.map((one) => JSON.stringify(one)))).toEqual(
        new Set([
          JSON.stringify({ mailbox: 'anna', folder: 'Sent', isSeen: true }),
          JSON.stringify({ mailbox: 'ben', folder: '', isSeen: false }),
        ]),
      );
    });
  },
);

type Counted = 'received' | 'replayed' | 'sentCopies' | 'uncertain' | 'held' | 'missing' | 'unexplained';

function sum(outages: readonly Outage[], what: Counted): number {
  return outages.reduce((total, outage) => total + outage[what], 0);
}

function summary({ lost, altered, duplicated, uncertain, repeatedByServer, outOfOrder, ...rest }: Observed): string {
  return [
    `${PLAN.messages} kept (from ${sampleCount()} real samples and made ones)`,
    `${rest.deliveries} deliveries`,
    `${lost.length} lost`,
    `${altered} altered`,
    `${duplicated.length} duplicated, ${uncertain.size} uncertain`,
    `${repeatedByServer} repeated by the server itself`,
    `${outOfOrder.length} out of order`,
    `${rest.outages.length} outages`,
  ].join(', ');
}

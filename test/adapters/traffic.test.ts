/** What the edge tells of the filter: in bulk, bounded, and of each client to itself. */
import { expect, it } from 'vitest';
import { createTraffic } from '../../src/adapters/traffic.ts';
import type { ClientId, MessageId } from '../../src/core/ids.ts';
import type { MessageFacts } from '../../src/core/message-facts.ts';
import type { Decision, Rule } from '../../src/core/rules/rule.ts';
import type { ClientPort, TrafficReport } from '../../src/pipeline/client-port.ts';
import { messageFacts } from '../support/message-facts.ts';

const harbour = 'harbour' as ClientId;
const NOTIFY: Rule = {
  id: 'n',
  name: 'big files',
  isOn: true,
  when: { kind: 'always' },
  then: { kind: 'notify', whom: 'admins' },
};
const TOLD: Decision = {
  verdict: { kind: 'accept' },
  headers: [],
  subjectPrefix: '',
  notify: ['admins'],
  matched: [{ ruleId: 'n', name: 'big files', words: '' }],
  failed: [],
};

function edge() {
  const reports: TrafficReport[] = [];
  const pending: Promise<unknown>[] = [];
  let wake: () => void = () => undefined;
  const waited = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const port = { report: async (report: TrafficReport) => void reports.push(report) };
  const traffic = createTraffic(
    () => port as unknown as ClientPort,
    { now: () => 0, wait: () => waited },
    (work) => pending.push(work),
  );
  const told = async () => {
    wake();
    await Promise.all(pending);
    return reports;
  };
  return { traffic, told };
}

it('a burst is one report, with the last fifty facts and each rule once with its count', async () => {
  const { traffic, told } = edge();
  for (let n = 0; n < 120; n += 1)
    traffic.filtered(harbour, String(n) as MessageId, { facts: messageFacts(), decision: TOLD, rules: [NOTIFY] });
  const [report, ...others] = await told();
  expect(others).toEqual([]);
  expect(report?.facts?.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, n) => String(n + 70)));
  expect(report?.notices).toEqual([{ recipient: '', ruleId: 'n', name: 'big files', count: 120 }]);
});

it('a message whose facts cannot be kept is no trouble to anybody', async () => {
  const { traffic, told } = edge();
  const broken = { ...messageFacts(), headers: undefined } as unknown as MessageFacts;
  traffic.filtered(harbour, '1' as MessageId, { facts: broken, decision: TOLD, rules: [] });
  expect(await told()).toMatchObject([{ facts: [] }]);
});

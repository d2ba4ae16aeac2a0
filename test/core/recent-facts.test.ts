/** What is kept of messages for dry runs: no text of a body, and never more than a stranger may fill. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keptMessage } from '../../src/core/recent-facts.ts';
import { linkTo, messageFacts, partFacts } from '../support/message-facts.ts';

const field = (name: string, value: string) => ({ name, value });

it('nothing that was written in a body is kept', () => {
  const facts = messageFacts({
    texts: [{ kind: 'plain', text: 'a secret', isTruncated: false }],
    links: [{ url: 'https://world.example/', host: 'world.example', text: 'a secret', from: 'href' }],
  });
  const kept = keptMessage('1', facts);
  expect(JSON.stringify(kept)).not.toContain('secret');
  expect(kept).toMatchObject({ id: '1', notKept: ['texts'], facts: { links: [{ host: 'world.example' }] } });
});

it('what was cut is said, but not of the fields that machines write for one another', () => {
  const long = 'x'.repeat(1_000);
  const machines = messageFacts({ headers: { fields: [field('dkim-signature', long), field('received', long)] } });
  expect(keptMessage('1', machines)?.notKept).toEqual(['texts']);
  const own = messageFacts({ headers: { fields: [field('x-own', long)] } });
  expect(keptMessage('1', own)?.notKept).toEqual(['texts', 'fields']);
  const many = messageFacts({ links: Array.from({ length: 31 }, (_, n) => linkTo(`h${n}.example`)) });
  expect(keptMessage('1', many)?.notKept).toEqual(['texts', 'links']);
});

it('whatever a stranger writes, it stays small, or is not kept', () => {
  const text = fc.string({ unit: 'binary', maxLength: 3_000 });
  const facts = fc.record({
    subject: text,
    fields: fc.array(fc.tuple(text, text), { maxLength: 100 }),
    fileNames: fc.array(text, { maxLength: 60 }),
    hosts: fc.array(fc.webUrl(), { maxLength: 60 }),
  });
  fc.assert(
    fc.property(facts, ({ subject, fields, fileNames, hosts }) => {
      const kept = keptMessage(
        '1',
        messageFacts({
          headers: { subject, fields: fields.map(([name, value]) => field(name, value)) },
          parts: fileNames.map((fileName) => partFacts({ fileName })),
          links: hosts.map((url) => ({ url, host: url, text: url, from: 'href' })),
        }),
      );
      expect(JSON.stringify(kept?.facts ?? {}).length).toBeLessThanOrEqual(12_000);
    }),
    { numRuns: 50 },
  );
});

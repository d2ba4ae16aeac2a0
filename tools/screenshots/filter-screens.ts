/** The filter of a client that has one: rules, lists and versions that a demo has not, put into the real page. */
import type { Page } from 'playwright-core';
import type { Screen } from './screen.ts';

const FILTER = '/console/c/harbour/filter';
const API = '**/api/v1/clients/harbour';
const NOW = Date.now();

const RULES = [
  {
    id: 'partners',
    name: 'Our partners get through',
    isOn: true,
    when: {
      kind: 'all',
      of: [
        { kind: 'listed', list: 'partners', of: 'sender-domain' },
        { kind: 'authentication', method: 'dmarc', is: ['pass'] },
      ],
    },
    then: { kind: 'accept' },
  },
  {
    id: 'invoices',
    name: 'Invoices as archives, from strangers at night',
    isOn: true,
    when: {
      kind: 'all',
      of: [
        { kind: 'text', in: 'subject', test: { how: 'pattern', value: '\\b(invoice|rechnung)\\b' } },
        {
          kind: 'any',
          of: [
            { kind: 'attachment', test: { kind: 'encrypted' } },
            { kind: 'size', overBytes: 5_000_000 },
          ],
        },
      ],
    },
    then: { kind: 'quarantine' },
  },
  {
    id: 'external',
    name: 'Mark what comes from outside',
    isOn: false,
    when: { kind: 'direction', is: 'inbound' },
    then: { kind: 'tag', subjectPrefix: '[External] ' },
  },
];
const WORDS = [
  'When the sender\'s domain is on the list "partners" and DMARC says pass: accept it and try no further rule.',
  'When the subject matches the pattern "\\b(invoice|rechnung)\\b" and (an attachment is encrypted or it is larger than 5 MB): put it into quarantine.',
  'When it comes from outside: put "[External]" before its subject.',
];
const VERSION = {
  number: 12,
  atMs: NOW - 3_600_000,
  by: 'anna@harbour.example',
  note: 'switched “Mark what comes from outside” off',
  count: 3,
};
const VERSIONS = [
  VERSION,
  { number: 11, atMs: NOW - 90_000_000, by: 'operator', note: 'added “Our partners get through”', count: 3 },
  { number: 10, atMs: NOW - 400_000_000, by: 'anna@harbour.example', note: '', count: 2 },
];
const LISTS = [
  { name: 'bad-hashes', count: 2_114, sizeBytes: 140_000, atMs: NOW - 90_000_000, by: 'operator', usedBy: [] },
  {
    name: 'partners',
    count: 3,
    sizeBytes: 80,
    atMs: NOW - 7_200_000,
    by: 'anna@harbour.example',
    usedBy: ['Our partners get through'],
  },
];
const TRIAL = {
  messages: 412,
  oldestAtMs: NOW - 1_000_000_000,
  words: 'Would have quarantined 2 of 412; of 3 it cannot be said, for the text of messages is not kept.',
  rules: [{ ruleId: 'one', matched: 2, unknown: 3 }],
  examples: [
    {
      id: 'a',
      verdict: 'quarantine',
      atMs: NOW - 7_200_000,
      from: 'billing@strangers.example',
      to: 'anna@harbour.example',
    },
    { id: 'b', verdict: 'quarantine', atMs: NOW - 86_400_000, from: '<>', to: 'david@harbour.example' },
  ],
};
const ENTRIES = { name: 'partners', entries: ['partner.example', 'supplier.example', 'cleo@private.example'] };

const ANSWERS: readonly (readonly [path: string, answer: object])[] = [
  ['/rules', { ...VERSION, rules: RULES, words: WORDS }],
  ['/rules/versions', { versions: VERSIONS, next: null }],
  ['/rules/versions/11', { ...VERSIONS[1], rules: RULES, words: WORDS }],
  ['/rules/dry-run', TRIAL],
  ['/lists', { lists: LISTS, sizeBytes: 1, maxSizeBytes: 2 }],
  ['/lists/partners', ENTRIES],
];

export const FILTER_SCREENS: readonly Screen[] = [
  {
    name: 'filter-rules',
    open: async (page, { url }) => {
      await page.unrouteAll();
      for (const [path, answer] of ANSWERS)
        await page.route(`${API}${path}`, (route) => route.fulfill({ json: answer }));
      await page.goto(`${url}${FILTER}`);
      await page.getByText('Our partners get through').first().waitFor();
    },
  },
  {
    name: 'filter-form',
    open: async (page) => {
      await page.getByRole('button', { name: 'Change Our partners get through' }).click();
      await inSight(page, 'heading', 'Change Our partners get through');
    },
  },
  {
    name: 'filter-tried',
    open: async (page) => {
      await page.getByRole('button', { name: 'Add a condition' }).click();
      await page.getByLabel('Is one of').fill('@partner.example');
      await page.getByRole('button', { name: 'Try it on the last messages' }).click();
      await page.getByText('It applies to 2 of the last 412').waitFor();
      await inSight(page, 'button', 'Try it on the last messages');
    },
  },
  {
    name: 'filter-set-tried',
    open: async (page) => {
      await page.getByRole('button', { name: 'Try Dangerous attachment on the last messages' }).click();
      await page.getByText('It applies to 2 of the last 412').nth(1).waitFor();
      await inSight(page, 'heading', 'Built-in sets');
    },
  },
  {
    name: 'filter-json',
    open: async (page) => {
      await page.getByRole('button', { name: 'Leave it' }).click();
      await page.getByRole('button', { name: 'Change Invoices as archives' }).click();
      await page.getByLabel('Conditions as JSON').fill('{ "kind": "all"');
      await page.getByRole('button', { name: 'Save: in effect at once' }).first().click();
      await page.getByText('This is not JSON').waitFor();
      await inSight(page, 'heading', 'Change Invoices as archives');
    },
  },
  {
    name: 'filter-form-wrong',
    open: async (page) => {
      await page.getByRole('button', { name: 'Leave it' }).click();
      await page.getByRole('button', { name: 'Add a rule' }).click();
      await page.getByRole('button', { name: 'Add a condition' }).click();
      await page.getByLabel('What is looked at').selectOption('listed');
      await page.getByLabel('Then', { exact: true }).selectOption('tag');
      await page.getByRole('button', { name: 'Save: in effect at once' }).first().click();
      await page.getByText('Give the rule a name.').waitFor();
      await inSight(page, 'heading', 'A new rule');
    },
  },
  {
    name: 'filter-scanners',
    open: async (page) => {
      await page.getByRole('button', { name: 'Add a scanner' }).click();
      await page.getByLabel('What it is').selectOption('clamd');
      await page.getByLabel('TLS').selectOption('none');
      await inSight(page, 'heading', 'Spam and quarantine');
    },
  },
  {
    name: 'filter-lists',
    open: async (page) => {
      await page.getByRole('button', { name: 'Open partners' }).click();
      await page.getByLabel('Entries of partners').waitFor();
      await page.getByRole('button', { name: 'Look at version 11' }).click();
      await page.getByRole('button', { name: 'Let these hold again' }).waitFor();
      await inSight(page, 'heading', 'Lists');
    },
  },
  {
    name: 'filter-versions',
    open: async (page) => inSight(page, 'heading', 'Versions of your rules'),
  },
];

/** At the top of the screen: what is looked at is below the fold. */
async function inSight(page: Page, role: 'heading' | 'button', name: string): Promise<void> {
  await page
    .getByRole(role, { name })
    .first()
    .evaluate((element) => element.scrollIntoView({ block: 'start' }));
}

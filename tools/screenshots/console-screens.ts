/** The screens of the console: the operator's way in, every section, every state; then an administrator's view. */
import type { Page } from 'playwright-core';
import { FILTER_SCREENS } from './filter-screens.ts';
import { CONSOLE_QUARANTINE_SCREENS } from './quarantine-screens.ts';
import { REPLAY_SCREENS } from './replay-screens.ts';
import type { Screen } from './screen.ts';

const CLIENT = '/console/c/harbour';
const NOW = Date.now();
const QUARTER_HOUR_MS = 900_000;

/** States that a demo is not in just now: the real answer, with another health in it. */
const HEALTHS: Readonly<Record<string, object>> = {
  suspect: { state: 'suspect', nextProbeAtMs: NOW + 4_000, deferrals: heard('451 4.3.2 Please try again later', 0.25) },
  asked: { state: 'suspect', said: ['asked'], deferrals: heard('connect: connection refused', 1) },
  'tls-broken': { state: 'tls-broken', deferrals: heard('TLS: the certificate has expired', 0) },
  'refused-us': { state: 'refused-us', deferrals: heard('535 5.7.8 Authentication failed', 0) },
  down: {
    state: 'down',
    cause: { kind: 'threshold', why: '10 failures since the last success' },
    goodProbesInARow: 1,
    nextProbeAtMs: NOW + 20_000,
    deferrals: heard('connect: connection refused', 1),
  },
  recovering: { state: 'recovering', cause: { kind: 'declared', by: 'anna@harbour.example', reason: 'new disks' } },
};

function heard(what: string, weight: number): readonly object[] {
  return [90, 60, 42, 18].map((seconds) => ({ atMs: NOW - seconds * 1000, weight, what }));
}

const OUTAGE = {
  id: 'outage',
  kind: 'threshold',
  cause: '10 failures since the last success',
  openedBy: ['connect to 192.0.2.25 port 25: connection refused, 10 times in 96 s'],
  closedBy: [],
  detectedAtMs: NOW - QUARTER_HOUR_MS,
  mailboxesReadyAtMs: NOW - QUARTER_HOUR_MS + 4_000,
  mailboxes: 5,
  repairedAtMs: null,
  closedAtMs: null,
};

function nowIn(name: string): Screen {
  return {
    name: `now-${name}`,
    open: async (page, { url }) => {
      await page.unrouteAll();
      await page.route('**/api/v1/clients/harbour/status', async (route) => {
        const answer = await route.fetch();
        const status: unknown = await answer.json();
        if (typeof status !== 'object' || status === null || !('health' in status)) throw new Error('no status came');
        const { health, ...rest } = status;
        if (typeof health !== 'object') throw new Error('no health came');
        const isOpen = name === 'down' || name === 'recovering';
        await route.fulfill({
          json: {
            ...rest,
            health: { ...health, said: [], cause: null, sinceMs: NOW - QUARTER_HOUR_MS, ...HEALTHS[name] },
            outage: isOpen ? OUTAGE : null,
            ...(isOpen
              ? {
                  spool: { waiting: 1_204, inMailboxes: 1_204, held: 0, uncertain: 1, quarantined: 3 },
                  replay: { waiting: 1_204, replayed: 0, messagesPerMinute: 120 },
                }
              : {}),
          },
        });
      });
      await page.goto(`${url}${CLIENT}`);
      await page.getByRole('heading', { name: 'Kept here' }).waitFor();
    },
  };
}

function section(name: string, heading: string): Screen {
  return {
    name,
    open: async (page, { url }) => {
      await page.unrouteAll();
      // By the link, as a person comes: a page that opens only afresh is broken.
      if (!page.url().startsWith(`${url}${CLIENT}`)) await page.goto(`${url}${CLIENT}`);
      await page.locator(`nav a[href="${CLIENT}/${name}"]`).click();
      await page.getByRole('heading', { name: heading }).waitFor();
      // Every part that is still on its way keeps such a place for itself (src/web/shared/opening.tsx).
      await page.locator('main .min-h-40[role=status]').first().waitFor({ state: 'detached' });
    },
  };
}

export const CONSOLE_SCREENS: readonly Screen[] = [
  {
    name: 'console-log-in',
    open: async (page, { url }) => {
      await page.goto(`${url}/console`);
      await page.getByRole('heading', { name: 'Log in to the console' }).waitFor();
    },
  },
  {
    name: 'console-log-in-operator',
    open: async (page) => {
      await page.getByRole('button', { name: 'I am the operator' }).click();
      await page.getByLabel('Operator token').fill('not the token');
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'clients',
    open: async (page, { token }) => {
      await page.getByLabel('Operator token').fill(token);
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByRole('heading', { name: 'Clients' }).waitFor();
      await page.getByRole('listitem').first().waitFor();
    },
  },
  {
    name: 'now',
    open: async (page) => {
      await page.getByRole('link', { name: 'Harbour Ltd' }).click();
      await page.getByRole('heading', { name: 'Kept here' }).waitFor();
    },
  },
  {
    name: 'declare',
    open: async (page) => {
      await page.getByRole('button', { name: 'Declare a failure' }).click();
      await page.getByRole('alertdialog').waitFor();
      await page.getByText('could log in now').waitFor();
    },
  },
  ...Object.keys(HEALTHS).map(nowIn),
  section('replay', 'Order'),
  ...REPLAY_SCREENS,
  section('filter', 'Built-in sets'),
  ...FILTER_SCREENS,
  section('quarantine', 'In quarantine'),
  ...CONSOLE_QUARANTINE_SCREENS,
  section('timeline', 'Every line, newest first'),
  section('gateways', 'The list'),
  {
    name: 'gateways-form',
    open: async (page) => {
      await page.getByRole('button', { name: 'Add a mail server' }).click();
      await page.getByText('OAuth2', { exact: true }).click();
      await page.getByRole('button', { name: 'Save: in effect at once' }).click();
      await page.getByText('Enter a host name').waitFor();
    },
  },
  section('thresholds', 'When trouble counts as a failure'),
  {
    name: 'thresholds-wrong',
    open: async (page) => {
      await page.getByText('Eager', { exact: true }).click();
      await page.getByLabel('Amount (failures)').fill('0');
    },
  },
  section('maintenance', 'Plan work'),
  {
    name: 'maintenance-weekly',
    open: async (page) => {
      await page.getByText('Every week', { exact: true }).click();
      await page.getByRole('button', { name: 'Plan it' }).click();
    },
  },
  section('preflight', 'How tests are sent'),
  section('modes', 'How the server is looked at'),
  section('world', 'The queue'),
  section('returns', 'Gone back'),
  section('notices', 'By webhook'),
  section('people', 'Ready for an emergency'),
  {
    name: 'people-group',
    open: async (page) => {
      await page.getByRole('button', { name: 'Set group' }).first().click();
      await page.getByRole('button', { name: 'Leave it as it is' }).waitFor();
    },
  },
  section('audit', 'Who changed what'),
  {
    name: 'no-such-client',
    open: async (page, { url }) => {
      await page.goto(`${url}/console/c/nobody`);
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'console-admin',
    open: async (page, { url, address, password }) => asAdmin(page, url, { address, password }),
  },
];

type Credentials = { readonly address: string; readonly password: string };

async function asAdmin(page: Page, url: string, { address, password }: Credentials): Promise<void> {
  await page.goto(`${url}/console`);
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByLabel('Email address').fill(address);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Kept here' }).waitFor();
}

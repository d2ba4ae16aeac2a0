/** The quarantine, in the console and in the webmail: the demo client has nothing in it, or whatever was tried, so the answers are ours. */
import type { Page } from 'playwright-core';
import type { Screen } from './screen.ts';

const NOW = Date.now();
const DAY_MS = 86_400_000;

const MESSAGES = [
  message('1', {
    subject: 'Your parcel is waiting: confirm the address within 24 hours or it goes back to the sender',
    from: { name: 'Parcel Service', address: 'no-reply@parcel-confirm.example' },
    reason: 'the spam score is 90 or more',
    cause: 'spam',
    spamScore: 97,
    daysAgo: 0,
  }),
  message('2', {
    subject: 'Invoice 2093',
    from: { name: 'Anna Harbour', address: 'anna.harbour@mail.world.example' },
    reason: 'the name of one of your people, from another address',
    cause: 'threat',
    spamScore: 64,
    daysAgo: 2,
  }),
  message('3', {
    subject: '',
    from: { name: '', address: 'odd@world.example' },
    reason: 'looked at by hand',
    cause: 'rule',
    spamScore: null,
    daysAgo: 40,
  }),
];

const CONTENT = {
  ...MESSAGES[0],
  to: [{ name: '', address: 'anna@harbour.example' }],
  cc: [],
  text: 'Dear customer,\n\nyour parcel could not be delivered. Confirm your address here:\nhttps://parcel-confirm.example/now\n',
  hasHtml: true,
  attachments: [{ index: 0, fileName: 'parcel-label.html', sizeBytes: 4_210 }],
  notShown: null,
};

export const CONSOLE_QUARANTINE_SCREENS: readonly Screen[] = [
  {
    name: 'quarantine-empty',
    open: async (page) => {
      await answer(page, '**/api/v1/clients/harbour/quarantine*', { messages: [], next: null });
      await page.reload();
      await page.getByText('Nothing is in quarantine.').waitFor();
    },
  },
  {
    name: 'quarantine',
    open: async (page) => {
      await answer(page, '**/api/v1/clients/harbour/quarantine*', { messages: MESSAGES, next: 'more' });
      await page.getByLabel('Came').selectOption('week');
      await page.getByText('Invoice 2093').first().waitFor();
    },
  },
  {
    name: 'quarantine-chosen',
    open: async (page) => {
      await answer(page, '**/api/v1/clients/harbour/quarantine/1', CONTENT);
      await page.getByLabel('All that are shown').check();
      await page
        .getByRole('button', { name: /^Look at it/ })
        .first()
        .click();
      await page.getByText('Shown safely').waitFor();
    },
  },
  {
    name: 'quarantine-warning',
    open: async (page) => {
      await page.getByRole('button', { name: /parcel-label/ }).click();
      await page.getByRole('button', { name: 'I know, save it' }).waitFor();
    },
  },
  {
    name: 'quarantine-let-out',
    open: async (page) => {
      await page.getByRole('button', { name: 'Leave it there' }).click();
      await page.getByRole('button', { name: 'Let 3 messages out' }).click();
      await page.getByRole('alertdialog').waitFor();
    },
  },
  {
    name: 'quarantine-delete',
    open: async (page) => {
      await page.getByRole('button', { name: 'Keep them' }).click();
      await page
        .getByRole('button', { name: /^Delete/ })
        .first()
        .click();
      await page.getByRole('alertdialog').waitFor();
    },
  },
  {
    name: 'quarantine-no-answer',
    open: async (page) => {
      await page.getByRole('button', { name: 'Keep it' }).click();
      await page.unrouteAll();
      await page.route('**/api/v1/clients/harbour/quarantine*', (route) => route.abort());
      await page.getByLabel('Came').selectOption('day');
      await page.getByRole('alert').waitFor({ timeout: 20_000 });
      await page.unrouteAll();
    },
  },
];

export const MAIL_QUARANTINE_SCREENS: readonly Screen[] = [
  {
    name: 'message-junk',
    open: async (page, { url }) => {
      await page.unrouteAll();
      await page.route('**/api/mail/messages/*/junk', (route) => route.fulfill({ json: { judged: 'spam' } }));
      await page.goto(`${url}/mail`);
      await page.locator('a[data-message]').first().click();
      await page.getByRole('button', { name: 'Junk' }).click();
      await page.getByText('You have marked this as junk').waitFor();
    },
  },
  {
    name: 'quarantine-own',
    open: async (page, { url }) => {
      await page.unrouteAll();
      await page.route('**/api/mail/me', async (route) => {
        const me: object = await (await route.fetch()).json();
        await route.fulfill({ json: { ...me, quarantine: { users: 'release', count: 3 } } });
      });
      await answer(page, '**/api/mail/quarantine*', { messages: MESSAGES, next: null });
      await page.goto(`${url}/mail/quarantine`);
      await page.getByText('Invoice 2093').first().waitFor();
    },
  },
  {
    name: 'quarantine-own-message',
    open: async (page) => {
      await answer(page, '**/api/mail/quarantine/1', CONTENT);
      await page.getByText('Your parcel is waiting').first().click();
      await page.getByText('Shown safely').waitFor();
    },
  },
  {
    name: 'quarantine-own-dangerous',
    open: async (page, { url }) => {
      await answer(page, '**/api/mail/quarantine/2', { ...CONTENT, ...MESSAGES[1], mayRelease: false });
      await page.goto(`${url}/mail/quarantine/2`);
      await page.getByText('only your administrator').waitFor();
    },
  },
  {
    name: 'quarantine-own-empty',
    open: async (page, { url }) => {
      await answer(page, '**/api/mail/quarantine*', { messages: [], next: null });
      await page.goto(`${url}/mail/quarantine`);
      await page.getByText('Nothing is kept back for you').waitFor();
      await page.unrouteAll();
    },
  },
];

async function answer(page: Page, url: string, json: object): Promise<void> {
  await page.route(url, (route) => route.fulfill({ json }));
}

type Told = {
  readonly subject: string;
  readonly from: { readonly name: string; readonly address: string };
  readonly reason: string;
  readonly cause: string;
  readonly spamScore: number | null;
  readonly daysAgo: number;
};

function message(id: string, { daysAgo, ...told }: Told) {
  const receivedAtMs = NOW - daysAgo * DAY_MS - 600_000;
  return {
    ...told,
    id,
    direction: 'inbound',
    recipient: 'anna@harbour.example',
    receivedAtMs,
    sizeBytes: 24_300,
    ruleId: 'r1',
    mayRelease: true,
    deletableFromMs: receivedAtMs + 30 * DAY_MS,
  };
}

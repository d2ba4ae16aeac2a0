/** The screens of the webmail, in the order in which one leads to the next. */
import type { Page } from 'playwright-core';
import { MAIL_QUARANTINE_SCREENS } from './quarantine-screens.ts';
import type { Screen } from './screen.ts';

// How many of the newest messages are looked through for one with HTML.
const LOOKED_AT = 20;

export const MAIL_SCREENS: readonly Screen[] = [
  {
    name: 'log-in',
    open: async (page, { url }) => {
      await page.goto(`${url}/mail`);
      await page.getByRole('heading', { name: 'Log in to your mail' }).waitFor();
    },
  },
  {
    name: 'log-in-refused',
    open: async (page, { address }) => {
      await fillIn(page, address, 'not the password');
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'inbox',
    open: async (page, { address, password }) => {
      await fillIn(page, address, password);
      await page.getByTitle('This page looks for new mail every 5 seconds').waitFor();
    },
  },
  { name: 'message', open: async (page, { url }) => openMessage(page, url, 'text') },
  { name: 'message-html', open: async (page, { url }) => openMessage(page, url, 'html') },
  {
    name: 'sent',
    open: async (page, { url }) => {
      await page.goto(`${url}/mail/sent`);
      await page.getByTitle('This page looks for new mail every 5 seconds').waitFor();
    },
  },
  {
    name: 'write',
    open: async (page, { url }) => {
      await page.goto(`${url}/mail/compose`);
      await page.getByRole('heading', { name: /New message|Writing is closed/ }).waitFor();
      const to = page.getByLabel('To', { exact: true });
      if (!(await to.isVisible())) return;
      await to.pressSequentially('a');
      await page
        .getByRole('option')
        .first()
        .waitFor({ timeout: 3000 })
        .catch(() => undefined);
    },
  },
  {
    name: 'shortcuts',
    open: async (page, { url }) => {
      await page.goto(`${url}/mail`);
      await page.getByTitle('This page looks for new mail every 5 seconds').waitFor();
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
  ...MAIL_QUARANTINE_SCREENS,
  {
    name: 'empty',
    open: async (page, { url }) => {
      await page.route('**/api/mail/messages?*', (route) => route.fulfill({ json: { messages: [], next: null } }));
      await page.goto(`${url}/mail`);
      await page.getByTitle('This page looks for new mail every 5 seconds').waitFor();
    },
  },
  {
    name: 'no-answer',
    open: async (page, { url }) => {
      await page.unrouteAll();
      await page.route('**/api/mail/messages?*', (route) => route.abort());
      await page.goto(`${url}/mail`);
      await page.getByRole('alert').waitFor();
    },
  },
];

async function fillIn(page: Page, address: string, password: string): Promise<void> {
  await page.getByLabel('Email address').fill(address);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

async function openMessage(page: Page, url: string, form: 'text' | 'html'): Promise<void> {
  // Run in the page, because only the page has the session's cookie.
  const id: unknown = await page.evaluate(`(async () => {
    const get = async (path) => (await fetch('/api/mail/messages' + path)).json();
    const { messages } = await get('?folder=inbox&limit=${LOOKED_AT}');
    for (const { id } of messages) if ((await get('/' + id)).hasHtml === ${form === 'html'}) return id;
    return messages[0]?.id;
  })()`);
  if (typeof id !== 'string') throw new Error('the inbox is empty: send a few messages first');
  await page.goto(`${url}/mail/m/${encodeURIComponent(id)}`);
  await page.locator('article h2').waitFor();
  await page.waitForLoadState('networkidle');
}

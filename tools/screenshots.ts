/**
 * `npm run screenshots -- --url URL --address A --password P --out DIR`: walks through the webmail of a running stack
 * (`npm start`) in a real browser, saves every screen in light and dark, wide and at 390 px, and holds each against axe-core.
 * Ends with 1 when axe finds anything. It sends nothing and changes nothing, save that the messages it opens count as read.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import chromium from '@sparticuz/chromium';
import axe from 'axe-core';
import { type Browser, chromium as driver, type Page } from 'playwright-core';

type Login = { readonly url: string; readonly address: string; readonly password: string };
type Look = {
  readonly name: string;
  readonly colours: 'light' | 'dark';
  readonly width: number;
  readonly height: number;
};
type Screen = { readonly name: string; readonly open: (page: Page, login: Login) => Promise<void> };

const LOOKS: readonly Look[] = [
  { name: 'light', colours: 'light', width: 1360, height: 850 },
  { name: 'dark', colours: 'dark', width: 1360, height: 850 },
  { name: 'phone-light', colours: 'light', width: 390, height: 844 },
  { name: 'phone-dark', colours: 'dark', width: 390, height: 844 },
];

// Not the package's own list: that one runs everything in one process and switches off the same-origin policy we rely on.
const BROWSER_FLAGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
// How many of the newest messages are looked through for one with HTML.
const LOOKED_AT = 20;

const SCREENS: readonly Screen[] = [
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

async function walk(browser: Browser, look: Look, login: Login, out: string): Promise<readonly string[]> {
  const { colours, width, height } = look;
  const isPhone = width < 768;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: colours,
    isMobile: isPhone,
    hasTouch: isPhone,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.on('dialog', (dialog) => void dialog.accept());
  const found: string[] = [];
  for (const screen of SCREENS) {
    await screen.open(page, login);
    await page.screenshot({ path: join(out, `${screen.name}-${look.name}.png`) });
    found.push(...(await violations(page)).map((violation) => `${screen.name}, ${look.name}: ${violation}`));
  }
  await context.close();
  return found;
}

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found: unknown = await page.evaluate(
    `axe.run(document, { iframes: false }).then(({ violations }) => violations.map(({ id, nodes }) => id + ' at ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`,
  );
  if (!Array.isArray(found)) throw new Error('axe-core gave no answer');
  return found.map(String);
}

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:8787' },
    address: { type: 'string' },
    password: { type: 'string' },
    out: { type: 'string' },
  },
});
const { url, address, password, out } = values;
if (address === undefined || password === undefined || out === undefined) {
  process.stderr.write('npm run screenshots -- [--url URL] --address ADDRESS --password PASSWORD --out DIR\n');
  process.exit(2);
}
await mkdir(out, { recursive: true });
const browser = await driver.launch({ executablePath: await chromium.executablePath(), args: BROWSER_FLAGS });
try {
  const found: string[] = [];
  for (const look of LOOKS) found.push(...(await walk(browser, look, { url, address, password }, out)));
  for (const line of found) process.stderr.write(`axe: ${line}\n`);
  process.stdout.write(`${LOOKS.length * SCREENS.length} screens in ${out}; axe found ${found.length} violations\n`);
  process.exitCode = found.length === 0 ? 0 : 1;
} finally {
  await browser.close();
}

/**
 * `npm run screenshots -- --url URL --address A --password P --out DIR`: walks through the webmail of a running stack
 * (`npm start`) in a real browser, saves every screen in light and dark, wide and at 390 px, and holds each against axe-core.
 * With `--screens console --token T` it walks through the console instead; the address must be an administrator's.
 * Ends with 1 when axe finds anything. It sends nothing and changes nothing, save that the messages it opens count as read.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import chromium from '@sparticuz/chromium';
import axe from 'axe-core';
import { type Browser, chromium as driver, type Page } from 'playwright-core';
import { CONSOLE_SCREENS } from './screenshots/console-screens.ts';
import { MAIL_SCREENS } from './screenshots/mail-screens.ts';
import type { Login, Screen } from './screenshots/screen.ts';

type Look = {
  readonly name: string;
  readonly colours: 'light' | 'dark';
  readonly width: number;
  readonly height: number;
};

const LOOKS: readonly Look[] = [
  { name: 'light', colours: 'light', width: 1360, height: 850 },
  { name: 'dark', colours: 'dark', width: 1360, height: 850 },
  { name: 'phone-light', colours: 'light', width: 390, height: 844 },
  { name: 'phone-dark', colours: 'dark', width: 390, height: 844 },
];

// Not the package's own list: that one runs everything in one process and switches off the same-origin policy we rely on.
const BROWSER_FLAGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
type Tour = { readonly screens: readonly Screen[]; readonly login: Login; readonly out: string };

async function walk(browser: Browser, look: Look, { screens, login, out }: Tour): Promise<readonly string[]> {
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
  for (const screen of screens) {
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
    token: { type: 'string' },
    screens: { type: 'string', default: 'mail' },
  },
});
const { url, address, password, out, screens, token = '' } = values;
const isKnown = screens === 'mail' || (screens === 'console' && token !== '');
if (address === undefined || password === undefined || out === undefined || !isKnown) {
  process.stderr.write(
    'npm run screenshots -- [--url URL] --address ADDRESS --password PASSWORD --out DIR [--screens console --token OPERATORTOKEN]\n',
  );
  process.exit(2);
}
const tour: Tour = {
  screens: screens === 'console' ? CONSOLE_SCREENS : MAIL_SCREENS,
  login: { url, address, password, token },
  out,
};
await mkdir(out, { recursive: true });
const browser = await driver.launch({ executablePath: await chromium.executablePath(), args: BROWSER_FLAGS });
try {
  const found: string[] = [];
  for (const look of LOOKS) found.push(...(await walk(browser, look, tour)));
  for (const line of found) process.stderr.write(`axe: ${line}\n`);
  process.stdout.write(
    `${LOOKS.length * tour.screens.length} screens in ${out}; axe found ${found.length} violations\n`,
  );
  process.exitCode = found.length === 0 ? 0 : 1;
} finally {
  await browser.close();
}

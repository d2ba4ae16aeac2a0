/** The replay in courses that a demo is not in just now: the real answer, with other numbers in it. */
import type { Page } from 'playwright-core';
import type { Screen } from './screen.ts';

const REPLAY = '/console/c/harbour/replay';
const NOW = Date.now();

const MIDDLE = {
  waiting: 1_204,
  waitingBytes: 84_000_000,
  paused: 120,
  delayed: 14,
  replayed: 830,
  held: 3,
  connections: 4,
  ceiling: 5,
  easedBy: 1,
  messagesPerMinute: 58.4,
  bytesPerMinute: 4_100_000,
  endsAtMs: NOW + 1_240_000,
  turns: [
    { recipient: 'anna@harbour.example', turn: 'first' },
    { recipient: 'david@harbour.example', turn: 'paused' },
  ],
};

const PAUSED = {
  ...MIDDLE,
  hold: { atMs: NOW - 90_000, by: 'anna@harbour.example', reason: 'the archive is being moved until noon' },
};

const HELD = [
  {
    id: 'held-1',
    kind: 'inbound',
    fromName: 'Harbour Master',
    fromAddress: 'master@port.example',
    subject: 'Berth plan for the week, with the changes of yesterday',
    recipient: 'anna@harbour.example',
    receivedAt: NOW - 3_600_000,
    sizeBytes: 48_000,
    detail: '550 5.1.1 <anna@harbour.example>: User unknown',
  },
  {
    id: 'held-2',
    kind: 'outbound',
    fromName: 'Anna Berg',
    fromAddress: 'anna@harbour.example',
    subject: 'The deposit',
    recipient: 'desk@hotel.example',
    receivedAt: NOW - 600_000,
    sizeBytes: 1_900,
    detail: 'rule Numbers leaving: it has a card number in it',
  },
];

export const REPLAY_SCREENS: readonly Screen[] = [
  { name: 'replay-paused', open: async (page, { url }) => openIn(page, url, PAUSED) },
  {
    name: 'held',
    open: async (page, { url }) => {
      await page.unrouteAll();
      await page.route('**/api/v1/clients/harbour/held', (route) => route.fulfill({ json: { held: HELD } }));
      await page.route('**/api/v1/clients/harbour/status', async (route) => {
        const status = await (await route.fetch()).json();
        await route.fulfill({ json: { ...status, spool: { ...status.spool, held: HELD.length } } });
      });
      await page.goto(`${url}/console/c/harbour`);
      await page.getByText('The deposit').waitFor();
    },
  },
  { name: 'replay-running', open: async (page, { url }) => openIn(page, url, MIDDLE) },
  {
    name: 'replay-pause',
    open: async (page) => {
      await page.getByRole('button', { name: 'Pause', exact: true }).click();
      await page.getByRole('button', { name: 'Pause it' }).click();
      await page.getByText('Say why, in a few words.').waitFor();
    },
  },
];

async function openIn(page: Page, url: string, course: object): Promise<void> {
  await page.unrouteAll();
  await page.route('**/api/v1/clients/harbour/replay', async (route) => {
    const answer = await route.fetch();
    const replay: unknown = await answer.json();
    if (typeof replay !== 'object' || replay === null) throw new Error('no replay came');
    await route.fulfill({ json: { ...replay, ...course } });
  });
  await page.goto(`${url}${REPLAY}`);
  await page.getByRole('progressbar').waitFor();
}

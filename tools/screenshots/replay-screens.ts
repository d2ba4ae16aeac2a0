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

export const REPLAY_SCREENS: readonly Screen[] = [
  { name: 'replay-paused', open: async (page, { url }) => openIn(page, url, PAUSED) },
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

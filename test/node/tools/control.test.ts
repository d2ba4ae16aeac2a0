/** Breaking the demo servers by HTTP while `npm start` runs. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type MailServer, startMailServer } from '../../../tools/stack/mail-server.ts';
import { freePort } from '../../../tools/stack/ports.ts';
import { type Control, startControl } from '../../../tools/start/control.ts';

let gateway: MailServer;
let control: Control;
let url: string;
let said: string[];

beforeEach(async () => {
  said = [];
  gateway = await startMailServer({ name: 'mail.harbour.example', port: 0 });
  const port = await freePort();
  control = await startControl(port, { gateway, relay: undefined }, (line) => said.push(line));
  url = `http://127.0.0.1:${port}`;
});

afterEach(async () => {
  await control.close();
  await gateway.close();
});

const post = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${url}${path}`, { method: 'POST', headers });

it('stops a server, breaks it in another way, and starts it again', async () => {
  await post('/gateway/stop');
  expect(gateway.fault()).toBe('refuse');
  await post('/gateway/stop?fault=hang');
  expect(gateway.fault()).toBe('hang');
  const answer = await post('/gateway/start');
  expect(await answer.json()).toEqual({
    gateway: { port: gateway.port, state: 'works', messages: 0 },
    relay: 'not ours',
  });
  expect(said).toHaveLength(3);
});

const refused: readonly (readonly [string, string, Record<string, string>, number])[] = [
  ['an unknown fault', '/gateway/stop?fault=flood', {}, 422],
  ['a server that is not ours', '/relay/stop', {}, 409],
  ['an unknown path', '/gateway/explode', {}, 404],
  ['a page in a browser', '/gateway/stop', { origin: 'https://elsewhere.example' }, 404],
];
it.each(refused)('refuses %s and changes nothing', async (_name, path, headers, status) => {
  expect((await post(path, headers)).status).toBe(status);
  expect(gateway.fault()).toBeUndefined();
});

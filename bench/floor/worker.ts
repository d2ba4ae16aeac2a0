/** The floor beside which the replay is measured: the same SMTP session in the same runtime, with no spool behind it. */
import { NULL_REVERSE_PATH, parseAddress } from '../../src/core/address.ts';
import { openSession } from '../../src/smtp/session.ts';
import { PATIENT_TIMEOUTS } from '../../src/smtp/timeouts.ts';
import type { FloorOrder } from './order.ts';

type Environment = { readonly CONTENT: R2Bucket };

const KEY = 'content';

export default {
  /** Answers when everything has been taken; 500 with the first outcome that was something else. */
  async fetch(request: Request, env: Environment): Promise<Response> {
    if (request.method === 'GET') return new Response('ready');
    const order = (await request.json()) as FloorOrder;
    const left = { count: order.messages };
    const bytes = new TextEncoder().encode(order.content);
    if (order.bytes === 'in-r2') await env.CONTENT.put(KEY, bytes);
    const read = order.bytes === 'in-r2' ? () => fetched(env) : () => Promise.resolve(bytes);
    const outcomes = await Promise.all(Array.from({ length: order.connections }, () => giveAll(order, left, read)));
    const bad = outcomes.find((outcome) => outcome !== undefined);
    return new Response(bad ?? 'all taken', { status: bad === undefined ? 200 : 500 });
  },
};

type Read = () => Promise<Uint8Array>;

async function giveAll(order: FloorOrder, left: { count: number }, read: Read): Promise<string | undefined> {
  const settings = { heloName: 'floor.breakwater.test', timeouts: PATIENT_TIMEOUTS };
  const opened = await openSession({ host: '127.0.0.1', port: order.port, tls: 'none' }, settings);
  const recipient = parseAddress('anna@harbour.example');
  if (opened.kind === 'failed' || recipient === undefined) return JSON.stringify(opened);
  const head = new TextEncoder().encode(order.head);
  while (left.count > 0) {
    left.count -= 1;
    const envelope = { reversePath: NULL_REVERSE_PATH, recipient };
    const outcome = await opened.session.send(envelope, { head, body: await read() });
    if (outcome.kind !== 'delivered') return JSON.stringify(outcome);
  }
  await opened.session.close();
  return undefined;
}

async function fetched({ CONTENT }: Environment): Promise<Uint8Array> {
  const object = await CONTENT.get(KEY);
  if (object === null) throw new Error('the content is not in R2');
  return new Uint8Array(await object.arrayBuffer());
}

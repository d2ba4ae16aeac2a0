/**
 * `POST /ingest`: the second front, for mail that reaches us by an SMTP server of the client's (or of the local stack). One
 * recipient per request, the envelope in headers, the raw message as the body with its Content-Length. The answer carries the
 * SMTP reply the front must give: only one that begins with 5 may be permanent, everything else is temporary (P2).
 */
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { parseAddress, parseReversePath } from '../core/address.ts';
import { problemOf } from '../core/problem-of.ts';
import { formatReply } from '../core/reply.ts';
import type { Incoming, Receipt } from '../pipeline/arrival.ts';
import { bearer } from './bearer.ts';
import type { HttpNeeds } from './needs.ts';

// What Cloudflare Email Routing takes (platform.md 4); both fronts are alike. Larger mail would never get through at all.
export const MAX_MESSAGE_BYTES = 26_214_400;

export function ingest(needs: HttpNeeds): Hono {
  const app = new Hono();
  app.use(bearer(needs.ingestToken, 'ingest token'));
  app.post('/', async (context) => {
    const incoming = parseIncoming(context);
    if ('reply' in incoming) return answer(context, incoming);
    try {
      return answer(context, replyFor(await needs.receive(incoming)));
    } catch (cause) {
      needs.log({ kind: 'trouble', where: 'ingest', problem: problemOf(cause) });
      return answer(context, { status: 503, reply: '451 4.3.0 Not stored; please try again' });
    }
  });
  return app;
}

type Answer = {
  readonly status: 200 | 400 | 413 | 422 | 503;
  readonly reply: string;
  readonly disposition?: string;
  readonly id?: string;
};

function answer(context: Context, { status, ...body }: Answer): Response {
  return context.json(body, status);
}

function parseIncoming(context: Context): Incoming | Answer {
  const header = (name: string) => decoded(context.req.header(name));
  const recipient = parseAddress(header('x-breakwater-rcpt-to') ?? '');
  const reversePath = parseReversePath(header('x-breakwater-mail-from') ?? '');
  const sizeBytes = Number(context.req.header('content-length') ?? Number.NaN);
  const raw = context.req.raw.body;
  if (recipient === undefined)
    return { status: 400, reply: '451 4.5.2 X-Breakwater-Rcpt-To is missing or not an address' };
  if (reversePath === undefined) return { status: 400, reply: '451 4.5.2 X-Breakwater-Mail-From is not an address' };
  if (!Number.isSafeInteger(sizeBytes) || raw === null)
    return { status: 400, reply: '451 4.5.2 Content-Length and a body are needed' };
  if (sizeBytes > MAX_MESSAGE_BYTES) return { status: 413, reply: '552 5.3.4 Message too large' };
  return {
    recipient,
    reversePath,
    sizeBytes,
    raw,
    // Never empty: mail without a greeting came by the platform, whose own header block is believed then (pipeline/vouch.ts).
    origin: { helo: header('x-breakwater-helo') || 'unknown', remoteIp: header('x-breakwater-remote-ip') ?? '' },
    recipients: Math.max(1, Number(header('x-breakwater-recipients') ?? 1) || 1),
    ...placeOf(context.req.raw),
    ...countryOf(header('x-breakwater-country')),
  };
}

const cfSchema = z.object({
  latitude: z.coerce.number().min(-90).max(90),
  longitude: z.coerce.number().min(-180).max(180),
});

/** Where the front is, by the platform's reckoning: the data centre it reached, and we with it, are near. Absent in local runs. */
function placeOf(request: Request): Pick<Incoming, 'place'> {
  const parsed = cfSchema.safeParse('cf' in request ? request.cf : undefined);
  return parsed.success ? { place: parsed.data } : {};
}

/** Of the sending address, where the front can look it up (ISO 3166-1 alpha-2): for rules only. */
function countryOf(code = ''): Pick<Incoming, 'country'> {
  return /^[A-Za-z]{2}$/.test(code) ? { country: code.toUpperCase() } : {};
}

/** Fronts percent-encode what a header cannot carry (RFC 6531 addresses). */
function decoded(value: string | undefined): string | undefined {
  try {
    return value === undefined ? undefined : decodeURIComponent(value);
  } catch {
    return value;
  }
}

function replyFor(receipt: Receipt): Answer {
  switch (receipt.kind) {
    case 'delivered':
    case 'spooled':
    case 'quarantined':
    case 'discarded':
      return { status: 200, disposition: receipt.kind, id: receipt.id, reply: `250 2.0.0 Accepted as ${receipt.id}` };
    case 'refused':
      return { status: 422, reply: formatReply(receipt.reply) };
    case 'not-taken':
      return { status: 503, reply: `451 4.3.5 ${receipt.why}` };
  }
}

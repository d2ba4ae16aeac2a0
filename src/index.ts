/** The Worker's entry: email(), fetch(), scheduled(), and the three object classes with their dependencies put in. */
import { type Composition, compose, composeClientObject, composeWatchObject } from './compose.ts';
import { parseAddress, parseReversePath } from './core/address.ts';
import { formatReply } from './core/reply.ts';
import { ClientObjectBase } from './durable/client-object.ts';
import { DomainObjectBase } from './durable/domain-object.ts';
import { WatchObjectBase } from './durable/watch-object.ts';
import type { Bindings } from './env.ts';
import { createApp } from './http/app.ts';
import type { Receipt } from './pipeline/arrival.ts';
import { receive } from './pipeline/receive.ts';

export class ClientObject extends ClientObjectBase {
  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env, composeClientObject(env));
  }
}

export class DomainObject extends DomainObjectBase {}

export class WatchObject extends WatchObjectBase {
  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env, composeWatchObject(env));
  }
}

export default {
  async email(message, env): Promise<void> {
    const recipient = parseAddress(message.to);
    const reversePath = parseReversePath(message.from);
    if (recipient === undefined || reversePath === undefined) return leaveWithSender('the envelope cannot be read');
    const { raw, rawSize: sizeBytes } = message;
    // The platform keeps HELO and address in the Received header it prepends; ours says only what we know ourselves.
    const incoming = { recipient, reversePath, raw, sizeBytes, origin: { helo: '', remoteIp: '' }, recipients: 1 };
    conclude(message, await receive(incoming, composed(env).receive));
  },

  async fetch(request, env, ctx): Promise<Response> {
    return appOf(env).fetch(request, env, ctx);
  },

  async scheduled(_controller, env): Promise<void> {
    await composed(env).pushUnpushed();
  },
} satisfies ExportedHandler<Bindings>;

/** Returning accepts, `setReject` bounces, throwing leaves the message with its sender: nothing else exists (platform.md 1, 2). */
function conclude(message: ForwardableEmailMessage, receipt: Receipt): void {
  switch (receipt.kind) {
    case 'delivered':
    case 'spooled':
    case 'quarantined':
    case 'discarded':
      return;
    case 'refused':
      message.setReject(formatReply(receipt.reply));
      return;
    case 'not-taken':
      leaveWithSender(receipt.why);
  }
}

/** The platform has no temporary rejection; an error thrown from email() is answered 4xx, and the sender tries again. */
function leaveWithSender(why: string): never {
  throw new Error(`left with the sender: ${why}`);
}

// One composition per isolate, so that what is remembered between messages is remembered.
const compositions = new WeakMap<object, { readonly composition: Composition; app?: ReturnType<typeof createApp> }>();

function composed(env: Bindings): Composition {
  return entryFor(env).composition;
}

function appOf(env: Bindings): ReturnType<typeof createApp> {
  const entry = entryFor(env);
  entry.app ??= createApp(entry.composition.http);
  return entry.app;
}

function entryFor(env: Bindings) {
  const known = compositions.get(env);
  if (known !== undefined) return known;
  const entry = { composition: compose(env) };
  compositions.set(env, entry);
  return entry as { readonly composition: Composition; app?: ReturnType<typeof createApp> };
}

/** One file through the whole filter, as it runs in the service (pipeline/filter.ts). */
import { readFileSync, statSync } from 'node:fs';
import { createLookUp } from '../../src/adapters/dns-records.ts';
import { parseClientId } from '../../src/core/ids.ts';
import {
  type Direction,
  type EnvelopeFacts,
  type InspectedFacts,
  NOT_AUTHENTICATED,
} from '../../src/core/message-facts.ts';
import { baseModel } from '../../src/filter/base-model.ts';
import { createInspector } from '../../src/filter/inspect.ts';
import { type AuthenticateNeeds, authenticate } from '../../src/pipeline/authenticate.ts';
import { type Filtered, type FilterNeeds, filter } from '../../src/pipeline/filter.ts';
import type { StartTimer } from '../../src/pipeline/timer.ts';
import { authenticationOf, type Recorded, recordedOf, WrongInput } from '../evaluate-filter/mail.ts';
import type { InspectFlags } from './flags.ts';
import type { Terms } from './plan.ts';

const CHUNK = 65_536;

export async function judge(flags: InspectFlags, terms: Terms): Promise<Filtered> {
  const { file, direction } = flags;
  const bytes = contentOf(file);
  const inspected = inspect(bytes);
  const recorded = recordedOf(file);
  const subject = {
    id: file,
    // The log names it, and there is none.
    clientId: anyClient(),
    direction,
    receivedAt: Date.now(),
    envelope: envelopeOf(flags.envelope, recorded, inspected),
    sizeBytes: bytes.length,
    inspected,
    content: async () => bytes,
  };
  const ownDomains = terms.ownDomains ?? domainsOf(subject);
  return filter(subject, { ...terms, ownDomains, model: baseModel() }, needsOf(flags, recorded, inspected));
}

/** Whose client is not named: the one it came for, or who wrote it, so that a domain made to look like theirs is seen. */
function domainsOf({ direction, envelope }: { direction: Direction; envelope: EnvelopeFacts }): readonly string[] {
  const address = direction === 'inbound' ? envelope.recipient : envelope.reversePath;
  const at = address.lastIndexOf('@');
  return at < 0 ? [] : [address.slice(at + 1).toLowerCase()];
}

function anyClient() {
  const id = parseClientId('inspected');
  if (id === undefined) throw new Error('"inspected" is a client id');
  return id;
}

function contentOf(file: string): Uint8Array {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw new WrongInput(`${file}: no such file`);
  if (found.isDirectory()) throw new WrongInput(`${file} is a directory: give the file of one message`);
  try {
    return new Uint8Array(readFileSync(file));
  } catch (problem) {
    throw new WrongInput(problem instanceof Error ? problem.message : String(problem));
  }
}

/** In pieces, as it would come. */
function inspect(bytes: Uint8Array): InspectedFacts {
  const inspector = createInspector();
  for (let at = 0; at < bytes.length; at += CHUNK) inspector.write(bytes.subarray(at, at + CHUNK));
  return inspector.end().inspected;
}

/** What is given outranks what is recorded, and that what the message says of itself. */
function envelopeOf(given: InspectFlags['envelope'], recorded: Recorded, { headers }: InspectedFacts): EnvelopeFacts {
  const returnPath = headers.fields.find(({ name }) => name === 'return-path')?.value.replace(/^<|>$/g, '');
  return {
    reversePath: recorded.mail_from || (returnPath ?? headers.from[0]?.address ?? ''),
    recipient: headers.to[0]?.address ?? '',
    helo: recorded.helo,
    remoteIp: recorded.client_ip,
    ...given,
  };
}

function needsOf({ resolvers }: InspectFlags, recorded: Recorded, { headers }: InspectedFacts): FilterNeeds {
  const now = () => Date.now();
  const lookUp = resolvers.length === 0 ? undefined : createLookUp(resolvers);
  const asking: AuthenticateNeeds = {
    lookUp,
    now,
    startTimer,
    trouble: (problem) => process.stderr.write(`${problem}\n`),
  };
  const known = authenticationOf(recorded, headers.fields);
  return {
    authenticate: async (subject) => (known === NOT_AUTHENTICATED ? authenticate(subject, asking) : known),
    scannersOf: () => [],
    badHashes: async () => new Set(),
    startTimer,
    log: () => undefined,
  };
}

const startTimer: StartTimer = (ms) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const handle = setTimeout(resolve, ms);
  return { expired: promise, cancel: () => clearTimeout(handle) };
};

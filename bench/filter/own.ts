/** The whole filter as it runs in the service (pipeline/filter.ts), every set on, nothing of others asked. CPU in milliseconds for each message. */

import { DEFAULT_FILTER_PLAN } from '../../src/core/filter-plan.ts';
import { parseClientId } from '../../src/core/ids.ts';
import { type AuthenticationFacts, NOT_AUTHENTICATED } from '../../src/core/message-facts.ts';
import { BUILT_IN_SETS } from '../../src/core/rules/built-in.ts';
import { nameKeysOf } from '../../src/core/rules/impersonation.ts';
import { baseModel } from '../../src/filter/base-model.ts';
import { createInspector, type Inspected } from '../../src/filter/inspect.ts';
import { type AuthenticationSubject, authenticate } from '../../src/pipeline/authenticate.ts';
import { type Filtered, type FilterSubject, filter } from '../../src/pipeline/filter.ts';
import { ENVELOPE, lookUp, PEER } from './messages.ts';

const CHUNK = 65_536;

export function inspect(bytes: Uint8Array): Inspected {
  const inspector = createInspector();
  for (let at = 0; at < bytes.length; at += CHUNK) inspector.write(bytes.subarray(at, at + CHUNK));
  return inspector.end();
}

const NAMES = Array.from({ length: 100 }, (_, index) => `Person Number${index}`);
const TERMS = {
  plan: { ...DEFAULT_FILTER_PLAN, sets: BUILT_IN_SETS, nameKeys: nameKeysOf(NAMES) },
  ownDomains: ['harbour.example'],
  model: baseModel(),
};

const startTimer = () => ({ expired: new Promise<void>(() => undefined), cancel: () => undefined });

export type By = 'platform' | 'own';

/** `platform`: the sender was verified on arrival; `own`: by us, with a resolver that answers at once. */
export async function filterWhole(bytes: Uint8Array, by: By): Promise<Filtered> {
  const { inspected } = inspect(bytes);
  const clientId = parseClientId('bench');
  if (clientId === undefined) throw new Error('"bench" is a client id');
  const subject: FilterSubject = {
    id: 'bench',
    clientId,
    direction: 'inbound',
    receivedAt: Date.now(),
    envelope: { ...ENVELOPE, ...PEER },
    sizeBytes: bytes.length,
    inspected,
    content: async () => bytes,
  };
  return filter(subject, TERMS, {
    authenticate: by === 'platform' ? async () => RECORDED : verified,
    scannersOf: () => [],
    badHashes: async () => new Set(),
    startTimer,
    log: () => undefined,
  });
}

const RECORDED: AuthenticationFacts = {
  ...NOT_AUTHENTICATED,
  source: 'platform',
  spf: 'pass',
  dkim: 'pass',
  dkimDomains: ['world.example'],
  dmarc: 'pass',
};

async function verified(subject: AuthenticationSubject): Promise<AuthenticationFacts> {
  const trouble = (problem: string): never => {
    throw new Error(problem);
  };
  const facts = await authenticate(subject, { lookUp, now: () => Date.now(), startTimer, trouble });
  // A bench of a verification that fails at once would be a fast one.
  if (facts.dkim !== 'pass' || facts.dmarc !== 'pass') throw new Error(`not verified: ${JSON.stringify(facts)}`);
  return facts;
}

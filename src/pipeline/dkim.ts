/**
 * Signs what leaves for the world (RFC 6376) with the newest key of its From domain whose record is published. The stored bytes stay
 * as they are: the signature stands before them on the wire.
 */
import { parseAddress } from '../core/address.ts';
import type { DkimKey } from '../core/client.ts';
import { type DkimFinding, dkimFinding, dkimNameOf } from '../core/dkim-record.ts';
import type { LogEvent } from '../core/event.ts';
import type { NewEntry } from '../core/ledger.ts';
import { problemOf } from '../core/problem-of.ts';
import { dkimSignature } from '../mime/dkim-sign.ts';
import { readSigningKey, type SigningKey } from '../mime/signing-key.ts';
import type { Outgoing } from '../smtp/session-types.ts';

export type ReadOutgoing = () => Promise<Outgoing | undefined>;

/** Mail leaves unsigned when there is no key to sign it with; throws only when the store fails. */
export type SignOutbound = (entry: NewEntry, read: ReadOutgoing, how: Signing) => Promise<Outgoing | undefined>;

/** `keys`: the newest of a domain first. `at`: epoch ms */
export type Signing = { readonly keys: readonly DkimKey[]; readonly at: number };

export type DkimNeeds = {
  /** the strings of each TXT record joined; undefined when nobody could say */
  textRecords(name: string): Promise<readonly string[] | undefined>;
  openSecret(sealed: string): Promise<string>;
  readonly log: (event: LogEvent) => void;
};

// A record that is there is seldom taken away; one that is missing is about to be published by somebody who waits for it.
const ASKED_AGAIN_MS: Readonly<Record<DkimFinding['kind'], number>> = {
  published: 3_600_000,
  'not-found': 300_000,
  differs: 300_000,
  'cannot-tell': 60_000,
};

// What a person types is far below. Above it the bytes are read twice, to be signed and to be sent.
const READ_ONCE_BYTES = 1_048_576;

export function createDkimSigner(needs: DkimNeeds): SignOutbound {
  const keyFor = createKeyChoice(needs);
  return async (entry, read, { keys, at }) => {
    const domain = parseAddress(entry.summary.fromAddress)?.domain;
    const key = await keyFor(
      keys.filter((one) => one.domain === domain),
      at,
    ).catch((problem: unknown) => unsigned(entry, problem, needs));
    if (key === undefined) return read();
    return entry.sizeBytes <= READ_ONCE_BYTES
      ? signWhole(entry, read, { key, at, needs })
      : signTwice(entry, read, { key, at, needs });
  };
}

type Hand = { readonly key: SigningKey; readonly at: number; readonly needs: DkimNeeds };

async function signWhole(entry: NewEntry, read: ReadOutgoing, { key, at, needs }: Hand): Promise<Outgoing | undefined> {
  const content = await read();
  if (content === undefined) return undefined;
  const body = new Uint8Array(await new Response(content.body).arrayBuffer());
  const signature = await dkimSignature(body, key, at).catch((problem: unknown) => unsigned(entry, problem, needs));
  return { head: above(signature, content.head), body };
}

async function signTwice(entry: NewEntry, read: ReadOutgoing, { key, at, needs }: Hand): Promise<Outgoing | undefined> {
  const first = await read();
  if (first === undefined) return undefined;
  const signature = await dkimSignature(first.body, key, at).catch((problem: unknown) =>
    unsigned(entry, problem, needs),
  );
  const content = await read();
  return content === undefined ? undefined : { ...content, head: above(signature, content.head) };
}

function above(signature: Uint8Array | undefined, head: Uint8Array): Uint8Array {
  return signature === undefined ? head : Buffer.concat([signature, head]);
}

/** Mail that only DKIM keeps from leaving leaves without it: SPF may speak for it, and its writer waits. */
function unsigned({ id, clientId }: NewEntry, problem: unknown, { log }: DkimNeeds): undefined {
  log({ kind: 'trouble', clientId, where: 'dkim', problem: `${id} leaves unsigned: ${problemOf(problem)}` });
}

type Asked = { readonly kind: DkimFinding['kind']; readonly until: number };

/** Remembered while the object lives; after a restart it is asked once more. */
function createKeyChoice(needs: DkimNeeds): (keys: readonly DkimKey[], at: number) => Promise<SigningKey | undefined> {
  const asked = new Map<string, Asked>();
  const read = new Map<string, SigningKey>();

  const isThere = async (key: DkimKey, at: number): Promise<DkimFinding['kind']> => {
    const known = asked.get(key.publicKey);
    if (known !== undefined && known.until > at) return known.kind;
    const { kind } = dkimFinding(key.publicKey, await needs.textRecords(dkimNameOf(asciiOf(key))));
    asked.set(key.publicKey, { kind, until: at + ASKED_AGAIN_MS[kind] });
    return kind;
  };

  const readKey = async (key: DkimKey): Promise<SigningKey> => {
    const known = read.get(key.sealedPrivateKey);
    if (known !== undefined) return known;
    const privateKeyPem = await needs.openSecret(key.sealedPrivateKey);
    const made = readSigningKey({ ...asciiOf(key), privateKeyPem });
    read.set(key.sealedPrivateKey, made);
    return made;
  };

  return async (keys, at) => {
    let untold: DkimKey | undefined;
    for (const key of keys) {
      const kind = await isThere(key, at);
      if (kind === 'published') return readKey(key);
      if (kind === 'cannot-tell') untold ??= key;
    }
    // A signature that cannot be verified counts as none (RFC 6376 §6.1), and the record is probably there.
    return untold === undefined ? undefined : readKey(untold);
  };
}

/** RFC 8616 §4: in DNS and in `d=` an international domain stands as A-labels. */
export function asciiOf({ domain, selector }: Pick<DkimKey, 'domain' | 'selector'>) {
  return { domain: URL.parse(`http://${domain}`)?.hostname ?? domain, selector };
}

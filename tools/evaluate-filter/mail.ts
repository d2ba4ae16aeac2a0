/** Mail in directories, as the filter would see it on arrival: the bytes of each file and what is recorded of its envelope. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import {
  type AuthenticationResult,
  type HeaderField,
  type MessageFacts,
  NOT_AUTHENTICATED,
} from '../../src/core/message-facts.ts';
import type { Label } from '../../src/core/spam/model.ts';
import { createInspector } from '../../src/filter/inspect.ts';
import { readCsv } from '../classify/csv.ts';

export type LabelledFile = { readonly path: string; readonly label: Label; readonly recorded: Recorded };

/** As the columns of envelope.csv are called; `''`: not recorded. */
export type Recorded = Readonly<Record<(typeof COLUMNS)[number], string>>;

/** What is wrong with what was given, in words for whoever gave it. */
export class WrongInput extends Error {}

const COLUMNS = ['client_ip', 'helo', 'mail_from', 'spf', 'dkim', 'dmarc'] as const;
// The second is the name it has in a sample of mail where all of it is described in one file.
const ENVELOPE_FILES = ['envelope.csv', 'mail_labels.csv'];
const PATH_COLUMNS = ['path', 'file'];
const NOT_RECORDED: Recorded = { client_ip: '', helo: '', mail_from: '', spf: '', dkim: '', dmarc: '' };

/** Every `.eml` below it, in the order of its name. */
export function labelledFiles(directory: string, label: Label): readonly LabelledFile[] {
  const root = resolve(directory);
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new WrongInput(`${directory}: no such directory`);
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.eml'));
  if (names.length === 0) throw new WrongInput(`${directory}: no .eml file in it`);
  const envelopes = envelopesFor(root);
  return names.toSorted().map((name) => {
    const path = join(root, name);
    return { path, label, recorded: envelopes.get(path) ?? NOT_RECORDED };
  });
}

export function factsOf({ path, recorded }: Pick<LabelledFile, 'path' | 'recorded'>): MessageFacts {
  const inspector = createInspector();
  inspector.write(readFileSync(path));
  const { inspected } = inspector.end();
  return {
    ...inspected,
    direction: 'inbound',
    receivedAt: 0,
    envelope: { reversePath: recorded.mail_from, recipient: '', helo: recorded.helo, remoteIp: recorded.client_ip },
    authentication: authenticationOf(recorded, inspected.headers.fields),
    scans: [],
  };
}

/** What is recorded of one file, wherever it is given from. */
export function recordedOf(path: string): Recorded {
  const file = resolve(path);
  return envelopesFor(dirname(file)).get(file) ?? NOT_RECORDED;
}

/** Beside the directory, that is in its parent, or in the directory itself. */
function envelopesFor(root: string): ReadonlyMap<string, Recorded> {
  const found = [dirname(root), root].flatMap((place) => ENVELOPE_FILES.map((name) => join(place, name)));
  const file = found.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  return file === undefined ? new Map() : readEnvelopes(file);
}

function readEnvelopes(file: string): ReadonlyMap<string, Recorded> {
  const table = readCsv(readFileSync(file, 'utf8'));
  if (table.kind === 'invalid') throw new WrongInput(`${file}: ${table.problem}`);
  const pathAt = table.columns.findIndex((column) => PATH_COLUMNS.includes(column));
  if (pathAt < 0) throw new WrongInput(`${file}: no column "path"`);
  const at = COLUMNS.map((column) => table.columns.indexOf(column));
  return new Map(
    table.rows.map((row) => {
      const [client_ip = '', helo = '', mail_from = '', spf = '', dkim = '', dmarc = ''] = at.map(
        (index) => row[index] ?? '',
      );
      const path = join(dirname(file), (row[pathAt] ?? '').split('/').join(sep));
      return [path, { client_ip, helo, mail_from, spf, dkim, dmarc }] as const;
    }),
  );
}

export function authenticationOf(recorded: Recorded, fields: readonly HeaderField[]): MessageFacts['authentication'] {
  const [spf, dkim, dmarc] = [resultOf(recorded.spf), resultOf(recorded.dkim), resultOf(recorded.dmarc)];
  if (spf === 'unknown' && dkim === 'unknown' && dmarc === 'unknown') return NOT_AUTHENTICATED;
  return { source: 'platform', spf, dkim, dmarc, dkimDomains: dkim === 'pass' ? signersOf(fields) : [] };
}

const RESULTS: readonly AuthenticationResult[] = [
  'pass',
  'fail',
  'softfail',
  'neutral',
  'none',
  'temperror',
  'permerror',
  'policy',
];

/** `bestguesspass` is a border's word for a domain without a DMARC record. */
function resultOf(word: string): AuthenticationResult {
  if (word === 'bestguesspass') return 'none';
  return RESULTS.find((result) => result === word.toLowerCase()) ?? 'unknown';
}

function signersOf(fields: readonly HeaderField[]): readonly string[] {
  return fields.flatMap(({ name, value }) =>
    name === 'dkim-signature' ? (/(?:^|;)\s*d=([^;\s]+)/.exec(value)?.[1]?.toLowerCase() ?? []) : [],
  );
}

/** For people: where a file is, from here. */
export function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}

/**
 * The facts of the last messages, on which a client tries its rules before they count. What people wrote is not among them: no text of a
 * body. Every value is cut, so that a stranger does not decide how large what we keep becomes. Pure.
 */
import type { HeaderField, MessageFacts, PartFacts, Party } from './message-facts.ts';
import type { KeptMessage } from './rules/dry-run.ts';
import type { NotKept } from './rules/subject.ts';

/** How many are kept for a client, and for how long. */
export const MAX_RECENT = 500;
export const RECENT_MS = 14 * 86_400_000;

// An honest message's facts are some 4 KB, most of it header fields. 50 of these have to fit into a row of 2 MB, whatever is in them.
const MAX_LENGTH = 12_000;

type Limits = { readonly fields: number; readonly value: number; readonly few: number };
const USUAL: Limits = { fields: 60, value: 200, few: 30 };
const BARE: Limits = { fields: 20, value: 60, few: 5 };

/** The same message, small enough to be kept, with what of it was not. Undefined for one that cannot be. */
export function keptMessage(id: string, facts: MessageFacts): KeptMessage | undefined {
  return [USUAL, BARE]
    .map((limits) => ({ id, facts: within(facts, limits), notKept: lostBy(facts, limits) }))
    .find((kept) => JSON.stringify(kept.facts).length <= MAX_LENGTH);
}

// Long, made by machines for machines, and in no rule of anybody's.
const MACHINES_OWN = /^(?:received|dkim-signature|arc-|authentication-results|x-.*-(?:signature|antispam))/;

function lostBy({ headers, links }: MessageFacts, { fields, value, few }: Limits): readonly NotKept[] {
  const isCut = (field: HeaderField) => field.value.length > value && !MACHINES_OWN.test(field.name);
  const areFieldsCut = headers.fields.length > fields || headers.fields.some(isCut);
  return ['texts', ...(areFieldsCut ? (['fields'] as const) : []), ...(links.length > few ? (['links'] as const) : [])];
}

function within(facts: MessageFacts, limits: Limits): MessageFacts {
  const { headers, links, parts, scans, threats, spam, authentication } = facts;
  const cut = (text: string) => text.slice(0, limits.value).toWellFormed();
  const few = <T>(list: readonly T[]) => list.slice(0, limits.few);
  const people = (list: readonly Party[]) => few(list).map(({ name, address }) => ({ name: cut(name), address }));
  return {
    ...facts,
    headers: {
      ...headers,
      subject: cut(headers.subject),
      from: people(headers.from),
      replyTo: people(headers.replyTo),
      to: people(headers.to),
      cc: people(headers.cc),
      fields: headers.fields.slice(0, limits.fields).map(({ name, value }) => ({ name: cut(name), value: cut(value) })),
    },
    texts: [],
    links: few(links).map((link) => ({ ...link, url: cut(link.url), text: '' })),
    parts: few(parts).map((part) => partWithin(part, few)),
    threats: few(threats),
    scans: few(scans),
    authentication: { ...authentication, dkimDomains: few(authentication.dkimDomains) },
    ...(spam === undefined ? {} : { spam: { ...spam, reasons: few(spam.reasons) } }),
  };
}

function partWithin(
  { fileName, archive, ...part }: PartFacts,
  few: <T>(list: readonly T[]) => readonly T[],
): PartFacts {
  return {
    ...part,
    // Of a name the end says what it is.
    ...(fileName === undefined ? {} : { fileName: fileName.slice(-100) }),
    ...(archive === undefined
      ? {}
      : {
          archive: {
            ...archive,
            entries: few(archive.entries).map((entry) => ({ ...entry, name: entry.name.slice(-100) })),
          },
        }),
  };
}

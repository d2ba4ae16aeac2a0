/** `type; name=value; …` of Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2183), with RFC 2231's long and foreign values. */
import { decodeBytes } from './charset.ts';
import { unicodeOf } from './display-text.ts';

/** `value` and the names are in lower case. The first parameter of a name counts. */
export type Parametrised = {
  readonly value: string;
  /** joined and decoded, except for encoded words */
  readonly parameters: ReadonlyMap<string, string>;
  /** as they stand, one character per byte: a boundary is bytes, in no charset */
  readonly rawParameters: ReadonlyMap<string, string>;
};

// Enough for a file name in 20 segments and every parameter a mail program writes; more is there to keep a parser busy.
const MAX_PARAMETERS = 60;
const MAX_LENGTH = 16_384;

export function parseParametrised(raw: string): Parametrised {
  const text = raw.slice(0, MAX_LENGTH);
  const { value, rest } = splitValue(text);
  const rawParameters = splitParameters(rest);
  return { value: value.trim().toLowerCase(), parameters: joinSegments(rawParameters), rawParameters };
}

/** Comments may stand before, in and after the value and hold semicolons (RFC 5322 §3.2.2); one that never closes is no comment. */
function splitValue(text: string): { readonly value: string; readonly rest: string } {
  let value = '';
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '(') depth += 1;
    else if (character === ')' && depth > 0) depth -= 1;
    else if (depth > 0) continue;
    else if (character === ';') return { value, rest: text.slice(at + 1) };
    else value += character;
  }
  const semicolon = text.indexOf(';');
  if (depth === 0 || semicolon === -1) return { value, rest: '' };
  return { value: text.slice(0, semicolon), rest: text.slice(semicolon + 1) };
}

// name = "quoted" or name = token; what follows a closing quote up to the semicolon is junk or a comment.
const PARAMETER = /\s*([^=;]*)(?:=[ \t]*(?:"((?:[^"\\]|\\.)*)(?:"[^;]*|$)|([^;]*)))?(?:;|$)/gsy;

function splitParameters(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  PARAMETER.lastIndex = 0;
  while (PARAMETER.lastIndex < text.length && found.size < MAX_PARAMETERS) {
    const match = PARAMETER.exec(text);
    if (match === null) break;
    const name = (match[1] ?? '').trim().toLowerCase();
    const value = match[2]?.replace(/\\(.)/gs, '$1') ?? (match[3] ?? '').replace(/[ \t]\(.*$/s, '').trim();
    if (name !== '' && !found.has(name)) found.set(name, value);
  }
  return found;
}

type Segment = { readonly index: number; readonly isExtended: boolean; readonly value: string };

/** `name*0*=utf-8''a%20; name*1=b` → `name` (RFC 2231 §3-4). A name in that form outranks the plain one, which is its fallback. */
function joinSegments(found: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const joined = new Map<string, string>();
  const segments = new Map<string, Segment[]>();
  for (const [name, value] of found) {
    const [, base, index, star] = /^([^*]+)(?:\*(\d{1,3}))?(\*?)$/.exec(name) ?? [];
    if (base === undefined) continue;
    if (index === undefined && star === '') joined.set(base, unicodeOf(value));
    else
      segments.set(base, [
        ...(segments.get(base) ?? []),
        { index: Number(index ?? 0), isExtended: star === '*', value },
      ]);
  }
  for (const [base, parts] of segments) joined.set(base, decodeSegments(parts));
  return joined;
}

function decodeSegments(segments: readonly Segment[]): string {
  const ordered = segments.toSorted((a, b) => a.index - b.index);
  const [, charset, first] = (ordered[0]?.isExtended ? /^([^']*)'[^']*'(.*)$/s.exec(ordered[0].value) : null) ?? [];
  const bytes = ordered.map(({ isExtended, value }, at) => {
    const text = at === 0 && first !== undefined ? first : value;
    return Buffer.from(isExtended ? percentDecoded(text) : text, 'latin1');
  });
  return decodeBytes(Buffer.concat(bytes), charset);
}

function percentDecoded(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

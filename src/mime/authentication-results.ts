/**
 * Authentication-Results (RFC 8601): the ones the platform wrote on arrival, read only where nobody else can have written them, and
 * our own. Whoever reads ours must take the topmost: a sender may have written any of those below (docs/trust.md).
 */
import { nameOf } from './relaxed-signature.ts';
import { fold } from './trace-headers.ts';

/** One `method=result …` each, without folds. */
export type ResultList = readonly string[];

/** Without its line end. An empty list is `none`: nothing was checked (§2.2). */
export function resultsValue(authservId: string, results: ResultList): string {
  return [authservId, ...(results.length === 0 ? ['none'] : results)].map(oneResult).join(';\r\n\t');
}

// The platform's own name as authserv-id, and the last field of the block it puts on top (docs/platform.md 7).
const PLATFORM = 'mx.cloudflare.net';
const PLATFORM_LAST = 'x-cf-spamh-score';
const PLATFORM_BLOCK = /^(?:received-spf|authentication-results|arc-[a-z-]+)$/;

/**
 * What the platform found on arrival; undefined when it is not certain that these are its words. Only for mail that came by the
 * platform: its block begins with the first line of the message, where no sender can write. Below the block's last field, or when a
 * second Received or a second result list stands in it, the words may be the sender's.
 */
export function platformResults(fields: readonly string[]): ResultList | undefined {
  // The state of the chain before the platform's own set; ours is said beside it.
  return platformList(fields)
    ?.filter((result) => result !== '' && !/^arc\s*=/i.test(result))
    .slice(0, MAX_RESULTS);
}

/** The address of the peer that brought it to the platform; `''` where it does not say, or these are not certainly its words. */
export function platformRemoteIp(fields: readonly string[]): string {
  for (const result of platformList(fields) ?? []) {
    const [, ip] = REMOTE_IP.exec(result) ?? [];
    if (ip !== undefined) return ip.toLowerCase();
  }
  return '';
}

// Said with the state of the chain, right behind its word: what a sender has named itself may only stand after it. IPv6 stands in quotes.
const REMOTE_IP = /^arc\s*=\s*[a-z]+(?: \([^()]*\))? smtp\.remote-ip="?([0-9a-f.:]{3,45})"?(?=\s|$)/i;

function platformList(fields: readonly string[]): ResultList | undefined {
  const end = fields.findIndex((field) => nameOf(field) === PLATFORM_LAST);
  const [first, ...block] = fields.slice(0, Math.max(0, end));
  if (first === undefined || nameOf(first) !== 'received') return undefined;
  if (!block.every((field) => PLATFORM_BLOCK.test(nameOf(field)))) return undefined;
  const [lists, ...more] = block.filter((field) => nameOf(field) === 'authentication-results');
  if (lists === undefined || more.length > 0) return undefined;
  const [authservId, ...results] = partsOf(lists.slice(lists.indexOf(':') + 1));
  return authservId === PLATFORM ? results : undefined;
}

// A message with a hundred signatures gets a hundred results; nobody reads them.
const MAX_RESULTS = 20;
const MAX_RESULT = 900;

/** Split at the semicolons that are not within a quoted string or a comment, where a sender's own words may stand. */
function partsOf(value: string): readonly string[] {
  const parts: string[] = [''];
  let depth = 0;
  let isQuoted = false;
  for (const piece of value.match(/\\[\s\S]|[^\\]/g) ?? []) {
    if (piece === '"' && depth === 0) isQuoted = !isQuoted;
    if (!isQuoted && piece === '(') depth += 1;
    if (!isQuoted && piece === ')') depth = Math.max(0, depth - 1);
    if (piece === ';' && depth === 0 && !isQuoted) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${piece}`);
  }
  return parts.map((part) => part.replaceAll(/\s+/g, ' ').trim());
}

/** Nothing that could end the field, whatever a sender's name or a stranger's DNS record is made of. */
function oneResult(result: string): string {
  const printable = result.replaceAll(/[^\x20-\x7e]+/g, ' ').trim();
  return fold(
    printable
      .slice(0, MAX_RESULT)
      .split(' ')
      .filter((word) => word !== ''),
  );
}

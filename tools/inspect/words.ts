/** What the filter saw and decided, for people. Their terminal is not the message's to command: what moves a cursor or turns text around is shown as its number. */
import type { ArchiveEntry, MessageFacts, PartFacts, Party } from '../../src/core/message-facts.ts';
import { describe } from '../../src/core/rules/describe.ts';
import type { Filtered } from '../../src/pipeline/filter.ts';

// Of long lists and texts the beginning; --json has all of it.
const MAX_LINES = 20;
const MAX_TEXT = 300;

export function words({ facts, decision, rules }: Filtered): string {
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['message', messageLines(facts)],
    ['sender', senderLines(facts)],
    ['parts', facts.parts.flatMap(partLines)],
    [
      'texts',
      facts.texts.map(
        ({ kind, text, isTruncated }) =>
          `${kind.padEnd(6)}${text.length} characters${isTruncated ? ', cut' : ''}: ${short(text)}`,
      ),
    ],
    [
      'links',
      facts.links.map(({ from, host, url, text }) => `${from.padEnd(6)}${host || '-'}  ${short(text)}  ${url}`),
    ],
    ['markup', countsOf(facts.markup)],
    ['scans', facts.scans.map(scanLine)],
    ['threats', facts.threats.map(({ name, path }) => `${name} in part ${path}`)],
    ['not scanned', facts.unscanned],
    ['spam', spamLines(facts)],
    [
      'rules',
      rules.map(
        (rule) => `${decision.matched.some(({ ruleId }) => ruleId === rule.id) ? 'yes' : '-  '} ${describe(rule)}`,
      ),
    ],
    ['matched', decision.matched.map(({ name, words: why }) => `${name}: ${why}`)],
    ['failed', decision.failed.map(({ ruleId, why }) => `${ruleId}: ${why}`)],
    ['decision', decisionLines(decision)],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(section)
    .join('\n');
}

function section([title, lines]: readonly [string, readonly string[]]): string {
  const more = lines.length > MAX_LINES ? [`… and ${lines.length - MAX_LINES} more`] : [];
  return [title, ...[...lines.slice(0, MAX_LINES), ...more].map((line) => `  ${safe(line)}`), ''].join('\n');
}

function messageLines({ direction, envelope, headers, sizeBytes, sha256 }: MessageFacts): readonly string[] {
  return [
    `${direction}, ${sizeBytes} bytes, SHA-256 ${sha256}`,
    `envelope  <${envelope.reversePath}> to <${envelope.recipient}>${envelope.remoteIp === '' ? '' : ` from ${envelope.remoteIp} (${envelope.helo})`}`,
    `subject   ${headers.subject}`,
    `from      ${partiesOf(headers.from)}`,
    ...(headers.replyTo.length === 0 ? [] : [`reply-to  ${partiesOf(headers.replyTo)}`]),
    `to        ${partiesOf([...headers.to, ...headers.cc])}`,
  ];
}

function partiesOf(parties: readonly Party[]): string {
  return parties.map(({ name, address }) => (name === '' ? address : `${name} <${address}>`)).join(', ') || 'nobody';
}

function senderLines({ authentication: { source, spf, dkim, dmarc, dkimDomains } }: MessageFacts): readonly string[] {
  if (source === 'none') return ['nobody has verified it'];
  const by = source === 'platform' ? 'as the platform has recorded' : 'as DNS says';
  return [
    `spf ${spf}, dkim ${dkim}${dkimDomains.length === 0 ? '' : ` (${dkimDomains.join(', ')})`}, dmarc ${dmarc}; ${by}`,
  ];
}

function partLines(part: PartFacts): readonly string[] {
  const { path, fileName, contentType, trueType, trueMime, sizeBytes, sha256, archive } = part;
  const marks = [
    ...(part.isAttachment ? ['attached'] : []),
    ...(part.hasMacros ? ['macros'] : []),
    ...(part.isEncrypted ? ['encrypted'] : []),
    ...part.tricks,
  ];
  const name = fileName === undefined ? '' : `"${fileName}" `;
  const line = `${path.padEnd(6)}${name}${contentType}, truly ${trueType}${trueMime === undefined ? '' : ` (${trueMime})`}, ${sizeBytes} bytes${marks.map((mark) => `, ${mark}`).join('')}`;
  if (archive === undefined) return [line, `      SHA-256 ${sha256}`];
  const list = `      ${archive.format}, ${archive.entries.length} entries, unpacks to ${archive.ratio} times its size${archive.isPartial ? ', not all of it could be listed' : ''}`;
  return [line, `      SHA-256 ${sha256}`, list, ...archive.entries.map(entryLine)];
}

function entryLine({ name, depth, sizeBytes, isEncrypted, trueType }: ArchiveEntry): string {
  return `      ${'  '.repeat(depth)}${name}, ${sizeBytes} bytes${trueType === undefined ? '' : `, ${trueType}`}${isEncrypted ? ', encrypted' : ''}`;
}

function countsOf(markup: MessageFacts['markup']): readonly string[] {
  return Object.entries(markup)
    .filter(([, count]) => count > 0)
    .map(
      ([what, count]) =>
        `${String(count).padStart(6)} ${what.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`,
    );
}

function scanLine(scan: MessageFacts['scans'][number]): string {
  switch (scan.kind) {
    case 'clean':
      return `${scan.scanner}: nothing found`;
    case 'found':
      return `${scan.scanner}: ${scan.names.join(', ')}`;
    case 'scored':
      return `${scan.scanner}: ${scan.score} of 100 (${scan.reasons.join(', ')})`;
    case 'failed':
      return `${scan.scanner}: no answer, ${scan.why}`;
  }
}

function spamLines({ spam }: MessageFacts): readonly string[] {
  if (spam === undefined) return [];
  const reasons = spam.reasons.map(({ points, name, words: why }) => `${String(points).padStart(6)} ${name}: ${why}`);
  return [`${spam.score} of 100: ${spam.answer}`, ...reasons];
}

function decisionLines({ verdict, headers, subjectPrefix, redirect, notify }: Filtered['decision']): readonly string[] {
  return [
    verdict.kind === 'accept' ? 'accept' : `${verdict.kind}: ${verdict.reason} (rule ${verdict.ruleId})`,
    ...headers.map(({ name, value }) => `with ${name}: ${value}`),
    ...(subjectPrefix === '' ? [] : [`with "${subjectPrefix}" before the subject`]),
    ...(redirect === undefined ? [] : [`to ${redirect} instead`]),
    ...(notify.length === 0 ? [] : [`telling ${notify.join(', ')}`]),
  ];
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT)}…` : line;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

function safe(line: string): string {
  return line.replace(
    UNSAFE,
    (character) => `<U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}>`,
  );
}

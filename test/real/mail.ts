/** The mail of the proof: the drill's awkward ones, and real messages where sample mail is at hand; each can be told from every other. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type DrillMessage, drillMessages } from '../../tools/drill/corpus.ts';

// The directory is CORPUS, or `shared/corpus` beside the project.
const ROOT = process.env['CORPUS'] ?? new URL('../../../shared/corpus', import.meta.url).pathname;
const FOLDERS = ['ham', 'mime'];

/** In turn for each recipient; every second round of them is real mail where there is any. */
export function proofMessages(count: number, recipients: readonly string[]): readonly DrillMessage[] {
  const samples = FOLDERS.flatMap(samplesOf);
  return drillMessages(count, recipients).map((message, index) => {
    const round = Math.floor(index / recipients.length);
    const number = Math.floor(round / 2) * recipients.length + (index % recipients.length);
    const sample = round % 2 === 1 ? samples[number % samples.length] : undefined;
    return sample === undefined ? message : withContent(message, sample, index);
  });
}

export function sampleCount(): number {
  return FOLDERS.flatMap(samplesOf).length;
}

/** The number makes a file that comes round again another message: the same one would be taken for a retry, and rightly. */
function withContent(message: DrillMessage, sample: Buffer, index: number): DrillMessage {
  const content = Buffer.concat([Buffer.from(`X-Proof-Number: ${index + 1}\r\n`), sample]);
  return { ...message, content, sha256: createHash('sha256').update(content).digest('hex') };
}

function samplesOf(folder: string): readonly Buffer[] {
  const path = `${ROOT}/${folder}`;
  if (!existsSync(path)) return [];
  const files = readdirSync(path).filter((name) => /\.(?:eml|msg|txt)$/.test(name));
  return files
    .toSorted()
    .map((name) => readFileSync(`${path}/${name}`))
    .filter(isCarriedBySmtp);
}

/**
 * What no hop has to mend: bytes that SMTP cannot carry (RFC 5321 §2.3.8, §4.1.1.4), and a header that ends without an empty line,
 * which Postfix puts in. What we ourselves do with such mail is tested in test/smtp.
 */
function isCarriedBySmtp(content: Buffer): boolean {
  const text = content.toString('latin1');
  const [head = '', ...body] = text.split('\r\n\r\n');
  const isHeader = head.split('\r\n').every((line) => /^(?:[\x21-\x39\x3b-\x7e]+[ \t]*:|[ \t])/.test(line));
  return isHeader && body.length > 0 && text.endsWith('\r\n') && !/\r(?!\n)|(?<!\r)\n|\0/.test(text);
}

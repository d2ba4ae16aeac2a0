/** Messages as people get them, in the sizes of the figures; signed, so that there is a signature to verify. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { zipSync } from 'fflate';
import { dkimSignature } from '../../src/mime/dkim-sign.ts';
import { keyRecord, readSigningKey } from '../../src/mime/signing-key.ts';
import type { Records } from '../../src/pipeline/look-up.ts';

export type BenchMessage = { readonly name: string; readonly bytes: Uint8Array };

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const KEY = readSigningKey({
  domain: 'world.example',
  selector: 'bench',
  privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
});

export const ENVELOPE = { reversePath: 'bench@world.example', recipient: 'anna@harbour.example' };
export const PEER = { helo: 'out.world.example', remoteIp: '192.0.2.9' };

/** What the world's name servers would say of the sender. */
const ZONE: Readonly<Record<string, string>> = {
  'world.example': `v=spf1 ip4:${PEER.remoteIp} -all`,
  '_dmarc.world.example': 'v=DMARC1; p=reject',
  [keyRecord(KEY).name]: keyRecord(KEY).value,
};

export async function lookUp(name: string, type: string): Promise<Records> {
  const text = type === 'TXT' ? ZONE[name.toLowerCase().replace(/\.$/, '')] : undefined;
  return text === undefined ? { kind: 'none' } : { kind: 'records', records: [text] };
}

const KIB = 1_024;
const MIB = 1_024 * KIB;
// base64 with line ends makes four thirds and a little of it.
const packed = (sizeBytes: number) => Math.floor((sizeBytes * 57) / 78);

/** `small`: without those of 25 MiB. */
export async function messages(which: 'all' | 'small'): Promise<readonly BenchMessage[]> {
  const small = [
    ['10 KiB, text and HTML', [letter(3 * KIB), page(6.5 * KIB)]],
    ['1 MiB, a PDF', [letter(3 * KIB), file('a.pdf', pdf(packed(MIB)))]],
    ['1 MiB, a zip of tables', [letter(3 * KIB), file('a.zip', zip(packed(MIB)))]],
    ['1 MiB, HTML', [page(MIB)]],
  ] as const;
  const large = [
    ['25 MiB, a PDF', [letter(3 * KIB), file('a.pdf', pdf(packed(25 * MIB)))]],
    ['25 MiB, a zip of PDFs', [letter(3 * KIB), file('a.zip', zipOfPdfs(packed(25 * MIB)))]],
  ] as const;
  const made: BenchMessage[] = [];
  for (const [name, parts] of which === 'all' ? [...small, ...large] : small)
    made.push({ name, bytes: await signed(parts) });
  return made;
}

async function signed(parts: readonly string[]): Promise<Uint8Array> {
  const head = [
    'From: Bench Berg <bench@world.example>',
    'To: Anna <anna@harbour.example>',
    'Subject: The figures of last week',
    'Message-ID: <bench@world.example>',
    'Date: Mon, 02 Nov 2026 09:00:00 +0000',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="=_bench"',
    '',
    '',
  ].join('\r\n');
  const body = `${parts.map((part) => `--=_bench\r\n${part}\r\n`).join('')}--=_bench--\r\n`;
  const message = Buffer.from(head + body, 'utf8');
  return new Uint8Array(Buffer.concat([await dkimSignature(message, KEY, Date.UTC(2026, 10, 2, 9)), message]));
}

const LINE = 'Quay 7 asks for the figures of last week, see https://harbour.example/q7.\r\n';
const ROW =
  '<tr><td style="padding:0 12px;font-family:Arial"><a href="https://shop.world.example/p?id=1&amp;u=2">Nets &amp; ropes</a>' +
  '<p>Some words on what it is, and on what it costs this week: &euro; 12.</p></td></tr>\r\n';

function letter(sizeBytes: number): string {
  return `Content-Type: text/plain; charset=utf-8\r\n\r\n${repeated(LINE, sizeBytes)}`;
}

function page(sizeBytes: number): string {
  const head = '<html><head><style>td{color:#333}</style></head><body><table>\r\n';
  return `Content-Type: text/html; charset=utf-8\r\n\r\n${head}${repeated(ROW, sizeBytes)}</table></body></html>`;
}

function repeated(piece: string, sizeBytes: number): string {
  return piece.repeat(Math.ceil(sizeBytes / piece.length));
}

function file(name: string, content: Uint8Array): string {
  const body = Buffer.from(content).toString('base64').replace(/.{76}/g, '$&\r\n');
  return `Content-Type: application/octet-stream; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}`;
}

function pdf(sizeBytes: number): Uint8Array {
  return Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(sizeBytes)]);
}

/** Tables pack to a fifth or so. */
function zip(sizeBytes: number): Uint8Array {
  const row = (index: number) =>
    `${index};${(index * 7_919) % 100_003};${(index * 104_729) % 9_973};Quay ${index % 9}\n`;
  const rows = Array.from({ length: Math.ceil(sizeBytes / 8.6) }, (_, index) => row(index)).join('');
  return zipSync({ 'figures.csv': Buffer.from(rows) });
}

function zipOfPdfs(sizeBytes: number): Uint8Array {
  const count = 20;
  const files = Array.from({ length: count }, (_, index) => [`${index}.pdf`, pdf(sizeBytes / count)] as const);
  return zipSync(Object.fromEntries(files));
}

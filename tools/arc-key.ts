/**
 * `npm run arc-key -- DOMAIN`: a fresh key for the ARC seals of what is given back, the DNS record to publish, and how the Worker is
 * told (docs/trust.md). Nothing is kept here but the file that was asked for. Exit code 2 when the flags or the file are wrong.
 */
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { keyRecord, readSigningKey } from '../src/mime/signing-key.ts';

const USAGE = `npm run arc-key -- DOMAIN [--selector NAME] [--out FILE]

  DOMAIN            where the record is published: the deployment's own, SERVICE_HOST or above it
  --selector NAME   another for each key, so that an old one can still be verified   (arc and today's date)
  --out FILE        the private key goes there, for you alone; without it, to the screen
`;

// RFC 8301 §3.2 asks for 2048; a longer key needs a longer record, and Ed25519 is not verified everywhere yet.
const BITS = 2048;
// RFC 1035 §3.3.14: one string of a TXT record.
const MAX_STRING = 255;

function main(args: readonly string[]): number {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        selector: { type: 'string' },
        out: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
      allowPositionals: true,
    });
    if (values.help) return say(USAGE, 0);
    const [domain, ...more] = positionals;
    if (domain === undefined || more.length > 0) return complain('give one domain');
    const selector = values.selector ?? `arc${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`;
    return say(make({ domain, selector, file: values.out }), 0);
  } catch (problem) {
    return complain(problem instanceof Error ? problem.message : String(problem));
  }
}

type Wanted = { readonly domain: string; readonly selector: string; readonly file: string | undefined };

function make({ domain, selector, file }: Wanted): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: BITS });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const record = keyRecord(readSigningKey({ domain, selector, privateKeyPem: pem }));
  // `wx`: a key that is in use is not written over; 0600: for its owner alone.
  if (file !== undefined) writeFileSync(file, pem, { flag: 'wx', mode: 0o600 });
  const [pipe, shown] = file === undefined ? ['', `${pem}\n`] : [` < ${file}`, ''];
  return `${shown}1. Publish this record:

${record.name}. IN TXT ${inStrings(record.value)}

   A DNS host's form wants the name and, as one line without quotes:

${record.value}

2. Set in wrangler.toml, [vars]:

ARC_DOMAIN = "${domain}"
ARC_SELECTOR = "${selector}"

3. Give the Worker the key, and bring it into effect:

npx wrangler secret put ARC_KEY${pipe}
npx wrangler deploy

   ${file === undefined ? 'Paste all lines of the key above when it asks.' : `Then keep ${file} where secrets are kept, or delete it: a new key is made as easily.`}
4. GET /api/v1/clients/ID/trust says "ready". Leave the record of an earlier selector for two weeks: mail sealed with it is still read.
`;
}

function inStrings(value: string): string {
  const strings = value.match(new RegExp(`.{1,${MAX_STRING}}`, 'g')) ?? [];
  return strings.map((text) => `"${text}"`).join(' ');
}

function say(text: string, code: number): number {
  process.stdout.write(text);
  return code;
}

function complain(problem: string): number {
  process.stderr.write(`${problem}\n\n${USAGE}`);
  return 2;
}

process.exitCode = main(process.argv.slice(2));

/** The secrets of a local stack: random, made once per data folder, readable by its owner only. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type Secrets = { readonly operatorToken: string; readonly ingestToken: string; readonly sealKey: string };

const NAMES = ['operatorToken', 'ingestToken', 'sealKey'] as const;

/** The same ones at every start: the seal key opens the passwords of gateways that are stored already. */
export async function secretsOf(dataFolder: string): Promise<Secrets> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const path = join(dataFolder, 'secrets.json');
  const known = await readFile(path, 'utf8').then(parse, () => undefined);
  if (known !== undefined) return known;
  const made: Secrets = { operatorToken: random(), ingestToken: random(), sealKey: random() };
  await writeFile(path, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  return made;
}

function parse(text: string): Secrets | undefined {
  const values: Record<string, unknown> = JSON.parse(text);
  const [operatorToken, ingestToken, sealKey] = NAMES.map((name) => values[name]);
  if (typeof operatorToken !== 'string' || typeof ingestToken !== 'string' || typeof sealKey !== 'string')
    return undefined;
  return { operatorToken, ingestToken, sealKey };
}

// 256 bits: nobody guesses that.
function random(): string {
  return randomBytes(32).toString('base64url');
}

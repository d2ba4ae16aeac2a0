/** `npm run build`: builds the web into dist/web, unless what is there is newer than everything it is made of. */
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, run } from './shell/run.ts';

const BUILT = join(ROOT, 'dist/web/index.html');
// The lock file stands for the packages; folders count as well, so that a deleted file is noticed.
const SOURCES = ['src/web', 'vite.config.ts', 'package-lock.json'];

/** Resolves to what was done. Rejects with vite's output when the build fails. */
export async function buildWeb(): Promise<'built' | 'current'> {
  if (existsSync(BUILT) && (await newest(SOURCES)) < (await stat(BUILT)).mtimeMs) return 'current';
  const { exitCode, output } = await run('vite', ['build']);
  if (exitCode !== 0) throw new Error(`the web could not be built:\n${output}`);
  return 'built';
}

async function newest(names: readonly string[]): Promise<number> {
  const paths = names.map((name) => join(ROOT, name)).filter((path) => existsSync(path));
  const times = await Promise.all(paths.map(modifiedMs));
  return Math.max(...times.flat());
}

async function modifiedMs(path: string): Promise<readonly number[]> {
  const own = await stat(path);
  if (!own.isDirectory()) return [own.mtimeMs];
  const below = await readdir(path, { recursive: true });
  const times = await Promise.all(below.map(async (name) => (await stat(join(path, name))).mtimeMs));
  return [own.mtimeMs, ...times];
}

if (import.meta.main) {
  await buildWeb().then(
    (done) => process.stdout.write(`dist/web is ${done}\n`),
    (problem: unknown) => {
      process.stderr.write(`${problem instanceof Error ? problem.message : String(problem)}\n`);
      process.exitCode = 1;
    },
  );
}

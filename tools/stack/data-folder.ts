/** A stack's data folder has one owner: two Workers on one set of databases would write over each other. */
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Rejects with what to do when another process has it. The mark of one that died without letting go is taken over. */
export async function claimFolder(folder: string): Promise<{ release(): Promise<void> }> {
  await makeFolder(folder);
  const mark = join(folder, 'pid');
  const owner = Number(await readFile(mark, 'utf8').catch(() => Number.NaN));
  if (Number.isInteger(owner) && owner !== process.pid && isAlive(owner)) {
    throw new Error(
      `${folder} is in use by process ${owner}: stop that one, or choose another folder with --data DIR.`,
    );
  }
  await writeFile(mark, `${process.pid}\n`);
  return { release: () => rm(mark, { force: true }) };
}

async function makeFolder(folder: string): Promise<void> {
  const known = await stat(folder).catch(() => undefined);
  if (known !== undefined && !known.isDirectory())
    throw new Error(`${folder} is a file: give a folder with --data DIR.`);
  // Node's own recursive mkdir never returns below /proc.
  if (known === undefined && resolve(folder).startsWith('/proc/'))
    throw new Error(`${folder} cannot be made: choose another with --data DIR.`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

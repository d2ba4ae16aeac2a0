/** What there is to check: files git knows or would add, so that ignored output never counts. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from '../shell/run.ts';

const FOLDERS = ['src', 'test', 'tools', 'bench'];

export async function sourceFiles(pattern: RegExp): Promise<readonly string[]> {
  const { stdout, exitCode, output } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard']);
  if (exitCode !== 0) throw new Error(`git could not list the files: ${output}`);
  const paths = stdout.split('\n').filter((path) => pattern.test(path) && existsSync(join(ROOT, path)));
  return [...new Set(paths)];
}

/** The folders of code that exist: linters fail or, worse, pass on a folder that is not there. */
export function sourceFolders(): readonly string[] {
  return FOLDERS.filter((folder) => existsSync(join(ROOT, folder)));
}

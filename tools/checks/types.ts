/** tsc over every project, and proof that no file of ours is outside all of them. */
import { relative } from 'node:path';
import { ROOT, run } from '../shell/run.ts';
import type { Check, Finding } from './check.ts';
import { sourceFiles } from './sources.ts';

export const types: Check = {
  name: 'tsc',
  async run(): Promise<Finding> {
    const projects = await sourceFiles(/(^|\/)tsconfig\.json$/);
    const checked = new Set<string>();
    for (const project of projects) {
      const { exitCode, stdout, output } = await run('tsc', [
        '-p',
        project,
        '--noEmit',
        '--listFiles',
        '--pretty',
        'false',
      ]);
      const lines = stdout.split('\n');
      if (exitCode !== 0) {
        const errors = lines.filter((line) => !line.startsWith('/')).join('\n');
        return { kind: 'failed', output: `${project}:\n${errors.trim() === '' ? output : errors}` };
      }
      for (const line of lines) checked.add(relative(ROOT, line));
    }
    return coverage(checked, projects.length);
  },
};

async function coverage(checked: ReadonlySet<string>, projects: number): Promise<Finding> {
  const files = await sourceFiles(/^(src|test|tools|bench)\/.*\.tsx?$/);
  const missed = files.filter((file) => !checked.has(file));
  if (missed.length > 0) return { kind: 'failed', output: `no tsconfig.json includes:\n${missed.join('\n')}` };
  return { kind: 'ok', count: files.length, looked: `${files.length} files in ${projects} projects` };
}

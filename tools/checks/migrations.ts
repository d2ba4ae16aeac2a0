/** D1's schema: the SQL says what the code says, and what was applied somewhere is never rewritten. */
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ROOT, run } from '../shell/run.ts';
import type { Check, Finding } from './check.ts';

const FOLDER = 'migrations';
const SCHEMA = 'src/db/schema.ts';

export const generated: Check = {
  name: 'drizzle-kit generate',
  async run(): Promise<Finding> {
    // drizzle-kit takes only paths below the working directory, so the copy lies in node_modules, which nobody lists.
    const copy = await mkdtemp(join(ROOT, 'node_modules/.migrations-'));
    try {
      await cp(join(ROOT, FOLDER), copy, { recursive: true });
      const before = await readdir(copy);
      const args = ['generate', '--dialect', 'sqlite', '--schema', SCHEMA, '--out', relative(ROOT, copy)];
      const { exitCode, output } = await run('drizzle-kit', args);
      const added = (await readdir(copy)).filter((name) => !before.includes(name));
      if (exitCode !== 0) return { kind: 'failed', output };
      if (added.length > 0) {
        const sql = await Promise.all(added.map((name) => readFile(join(copy, name), 'utf8')));
        return { kind: 'failed', output: `${SCHEMA} has changed; \`npm run generate\` writes:\n${sql.join('\n')}` };
      }
      const tables = Number(/^(\d+) tables?$/m.exec(output)?.[1] ?? 0);
      return { kind: 'ok', count: tables, looked: `${tables} tables, no difference` };
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  },
};

export const appendOnly: Check = {
  name: 'migrations append-only',
  async run(): Promise<Finding> {
    const { stdout, exitCode, output } = await run('git', ['ls-tree', '-r', '--name-only', 'HEAD', FOLDER]);
    if (exitCode !== 0) return { kind: 'failed', output };
    const committed = stdout.split('\n').filter((path) => path.endsWith('.sql'));
    const sinceHead = await rewritten(['HEAD']);
    const sinceParent = (await hasParent()) ? await rewritten(['HEAD^', 'HEAD']) : [];
    const touched = [...new Set([...sinceHead, ...sinceParent])];
    if (touched.length > 0) {
      return {
        kind: 'failed',
        output: `already applied somewhere, so add a new one instead of changing:\n${touched.join('\n')}`,
      };
    }
    return { kind: 'ok', count: committed.length, looked: `${committed.length} committed files unchanged` };
  },
};

/** Migrations changed, renamed or deleted between two commits, or between one and the files as they lie here. */
async function rewritten(range: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await run('git', ['diff', '--name-only', '--diff-filter=MDRT', ...range, '--', `${FOLDER}/*.sql`]);
  return stdout.split('\n').filter((path) => path !== '');
}

/** The first commit has none, and neither has a shallow clone. */
async function hasParent(): Promise<boolean> {
  return (await run('git', ['rev-parse', '--verify', '--quiet', 'HEAD^'])).exitCode === 0;
}

/** The Worker as wrangler sees it: its bindings' types are current, and what would be deployed stays small. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ROOT, run } from '../shell/run.ts';
import type { Check, Finding } from './check.ts';

const TYPES = 'src/worker-env.d.ts';
// Cloudflare's limit is 3 MiB on its free plan, 10 MiB on the paid one. Ours is a third of the smaller: an isolate parses all of it
// before the first message after a deploy or a quiet hour is taken, and a dependency that doubles it must be noticed.
const BUDGET_KIB = 1024;

export const bindings: Check = {
  name: 'wrangler types --check',
  async run(): Promise<Finding> {
    const { exitCode, output } = await run('wrangler', ['types', '--check', '--include-runtime=false', TYPES]);
    if (exitCode !== 0) return { kind: 'failed', output: `${brief(output)}\n\`npm run generate\` writes ${TYPES}.` };
    const text = await readFile(join(ROOT, TYPES), 'utf8');
    const members = /interface __BaseEnv_Env \{([^}]*)\}/.exec(text)?.[1]?.match(/;/g)?.length ?? 0;
    return { kind: 'ok', count: members, looked: `${members} bindings and vars` };
  },
};

export const bundle: Check = {
  name: 'bundle budget',
  async run(): Promise<Finding> {
    const folder = await mkdtemp(join(tmpdir(), 'breakwater-bundle-'));
    try {
      const { exitCode, output } = await run('wrangler', ['deploy', '--dry-run', '--outdir', folder]);
      if (exitCode !== 0) return { kind: 'failed', output: brief(output) };
      const kib = Number(/gzip: ([\d.]+) KiB/.exec(output)?.[1] ?? 0);
      const assets = Number(/Read (\d+) files? from the assets/.exec(output)?.[1] ?? 0);
      if (kib > BUDGET_KIB) return { kind: 'failed', output: `${kib} KiB compressed; the budget is ${BUDGET_KIB} KiB` };
      return {
        kind: 'ok',
        count: Math.min(kib, assets),
        looked: `${kib} of ${BUDGET_KIB} KiB compressed, ${assets} assets`,
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** wrangler prints its own objects and stack beside the error: indented deeper than anything it says to people. */
function brief(output: string): string {
  const lines = stripVTControlCharacters(output).split('\n');
  return lines.filter((line) => line.trim() !== '' && !/^ {4}|^ {2}[}\]]/.test(line)).join('\n');
}

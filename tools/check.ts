/**
 * `npm run check`: every check of the house in one command, one line each with proof that it looked.
 * `npm run check -- tsc knip` runs only those whose name begins so.
 */
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { type Check, type Finding, judge } from './checks/check.ts';
import { appendOnly, generated } from './checks/migrations.ts';
import { dependencies, unused } from './checks/shape.ts';
import { biome, oxlint } from './checks/style.ts';
import { types } from './checks/types.ts';
import { bindings, bundle } from './checks/worker.ts';

// The longest first, so that the two workers end together.
const CHECKS: readonly Check[] = [bundle, types, oxlint, bindings, generated, unused, dependencies, biome, appendOnly];

const MAX_LINES = 60;

const wanted = process.argv.slice(2);
const chosen = CHECKS.filter(({ name }) => wanted.length === 0 || wanted.some((start) => name.startsWith(start)));
if (chosen.length === 0) {
  process.stderr.write(
    `No check begins with ${wanted.join(' or ')}. There are: ${CHECKS.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(2);
}

const failed: string[] = [];
const queue = [...chosen];
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
if (failed.length > 0) {
  process.stderr.write(`\n${failed.length} of ${chosen.length} failed: ${failed.join(', ')}\n`);
  process.exit(1);
}
process.stdout.write(`all ${chosen.length} checks passed\n`);

async function work(): Promise<void> {
  for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
    const startedAt = performance.now();
    const finding = judge(await check.run().catch(broken));
    print(check.name, finding, `${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    if (finding.kind === 'failed') failed.push(check.name);
  }
}

function broken(problem: unknown): Finding {
  return { kind: 'failed', output: problem instanceof Error ? (problem.stack ?? problem.message) : String(problem) };
}

function print(name: string, finding: Finding, took: string): void {
  switch (finding.kind) {
    case 'ok':
      process.stdout.write(`ok      ${name}: ${finding.looked} (${took})\n`);
      if (finding.notes !== undefined)
        process.stdout.write(finding.notes.replace(/^/gm, '        note: ').concat('\n'));
      return;
    case 'failed':
      process.stdout.write(`FAILED  ${name} (${took})\n${excerpt(finding.output)}\n`);
  }
}

/** All of it when a check was asked for by name; else enough to see what is wrong in one screen. */
function excerpt(output: string): string {
  const lines = output.trim().split('\n');
  const shown = wanted.length > 0 ? lines : lines.slice(0, MAX_LINES);
  const rest = lines.length - shown.length;
  if (rest > 0) shown.push(`… and ${rest} lines more: npm run check -- NAME shows all`);
  return shown.map((line) => `        ${line}`).join('\n');
}

/** oxlint with types, and Biome: how the code reads. */

import { run } from '../shell/run.ts';
import { type Check, countIn, type Finding } from './check.ts';
import { sourceFolders } from './sources.ts';

type LintReport = {
  readonly diagnostics: readonly {
    readonly severity: 'error' | 'warning';
    readonly code?: string;
    readonly message: string;
    readonly filename: string;
    readonly labels: readonly { readonly span: { readonly line: number } }[];
  }[];
  readonly number_of_files: number;
  readonly number_of_rules: number;
};

export const oxlint: Check = {
  name: 'oxlint (type-aware)',
  async run(): Promise<Finding> {
    const { exitCode, stdout, output } = await run('oxlint', ['--type-aware', '--format=json', ...sourceFolders()]);
    if (!stdout.trimStart().startsWith('{')) return { kind: 'failed', output };
    const report = JSON.parse(stdout) as LintReport;
    if (exitCode !== 0) return { kind: 'failed', output: lintLines(report, 'error') };
    const notes = lintLines(report, 'warning');
    return {
      kind: 'ok',
      count: Math.min(report.number_of_files, report.number_of_rules),
      looked: `${report.number_of_files} files, ${report.number_of_rules} rules`,
      // Warnings are the "think hard" sizes of the house style: listed, not fatal.
      ...(notes === '' ? {} : { notes }),
    };
  },
};

function lintLines(report: LintReport, severity: 'error' | 'warning'): string {
  const chosen = report.diagnostics.filter((diagnostic) => diagnostic.severity === severity);
  return chosen
    .map(({ filename, labels, code, message }) => `${filename}:${labels[0]?.span.line ?? 1} ${message} ${code ?? ''}`)
    .join('\n');
}

export const biome: Check = {
  name: 'biome',
  async run(): Promise<Finding> {
    const { exitCode, output } = await run('biome', ['check', '--error-on-warnings', '--max-diagnostics=50', '.']);
    if (exitCode !== 0)
      return { kind: 'failed', output: `${output}\n\`npm run format\` puts right what is only form.` };
    const count = countIn(output, /Checked ([\d,]+) files?/);
    return { kind: 'ok', count, looked: `${count} files` };
  },
};

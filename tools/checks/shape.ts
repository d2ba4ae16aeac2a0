/** Which file may know which, and whether anything is left that nobody uses. */

import { run } from '../shell/run.ts';
import { type Check, countIn, type Finding } from './check.ts';
import { sourceFolders } from './sources.ts';

export const dependencies: Check = {
  name: 'dependency-cruiser',
  async run(): Promise<Finding> {
    const folders = sourceFolders().filter((folder) => folder !== 'test');
    const { exitCode, output } = await run('depcruise', [
      '--config',
      '.dependency-cruiser.mjs',
      '--output-type',
      'err',
      ...folders,
    ]);
    if (exitCode !== 0) return { kind: 'failed', output };
    const modules = countIn(output, /([\d,]+) modules/);
    const arrows = countIn(output, /([\d,]+) dependencies/);
    // With a TypeScript it can not parse it cruises files but sees no imports, and is content: both numbers count.
    return { kind: 'ok', count: Math.min(modules, arrows), looked: `${modules} modules, ${arrows} dependencies` };
  },
};

export const unused: Check = {
  name: 'knip',
  async run(): Promise<Finding> {
    const { exitCode, output } = await run('knip', [
      '--no-progress',
      '--reporter',
      'symbols',
      '--reporter',
      './tools/checks/knip-count.ts',
    ]);
    if (exitCode !== 0) return { kind: 'failed', output };
    const count = countIn(output, /knip processed (\d+) files/);
    return { kind: 'ok', count, looked: `${count} files` };
  },
};

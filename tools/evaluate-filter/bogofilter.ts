import type { Label } from '../../src/core/spam/model.ts';
import { run } from './child.ts';
import type { Answer } from './figures.ts';
import type { Peer } from './peer.ts';

const LETTERS: Readonly<Record<string, Answer>> = { S: 'spam', H: 'ham', U: 'unsure' };

/** Three answers of its own, at its own thresholds. It does nothing but learn: untrained it is unsure of everything. */
export const judgeWithBogofilter: Peer = async ({ home, training, files }) => {
  const settings = ['-d', home, '-C'];
  await run('bogofilter', [...settings, '-n'], '');
  for (const [label, flag] of [
    ['ham', '-n'],
    ['spam', '-s'],
  ] as const satisfies readonly (readonly [Label, string])[]) {
    const paths = training.filter((file) => file.label === label).map(({ path }) => path);
    await run('bogofilter', [...settings, flag, '-b'], paths.map((path) => `${path}\n`).join(''));
  }
  const before = performance.now();
  const { output } = await run('bogofilter', [...settings, '-T', '-b'], files.map(({ path }) => `${path}\n`).join(''));
  const totalMs = performance.now() - before;
  const answers = new Map(
    output.split('\n').map((line) => {
      const [, path = '', letter = ''] = /^(.*) ([SHU]) [\d.e-]+$/.exec(line) ?? [];
      return [path, LETTERS[letter] ?? 'unsure'] as const;
    }),
  );
  return { judged: files.map(({ path, label }) => ({ path, label, answer: answers.get(path) ?? 'unsure' })), totalMs };
};

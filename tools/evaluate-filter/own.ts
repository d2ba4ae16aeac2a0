/** The filter of this product on labelled files. */
import { EMPTY_MODEL, learn, type SpamModel } from '../../src/core/spam/model.ts';
import { scoreSpam } from '../../src/core/spam/score.ts';
import { tokensOf } from '../../src/core/spam/tokens.ts';
import type { Judged } from './figures.ts';
import { factsOf, type LabelledFile } from './mail.ts';

export function trainedOn(files: readonly LabelledFile[]): SpamModel {
  return learn(
    EMPTY_MODEL,
    files.map((file) => ({ label: file.label, tokens: tokensOf(factsOf(file)) })),
  );
}

export function judgeAll(
  files: readonly LabelledFile[],
  model: SpamModel,
): { readonly judged: readonly Judged[]; readonly totalMs: number } {
  // Once before, unmeasured: a Worker's code is warm as well.
  for (const file of files.slice(0, 20)) scoreSpam(factsOf(file), model);
  const before = process.cpuUsage();
  const judged = files.map((file) => ({
    path: file.path,
    label: file.label,
    answer: scoreSpam(factsOf(file), model).answer,
  }));
  const { user, system } = process.cpuUsage(before);
  return { judged, totalMs: (user + system) / 1000 };
}

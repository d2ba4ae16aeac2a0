/** `npm run evaluate:filter`: exit code 0 when it ran, however well; 2 when the flags or what they name are wrong. */
import { baseModel } from '../src/filter/base-model.ts';
import { type Figures, figuresOf, type Judged } from './evaluate-filter/figures.ts';
import { type EvaluateFlags, parseEvaluateFlags, USAGE } from './evaluate-filter/flags.ts';
import { labelledFiles, shown, WrongInput } from './evaluate-filter/mail.ts';
import { judgeAll, trainedOn } from './evaluate-filter/own.ts';
import { judgeWith } from './evaluate-filter/peers.ts';

async function main(args: readonly string[]): Promise<number> {
  const parsed = parseEvaluateFlags(args);
  switch (parsed.kind) {
    case 'help':
      return say(USAGE, 0);
    case 'wrong':
      return complain(parsed.problem);
    case 'evaluate':
      try {
        return await evaluate(parsed.flags);
      } catch (problem) {
        if (problem instanceof WrongInput) return complain(problem.message);
        throw problem;
      }
  }
}

async function evaluate(flags: EvaluateFlags): Promise<number> {
  const training = [
    ...flags.trainHam.flatMap((place) => labelledFiles(place, 'ham')),
    ...flags.trainSpam.flatMap((place) => labelledFiles(place, 'spam')),
  ];
  const files = [
    ...flags.ham.flatMap((place) => labelledFiles(place, 'ham')),
    ...flags.spam.flatMap((place) => labelledFiles(place, 'spam')),
  ];
  const { judged, totalMs } = judgeAll(files, training.length === 0 ? baseModel() : trainedOn(training));
  const own = figuresOf(judged, totalMs);
  const peers: Record<string, Figures | { readonly problem: string }> = {};
  for (const peer of flags.compare) peers[peer] = await judgeWith(peer, training, files);
  const mistakes =
    flags.mistakes === 'named'
      ? judged.filter(isWrong).map(({ path, label, answer }) => ({ path: shown(path), label, answer }))
      : [];
  if (flags.output === 'json') {
    return say(
      `${JSON.stringify({ ...own, ...(flags.compare.length > 0 ? { compare: peers } : {}), ...(flags.mistakes === 'named' ? { mistakes } : {}) })}\n`,
      0,
    );
  }
  const rows = Object.entries({ breakwater: own, ...peers }).map(([name, figures]) => lineOf(name, figures));
  const head = `${'filter'.padEnd(14)}${'ham'.padStart(6)}${'spam'.padStart(6)}${'false+'.padStart(8)}${'false-'.padStart(8)}${'unsure'.padStart(8)}${'precision'.padStart(11)}${'recall'.padStart(8)}${'ms'.padStart(9)}\n`;
  return say(
    `${training.length} messages learned, ${files.length} judged\n\n${head}${rows.join('')}${mistakes.map(({ path, label, answer }) => `  ${label} called ${answer.padEnd(7)}${path}\n`).join('')}`,
    0,
  );
}

function isWrong({ label, answer }: Judged): boolean {
  return label !== answer;
}

function lineOf(name: string, figures: Figures | { readonly problem: string }): string {
  if ('problem' in figures) return `${name.padEnd(14)}${figures.problem}\n`;
  const { ham, spam, falsePositives, falseNegatives, unsure, precision, recall, msPerMessage } = figures;
  const share = (value: number) => `${(100 * value).toFixed(1)} %`;
  return `${name.padEnd(14)}${String(ham).padStart(6)}${String(spam).padStart(6)}${String(falsePositives).padStart(8)}${String(falseNegatives).padStart(8)}${String(unsure).padStart(8)}${share(precision).padStart(11)}${share(recall).padStart(8)}${msPerMessage.toFixed(2).padStart(9)}\n`;
}

function say(text: string, code: number): number {
  process.stdout.write(text);
  return code;
}

function complain(problem: string): number {
  process.stderr.write(`${problem}\n\n${USAGE}`);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));

/** What is to be said of a report: whether it is as it was written, and whether its figures are those of its lines. */
import { createHash } from 'node:crypto';
import { checkChain } from '../../src/core/report-chain.ts';
import { LineTally, valueFields } from '../../src/core/report-lines.ts';
import { type ReadReport, readReport } from './read-report.ts';

export type Verified =
  | { readonly kind: 'whole'; readonly messages: number; readonly last: string; readonly isComplete: boolean }
  | { readonly kind: 'broken'; readonly where: string; readonly problem: string }
  | { readonly kind: 'unreadable' };

export function verifyReport(text: string): Verified {
  const report = readReport(text);
  if (report === undefined) return { kind: 'unreadable' };
  const verdict = checkChain(report.chain, sha256);
  if (verdict.kind === 'broken') return verdict;
  const wrong = wrongFigure(report);
  if (wrong !== undefined) return { kind: 'broken', where: 'the figures', problem: wrong };
  const isComplete = report.figures['complete'] === 'true';
  return { kind: 'whole', messages: report.lines.length, last: verdict.last, isComplete };
}

/** The rejected and the missing have no line: they are taken as stated. */
function wrongFigure({ lines, figures, messages }: ReadReport): string | undefined {
  if (messages !== lines.length) return `${messages} messages are stated, and there are ${lines.length}`;
  const tally = new LineTally();
  for (const line of lines) tally.add(line);
  const rejectedByRule = Number(figures['rejectedByRule']);
  const missing = Number(figures['missing']);
  const counted = tally.figures({ rejectedByRule });
  const whole = { ...counted, missing, received: counted.received + missing };
  const wrong = valueFields(whole).find(([name, value]) => name !== 'addsUp' && figures[name] !== value);
  return wrong === undefined
    ? undefined
    : `"${wrong[0]}" is ${figures[wrong[0]] ?? 'not stated'}, and the lines say ${wrong[1]}`;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

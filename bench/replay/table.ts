/** Figures for people: one table, ratios beside them, all from one run. */
import type { Figure } from './measure.ts';
import type { PaceFigure } from './pace.ts';

export type Row = {
  readonly sizeBytes: number;
  readonly messages: number;
  readonly connections: number;
  /** how long the sink takes to answer the final dot */
  readonly answerMs: number;
  readonly replay: Figure;
  /** the same SMTP code without a spool */
  readonly floor: Figure;
  /** the same, each message's bytes fetched from R2 first */
  readonly fetching: Figure;
  /** Postfix's own queue; null where it is not installed */
  readonly postfix: Figure | null;
};

export type Results = { readonly rows: readonly Row[]; readonly pace: PaceFigure };

const COLUMNS = [
  'size',
  'messages',
  'conns',
  'answer ms',
  'replay/s',
  'floor/s',
  '+R2/s',
  'Postfix/s',
  '÷ floor',
  '÷ +R2',
  '÷ Postfix',
];
const CPU_COLUMNS = ['replay ms', 'floor ms', '+R2 ms', 'Postfix ms'];

export function rowLine(row: Row): string {
  return lineOf(cells(row));
}

export function table({ rows, pace }: Results): string {
  const lines = [[...COLUMNS, ...CPU_COLUMNS], ...rows.map(cells)].map(lineOf);
  const { setPerMinute, measuredPerMinute, deviationPercent, mostInASecond } = pace;
  const sign = deviationPercent >= 0 ? '+' : '';
  return `${lines.join('\n')}

Messages a second, and processor time of the sender for one message, after the first third of each run.
Pace: ${setPerMinute} a minute set, ${measuredPerMinute.toFixed(1)} measured (${sign}${deviationPercent.toFixed(2)} %), at most ${mostInASecond} in a second.
`;
}

function lineOf(line: readonly string[]): string {
  return line.map((cell, index) => cell.padStart(index === 0 ? 8 : 11)).join('');
}

function cells({
  sizeBytes,
  messages,
  connections,
  answerMs,
  replay,
  floor,
  fetching,
  postfix,
}: Row): readonly string[] {
  const rate = (figure: Figure | null) => (figure === null ? '-' : figure.messagesPerSecond.toFixed(1));
  const cpu = (figure: Figure | null) => (figure === null ? '-' : figure.cpuMsPerMessage.toFixed(2));
  const ratio = (figure: Figure | null) =>
    figure === null ? '-' : (replay.messagesPerSecond / figure.messagesPerSecond).toFixed(2);
  return [
    sizeWords(sizeBytes),
    String(messages),
    String(connections),
    String(answerMs),
    ...[replay, floor, fetching, postfix].map(rate),
    ...[floor, fetching, postfix].map(ratio),
    ...[replay, floor, fetching, postfix].map(cpu),
  ];
}

function sizeWords(bytes: number): string {
  return bytes >= 1_048_576 ? `${Math.round(bytes / 1_048_576)} MiB` : `${Math.round(bytes / 1_024)} KiB`;
}

/**
 * The report of an outage as a file: what it was, a line for each message, and the figures that those very lines add up to (P5). The
 * figures come last because a running outage changes under the pen: so they never say something else than the lines do.
 */
import { createHash } from 'node:crypto';
import type { OutageReport } from '../core/ledger.ts';
import { chainLink, chainSeed } from '../core/report-chain.ts';
import { LineTally, lineFields, type ReportLine, type ReportValue, valueFields } from '../core/report-lines.ts';
import type { ExportPort, ExportRow, OutageExport } from './export-port.ts';
import { outageRows } from './export-source.ts';
import { REPORT_FORMS, type ReportFormat } from './report-forms.ts';

export type ReportAsk = {
  readonly clientId: string;
  readonly format: ReportFormat;
  readonly found: OutageExport;
  readonly port: ExportPort;
  readonly now: () => number;
  /** before the last bytes leave: what the chain ended in */
  readonly written: (chain: { readonly messages: number; readonly last: string }) => Promise<void>;
};

export async function* outageReportBytes(ask: ReportAsk): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const text of reportText(ask)) yield encoder.encode(text);
}

async function* reportText({ clientId, format, found, port, now, written }: ReportAsk): AsyncGenerator<string> {
  const form = REPORT_FORMS[format];
  const { id } = found.outage;
  const tally = new LineTally();
  const head = headOf(clientId, found, now());
  let hash = chainLink(chainSeed(clientId, id, sha256), valueFields(head).flat(), sha256);
  let text = form.head(head, hash);
  for await (const row of outageRows(port, id, EVERYTHING)) {
    const line = lineOf(row);
    hash = chainLink(hash, lineFields(line), sha256);
    text += form.line(line, { hash, isFirst: tally.lines === 0 });
    tally.add(line);
    if (text.length < PIECE) continue;
    yield text;
    text = '';
  }
  const figures = figuresOf(tally, (await port.outageExport(id)) ?? found);
  hash = chainLink(hash, valueFields(figures).flat(), sha256);
  const chain = { messages: tally.lines, last: hash };
  await written(chain);
  yield text + form.foot(figures, hash, chain);
}

const EVERYTHING = { from: 0, below: undefined };
const PIECE = 32_768;

function headOf(clientId: string, { outage }: OutageExport, now: number): Record<string, ReportValue> {
  return {
    client: clientId,
    outage: outage.id,
    kind: outage.kind,
    cause: outage.cause,
    openedBy: outage.openedBy,
    closedBy: outage.closedBy,
    firstDeferralAt: isoOf(outage.firstDeferralAt),
    detectedAt: isoOf(outage.downAt),
    mailboxesReadyAt: isoOf(outage.mailboxesReadyAt),
    mailboxes: outage.mailboxes,
    repairedAt: isoOf(outage.repairedAt),
    closedAt: isoOf(outage.closedAt),
    writtenAt: isoOf(now),
  };
}

function lineOf(row: ExportRow): ReportLine {
  const { id, kind, state, recipient, sizeBytes, sha256: contentHash, attempts, uncertainAttempts, detail } = row;
  return {
    id,
    kind,
    state,
    receivedAt: isoOf(row.receivedAt) ?? '',
    sender: row.sender === '' ? '<>' : row.sender,
    recipient,
    sizeBytes,
    sha256: contentHash,
    attempts,
    uncertainAttempts,
    detail,
    settledAt: isoOf(row.settledAt) ?? '',
  };
}

/** `complete`: nothing of it can change any more but by a person, and the ledger counts what the lines count. */
function figuresOf(tally: LineTally, { outage, rejectedByRule, shown }: OutageExport): Record<string, ReportValue> {
  const figures = tally.figures({ rejectedByRule, shown: shown ?? undefined });
  const isOver = outage.closedAt !== null;
  const isCounted = sameFigures(figures, outage.report);
  return {
    ...figures,
    complete: isOver && isCounted,
    remark: isOver ? (isCounted ? '' : CHANGED) : RUNNING,
  };
}

const RUNNING = 'The outage is not over: these are the figures of the moment.';
const CHANGED = 'Something changed while this was written: ask for it again.';

function sameFigures(one: OutageReport, other: OutageReport): boolean {
  return valueFields(one).every(([name, value]) =>
    valueFields(other).some(([otherName, otherValue]) => otherName === name && otherValue === value),
  );
}

function isoOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

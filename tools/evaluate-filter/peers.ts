/**
 * Other filters on the same files: SpamAssassin, rspamd and bogofilter as Debian packages them, without the network. Each works in a
 * temporary directory of its own, learns the same mail where it can learn, and is ended whatever happens.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgeWithBogofilter } from './bogofilter.ts';
import { type Figures, figuresOf } from './figures.ts';
import type { PeerName } from './flags.ts';
import type { LabelledFile } from './mail.ts';
import type { Peer } from './peer.ts';
import { judgeWithRspamd } from './rspamd.ts';
import { judgeWithSpamAssassin } from './spamassassin.ts';

const PEER: Readonly<Record<PeerName, Peer>> = {
  spamassassin: judgeWithSpamAssassin,
  rspamd: judgeWithRspamd,
  bogofilter: judgeWithBogofilter,
};

export async function judgeWith(
  name: PeerName,
  training: readonly LabelledFile[],
  files: readonly LabelledFile[],
): Promise<Figures | { readonly problem: string }> {
  const home = mkdtempSync(join(tmpdir(), `evaluate-${name}-`));
  try {
    const { judged, totalMs } = await PEER[name]({ home, training, files });
    return figuresOf(judged, totalMs);
  } catch (problem) {
    return { problem: problem instanceof Error ? problem.message : String(problem) };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

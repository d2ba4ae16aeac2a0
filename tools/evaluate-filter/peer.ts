/** What a filter beside ours is asked to do, and what it answers. */
import type { Judged } from './figures.ts';
import type { LabelledFile } from './mail.ts';

export type PeerRun = { readonly judged: readonly Judged[]; readonly totalMs: number };

/** What a peer is asked to do: learn, then judge, with `home` for whatever it keeps. */
export type PeerTask = {
  readonly home: string;
  readonly training: readonly LabelledFile[];
  readonly files: readonly LabelledFile[];
};

export type Peer = (task: PeerTask) => Promise<PeerRun>;

/** A real rspamd beside it, asked over HTTP as the service asks one; processor time of its own processes. */
import { startRealRspamd } from '../../tools/stack/real/rspamd.ts';
import { cpuMsOf } from '../replay/measure.ts';
import { ENVELOPE, PEER } from './messages.ts';

export type RspamdBench = { cpuMs(bytes: Uint8Array): Promise<number> };

// The kernel counts in hundredths of a second: so many that there is something to count.
const MIN_TICKS_MS = 500;
const MAX_RUNS = 200;

export async function openRspamd(folder: string): Promise<RspamdBench> {
  const port = await startRealRspamd(folder);
  const check = async (bytes: Uint8Array) => {
    const response = await fetch(`http://127.0.0.1:${port}/checkv2`, {
      method: 'POST',
      headers: { from: ENVELOPE.reversePath, rcpt: ENVELOPE.recipient, ip: PEER.remoteIp, helo: PEER.helo },
      body: Buffer.from(bytes),
    });
    if (!response.ok) throw new Error(`rspamd answered ${response.status}`);
    await response.arrayBuffer();
  };
  return {
    async cpuMs(bytes) {
      await check(bytes);
      const before = cpuMsOf(folder, 'all');
      let runs = 0;
      for (; runs < MAX_RUNS && cpuMsOf(folder, 'all') - before < MIN_TICKS_MS; runs += 1) await check(bytes);
      return (cpuMsOf(folder, 'all') - before) / runs;
    },
  };
}

/** The same SMTP code without a spool, in the same runtime (bench/floor/worker.ts). */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../tools/shell/run.ts';
import { freePort } from '../../tools/stack/ports.ts';
import { startWorker } from '../../tools/stack/worker.ts';
import type { FloorOrder } from '../floor/order.ts';
import { contentOf } from './content.ts';
import { cpuMsOf, type Figure, measure } from './measure.ts';
import type { Sink } from './sink.ts';

export type FloorRun = { readonly messages: number; readonly sizeBytes: number; readonly connections: number };

export type FloorBench = {
  run(order: FloorRun, bytes: FloorOrder['bytes']): Promise<Figure>;
  close(): Promise<void>;
};

// As long as what the replay prepends.
const HEAD = `${'Received: from world.example by edge.breakwater.test (Breakwater) with ESMTP;'.padEnd(150)}\r\n`;

const CONFIG = `name = "breakwater-floor"
main = ${JSON.stringify(join(ROOT, 'bench/floor/worker.ts'))}
compatibility_date = "2026-10-10"
[[r2_buckets]]
binding = "CONTENT"
bucket_name = "breakwater-floor"
`;

export async function openFloorBench(folder: string, sink: Sink): Promise<FloorBench> {
  const dataFolder = join(folder, 'floor');
  await mkdir(dataFolder, { recursive: true });
  // In this folder, because wrangler builds beside its configuration.
  const config = join(dataFolder, 'wrangler.toml');
  await writeFile(config, CONFIG);
  const worker = await startWorker({
    config,
    port: await freePort(),
    dataFolder,
    environment: {},
    onEvent: () => {},
  });
  return {
    async run({ messages, sizeBytes, connections }, bytes) {
      sink.forget();
      const content = contentOf(1, sizeBytes);
      const order: FloorOrder = { port: sink.port, connections, messages, content, head: HEAD, bytes };
      const [figure] = await Promise.all([
        measure(sink, messages, () => cpuMsOf(dataFolder, ['workerd'])),
        place(worker.url, order),
      ]);
      return figure;
    },
    close: () => worker.kill(),
  };
}

async function place(url: string, order: FloorOrder): Promise<void> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(order) });
  const text = await response.text();
  if (!response.ok) throw new Error(`the floor gave up: ${text}`);
}

/** Runs in Node beside the tests in workerd, which cannot start a program: `GET /clamd` or `/rspamd` starts it and gives its port. */
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startRealClamd } from '../../../tools/stack/real/clamd.ts';
import { openServersFolder, type ServersFolder } from '../../../tools/stack/real/folder.ts';
import { SCANNERS, type ScannerName, whyNoScanner } from '../../../tools/stack/real/installed.ts';
import { startRealRspamd } from '../../../tools/stack/real/rspamd.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly realScanners: string;
  }
}

const START: Readonly<Record<ScannerName, (folder: string) => Promise<number>>> = {
  clamd: startRealClamd,
  rspamd: startRealRspamd,
};

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  for (const name of namesOf()) {
    const reason = whyNoScanner(name);
    if (reason !== undefined) process.stdout.write(`the contract at a real ${name}: skipped, ${reason}\n`);
  }
  const started = new Map<ScannerName, Promise<number>>();
  let folder: Promise<ServersFolder> | undefined;
  const start = async (name: ScannerName) => {
    folder ??= openServersFolder();
    return START[name](join((await folder).path, name));
  };
  const server = createServer((request, response) => {
    const name = namesOf().find((one) => request.url === `/${one}`);
    if (name === undefined) return void response.writeHead(404).end();
    const port = started.get(name) ?? start(name);
    started.set(name, port);
    port.then(
      (value) => response.end(String(value)),
      (problem: unknown) => response.writeHead(500).end(String(problem)),
    );
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  project.provide('realScanners', `http://127.0.0.1:${port}`);
  return async () => {
    server.closeAllConnections();
    server.close();
    await (await folder)?.close();
  };
}

function namesOf(): readonly ScannerName[] {
  return Object.keys(SCANNERS) as ScannerName[];
}

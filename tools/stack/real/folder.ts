/** A folder for real servers, gone with everything that runs in it: when it is closed, or when this process ends in any way. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';

export type ServersFolder = { readonly path: string; close(): Promise<void> };

export async function openServersFolder(): Promise<ServersFolder> {
  // /tmp by name: paths of sockets have 108 bytes, and the temporary folder of some machines uses them up.
  const path = await mkdtemp('/tmp/breakwater-real-');
  // Postfix and Dovecot go in as users of their own.
  await chmod(path, 0o755);
  const reaper = spawn(process.execPath, [join(import.meta.dirname, 'reaper.ts'), path], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  });
  const gone = once(reaper, 'exit');
  reaper.unref();
  return {
    path,
    async close() {
      reaper.stdin.end();
      reaper.ref();
      await gone;
    },
  };
}

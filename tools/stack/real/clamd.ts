/** A real clamd on loopback that knows one thing, EICAR: no freshclam, no signatures from anywhere. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../ports.ts';
import { SCANNERS } from './installed.ts';
import { startScannerProcess } from './scanner-process.ts';

/** Larger messages are answered "size limit exceeded". */
export const CLAMD_MAX_BYTES = 4 * 1024 * 1024;

/** Its port. */
export async function startRealClamd(folder: string): Promise<number> {
  const port = await freePort();
  const database = join(folder, 'signatures');
  await mkdir(database, { recursive: true });
  // MD5:size:name of the EICAR test file (https://docs.clamav.net/manual/Signatures/HashSignatures.html)
  await writeFile(join(database, 'test.hdb'), '44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-Signature\n');
  const conf = join(folder, 'clamd.conf');
  await writeFile(
    conf,
    `DatabaseDirectory ${database}
TCPSocket ${port}
TCPAddr 127.0.0.1
Foreground yes
TemporaryDirectory ${folder}
StreamMaxLength ${CLAMD_MAX_BYTES}
`,
  );
  await startScannerProcess({ program: SCANNERS.clamd, args: ['-c', conf], folder, port });
  return port;
}

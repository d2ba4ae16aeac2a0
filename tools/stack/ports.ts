/** Ports of this machine. */
import { createServer } from 'node:net';

/** A port nobody listens on now; somebody may a moment later, which whoever uses it will then say. */
export function freePort(): Promise<number> {
  return tryPort(0);
}

export function isFree(port: number): Promise<boolean> {
  return tryPort(port).then(
    () => true,
    () => false,
  );
}

/** Resolves when `port` of loopback can be listened on; rejects with words that say what to change. */
export async function mustBeFree(port: number, flag: string): Promise<void> {
  await tryPort(port).catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const why = code === 'EADDRINUSE' ? 'is taken by another program' : `can not be used (${code})`;
    throw new Error(`Port ${port} ${why}: choose another with ${flag} PORT, or stop what listens there.`, { cause });
  });
}

function tryPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}

/** Runs one of the servers' own programs to its end. */
import { spawn } from 'node:child_process';

// They only start or ask a server: what takes longer hangs.
const LIMIT_MS = 60_000;

/** Its standard output; rejects with what it said when it fails. */
export function runProgram(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    // Not 'close': a daemon keeps what it was started with open for as long as it lives. One turn for what is still in the pipe.
    child.on('exit', (code) =>
      setImmediate(() => {
        child.stdout.destroy();
        child.stderr.destroy();
        if (code === 0) resolve(stdout);
        else reject(new Error(`${program} ${args.join(' ')} ended with ${code}: ${stderr.trim() || stdout.trim()}`));
      }),
    );
  });
}

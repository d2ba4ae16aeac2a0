/** A program run to its end, with what it said. */
import { spawn } from 'node:child_process';

export type Ended = { readonly code: number; readonly output: string };

/** A filter that hangs is ended: learning thousands of messages takes a slow one some minutes. */
const LONGEST_MS = 20 * 60_000;

export function run(program: string, args: readonly string[], input = ''): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: LONGEST_MS,
      killSignal: 'SIGKILL',
    });
    const said: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
    // What it complains of is not wanted, and a pipe nobody reads fills up.
    child.stderr.resume();
    child.stdin.on('error', () => undefined);
    child.on('error', (problem: NodeJS.ErrnoException) =>
      reject(problem.code === 'ENOENT' ? new Error(`${program} is not installed`) : problem),
    );
    child.on('close', (code) => resolve({ code: code ?? -1, output: Buffer.concat(said).toString('utf8') }));
    child.stdin.end(input);
  });
}

/** A real scanner in the foreground, in a folder of its own: started when its port answers, ended with its folder. */
import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { isFree } from '../ports.ts';

export type ScannerProcess = {
  readonly program: string;
  readonly args: readonly string[];
  /** where it works: by this it is known for one of the folder's, whatever it calls itself */
  readonly folder: string;
  readonly port: number;
};

// rspamd compiles its rules first: seconds on an idle machine, and two cores are seldom idle.
const START_MS = 90_000;

export async function startScannerProcess({ program, args, folder, port }: ScannerProcess): Promise<void> {
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let ended: string | undefined;
  const hear = (chunk: Buffer) => {
    said = `${said}${chunk.toString('latin1')}`.slice(-2_000);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  child.on('error', (problem) => {
    ended = String(problem);
  });
  child.on('exit', (code) => {
    ended = `it ended with ${code}`;
  });
  for (const end = Date.now() + START_MS; await isFree(port); await wait(50)) {
    if (ended !== undefined) throw new Error(`${program} did not start: ${ended}\n${said}`);
    if (Date.now() > end) throw new Error(`${program} did not listen on port ${port}\n${said}`);
  }
}

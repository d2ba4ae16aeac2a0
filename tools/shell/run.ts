/** Runs a program of node_modules/.bin, or git, at the root of the repository. */
import { spawn } from 'node:child_process';
import { delimiter, join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

export type Ran = { readonly exitCode: number; readonly stdout: string; readonly output: string };

// The slowest (the bundle, with the web built first) takes half a minute on two cores; one that hangs must not hold CI for its 20 minutes.
const LIMIT_MS = 240_000;
const BIN = join(ROOT, 'node_modules/.bin');
// The Node that `npm ci` installed comes first: wrangler needs a newer one than many machines have.
const ENVIRONMENT = {
  ...process.env,
  PATH: `${BIN}${delimiter}${process.env['PATH'] ?? ''}`,
  NO_COLOR: '1',
  CI: '1',
  WRANGLER_SEND_METRICS: 'false',
};

/** Never rejects: a program that can not be started is a result as well, with exit code 127. */
export function run(program: string, args: readonly string[]): Promise<Ran> {
  return new Promise((settle) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIMIT_MS,
    });
    let stdout = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.on('error', (problem) => settle({ exitCode: 127, stdout, output: `${program}: ${problem.message}` }));
    child.on('close', (code, signal) => {
      const ended = signal === null ? '' : `\n${program} was ended by ${signal}`;
      settle({ exitCode: code ?? 1, stdout, output: output + ended });
    });
  });
}

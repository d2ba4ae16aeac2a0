/**
 * Runs a program that must not outlive its parent: `node tether.ts PROGRAM ARGS…`, standard input being the tether. When the
 * parent ends, however it ends, the pipe closes and the whole process group is killed. wrangler starts workerd twice and esbuild
 * twice; a parent that is killed would leave all four behind, holding the ports.
 */
import { spawn } from 'node:child_process';

const [program = '', ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
child.on('exit', (code) => process.exit(code ?? 1));
child.on('error', (problem) => {
  process.stderr.write(`${problem.message}\n`);
  process.exit(127);
});
// Started with `detached`, this process leads a group of its own: the negative id means all of it.
process.stdin.resume().on('close', () => process.kill(-process.pid, 'SIGKILL'));

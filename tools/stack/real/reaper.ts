/**
 * `node reaper.ts FOLDER`: waits for the end of its standard input, which is the end of its parent, however that came; then ends
 * every process of the folder and removes it. Postfix and Dovecot run as daemons: nothing else would take them along.
 */
import { rm } from 'node:fs/promises';
import { killProcessesOf } from './processes.ts';

const [folder = ''] = process.argv.slice(2);
if (!folder.startsWith('/tmp/')) throw new Error(`"${folder}" is no folder of a proof`);
// A Ctrl-C in the terminal is for the parent, and goes to the whole group.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.stdin.resume().on('close', () => {
  void killProcessesOf(folder).then(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
});

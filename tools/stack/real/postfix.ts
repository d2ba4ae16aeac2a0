/** A real Postfix on loopback, to be given mail, to be killed and to be started again. */
import { chown, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PROGRAMS } from './installed.ts';
import { killProcessesOf } from './processes.ts';
import { runProgram } from './program.ts';
import { userOf } from './user.ts';

export type Postfix = {
  start(): Promise<void>;
  /** `postfix stop`: what is being received is finished first */
  stop(): Promise<void>;
  /** SIGKILL to every one of its processes */
  kill(): Promise<void>;
  /** messages it has taken and not delivered yet */
  queued(): Promise<number>;
};

// On two busy cores its own checks of the folder take seconds.
const START_MS = 30_000;
const QUEUES = ['maildrop', 'incoming', 'active', 'deferred'];

export type PostfixFiles = {
  /** of its own: its queue, its log and its configuration */
  readonly folder: string;
  readonly mainCf: string;
  readonly masterCf: string;
  /** further files beside them, by name */
  readonly maps: Readonly<Record<string, string>>;
  /** it has started when all of them answer */
  readonly ports: readonly number[];
};

/** Its files are written; it is not started yet. */
export async function createPostfix({ folder, mainCf, masterCf, maps, ports }: PostfixFiles): Promise<Postfix> {
  const at = (name: string) => join(folder, name);
  await mkdir(at('queue'), { recursive: true });
  await mkdir(at('data'), { recursive: true });
  const { uid } = await userOf('postfix');
  await chown(at('data'), uid, -1);
  const files = Object.entries({ ...maps, 'main.cf': mainCf, 'master.cf': masterCf });
  for (const [name, text] of files) await writeFile(at(name), text);
  const postfix = (verb: string) => runProgram(PROGRAMS.postfix, ['-c', folder, verb]);
  return {
    async start() {
      await postfix('start');
      await Promise.all(ports.map(answers));
    },
    stop: () => postfix('stop').then(() => {}),
    kill: () => killProcessesOf(folder),
    async queued() {
      const files = await Promise.all(QUEUES.map((name) => filesIn(at(`queue/${name}`))));
      return files.flat().length;
    },
  };
}

async function answers(port: number): Promise<void> {
  const end = Date.now() + START_MS;
  while (!(await isOpen(port))) {
    if (Date.now() > end) throw new Error(`Postfix did not answer on port ${port} within ${START_MS / 1000} s`);
    await wait(50);
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      socket.end('QUIT\r\n');
      resolve(true);
    });
    socket.once('error', () => resolve(false)).once('close', () => resolve(false));
  });
}

/** Postfix marks a file it has taken responsibility for as executable; what was cut off in the middle of its receipt never is. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const taken = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ mode }) => (mode & 0o100) !== 0,
        () => false,
      ),
    ),
  );
  return paths.filter((_, index) => taken[index]);
}

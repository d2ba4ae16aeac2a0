/** A real Postfix on loopback, to be given mail, to be killed and to be started again. */
import { chown, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PROGRAMS } from './installed.ts';
import { mainCf, masterCf, type PostfixConfig, type PostfixPerson, peopleMap, transportMap } from './postfix-config.ts';
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
  log(): Promise<string>;
};

// On two busy cores its own checks of the folder take seconds.
const START_MS = 30_000;
const QUEUES = ['maildrop', 'incoming', 'active', 'deferred'];

/** Its files are written; it is not started yet. */
export async function createPostfix(config: PostfixConfig, people: readonly PostfixPerson[]): Promise<Postfix> {
  const { folder } = config;
  const at = (name: string) => join(folder, name);
  await mkdir(at('queue'), { recursive: true });
  await mkdir(at('data'), { recursive: true });
  const { uid } = await userOf('postfix');
  await chown(at('data'), uid, -1);
  await writeFile(at('main.cf'), mainCf(config));
  await writeFile(at('master.cf'), masterCf(config));
  await writeFile(at('people'), peopleMap(people));
  await writeFile(at('transports'), transportMap(people, config.lmtpPort));
  await writeFile(at('strip-ours'), STRIP_OURS);
  const postfix = (verb: string) => runProgram(PROGRAMS.postfix, ['-c', folder, verb]);
  return {
    async start() {
      await postfix('start');
      await Promise.all([config.submissionPort, config.publicPort].map(answers));
    },
    stop: () => postfix('stop').then(() => {}),
    kill: () => killProcessesOf(folder),
    async queued() {
      const files = await Promise.all(QUEUES.map((name) => filesIn(at(`queue/${name}`))));
      return files.flat().length;
    },
    log: () => readFile(at('mail.log'), 'utf8').catch(() => ''),
  };
}

// Postfix checks headers line by line as unfolded fields; IGNORE takes the field off.
const STRIP_OURS = '/^X-Breakwater-/ IGNORE\n';

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

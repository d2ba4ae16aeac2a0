/** The Worker on this machine, by `wrangler dev`: D1, R2 and the objects embedded, everything kept in one folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { ROOT, run } from '../shell/run.ts';

export type WorkerSettings = {
  /** of another Worker than the product, one without databases, which answers GET by 200 when it is ready */
  readonly config?: string;
  readonly port: number;
  readonly dataFolder: string;
  /** vars and secrets, by name */
  readonly environment: Readonly<Record<string, string>>;
  /** each event the Worker logs, parsed */
  readonly onEvent: (event: Readonly<Record<string, unknown>>) => void;
};

export type RunningWorker = {
  readonly url: string;
  /** as a crash would end it: nothing is told, nothing is flushed */
  kill(): Promise<void>;
  /** rejects with the last lines of its log if it ends without being killed */
  readonly ended: Promise<void>;
};

// A cold start on a busy machine takes some 10 s; after a minute something is wrong that waiting does not mend.
const START_MS = 60_000;
const BIN = join(ROOT, 'node_modules/.bin');
const TETHER = join(import.meta.dirname, 'tether.ts');

/** Resolves when the Worker answers. The same folder may be used again after `kill()`, as after a crash. */
export async function startWorker(settings: WorkerSettings): Promise<RunningWorker> {
  if (settings.config === undefined) await applyMigrations(settings.dataFolder);
  const child = await spawnWrangler(settings);
  const url = `http://127.0.0.1:${settings.port}`;
  const log = join(settings.dataFolder, 'worker.log');
  let killed = false;
  const ended = once(child, 'exit').then(async () => {
    if (!killed) throw new Error(`the Worker ended. Its log, ${log}, ends with:\n${await tail(log)}`);
  });
  await Promise.race([answers(url, log), ended]);
  // From here on whoever cares has the promise; unheard, it must not end the process.
  ended.catch(() => {});
  return {
    url,
    ended,
    async kill() {
      killed = true;
      killGroup(child);
      await ended.catch(() => {});
    },
  };
}

async function spawnWrangler({
  port,
  dataFolder,
  environment,
  onEvent,
  config,
}: WorkerSettings): Promise<ChildProcess> {
  const envFile = join(dataFolder, 'worker.env');
  const lines = Object.entries(environment).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
  // In a file and not on the command line, which everybody on the machine can read.
  await writeFile(envFile, lines.join(''), { mode: 0o600 });
  const args = [
    'dev',
    ...(config === undefined ? [] : ['--config', config]),
    '--local',
    '--ip',
    '127.0.0.1',
    '--port',
    String(port),
    '--inspector-port',
    '0',
    '--persist-to',
    stateOf(dataFolder),
  ];
  const quiet = ['--env-file', envFile, '--log-level', 'log', '--show-interactive-dev-session=false'];
  const child = spawn(process.execPath, [TETHER, join(BIN, 'wrangler'), ...args, ...quiet], {
    cwd: ROOT,
    env: {
      ...process.env,
      PATH: `${BIN}${delimiter}${process.env['PATH'] ?? ''}`,
      WRANGLER_SEND_METRICS: 'false',
      // wrangler's own record of every statement and fetch costs more than they do, and nobody here reads it.
      X_LOCAL_OBSERVABILITY: 'false',
      NO_COLOR: '1',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const file = createWriteStream(join(dataFolder, 'worker.log'), { flags: 'a', mode: 0o600 });
  for (const output of [child.stdout, child.stderr]) {
    output.pipe(file, { end: false });
    createInterface({ input: output }).on('line', (line) => tell(line, onEvent));
  }
  return child;
}

/** The Worker's own events are JSON objects with a kind (src/core/event.ts), errors among them behind wrangler's mark. */
function tell(line: string, onEvent: WorkerSettings['onEvent']): void {
  const json = /\{"kind":.*\}/.exec(line)?.[0];
  if (json === undefined) return;
  try {
    onEvent(JSON.parse(json));
  } catch {
    // Half a line at the moment of a crash: it is in the log file as it is.
  }
}

async function answers(url: string, log: string): Promise<void> {
  const until = Date.now() + START_MS;
  while (Date.now() < until) {
    const response = await fetch(`${url}/api/v1/openapi.json`).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok === true) return;
    await wait(100);
  }
  throw new Error(
    `the Worker did not answer within ${START_MS / 1000} s. Its log, ${log}, ends with:\n${await tail(log)}`,
  );
}

/** wrangler takes seconds to find that there is nothing to do: the names of what was applied are kept beside the data. */
async function applyMigrations(dataFolder: string): Promise<void> {
  const names = (await readdir(join(ROOT, 'migrations'))).filter((name) => name.endsWith('.sql')).sort();
  const stamp = join(dataFolder, 'migrations-applied');
  const applied = names.join('\n');
  if (existsSync(stateOf(dataFolder)) && (await readFile(stamp, 'utf8').catch(() => '')) === applied) return;
  const { exitCode, output } = await run('wrangler', [
    'd1',
    'migrations',
    'apply',
    'DB',
    '--local',
    '--persist-to',
    stateOf(dataFolder),
  ]);
  if (exitCode !== 0) throw new Error(`the migrations could not be applied:\n${output}`);
  await writeFile(stamp, applied);
}

function stateOf(dataFolder: string): string {
  return join(dataFolder, 'state');
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended by itself in this moment.
  }
}

async function tail(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-20).join('\n');
}

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Judged } from './figures.ts';
import type { LabelledFile } from './mail.ts';
import type { Peer } from './peer.ts';

// What it would do with the message: the first two it marks or refuses; to greylist is to be unsure.
const ANSWERS: Readonly<Record<string, Answer>> = {
  reject: 'spam',
  'add header': 'spam',
  'rewrite subject': 'spam',
  greylist: 'unsure',
  'soft reject': 'unsure',
};
const START_MS = 30_000;
// What fails for want of a network, and for the age of a sample, would speak against everything alike.
const SETTINGS = JSON.stringify({
  groups_disabled: ['hfilter'],
  symbols_disabled: ['RDNS_NONE', 'RDNS_DNSFAIL', 'AUTH_NA', 'DATE_IN_PAST'],
});

/** Its rules, with a resolver that fails at once. Its Bayes wants a redis beside it and is left out. */
export const judgeWithRspamd: Peer = async ({ home, files }) => {
  const port = await freePort();
  const server = spawn('rspamd', ['-f', '-i', '-c', configurationIn(home, port)], { stdio: 'ignore' });
  const failed = new Promise<never>((_, reject) => {
    server.on('error', () => reject(new Error('rspamd is not installed')));
    server.on('exit', (code) => reject(new Error(`rspamd ended by itself (${code})`)));
  });
  failed.catch(() => undefined);
  try {
    const url = `http://127.0.0.1:${port}`;
    await Promise.race([answering(url), failed]);
    const judged: Judged[] = [];
    const before = performance.now();
    for (const file of files)
      judged.push({ path: file.path, label: file.label, answer: await Promise.race([ask(url, file), failed]) });
    return { judged, totalMs: performance.now() - before };
  } finally {
    server.kill('SIGTERM');
  }
};

function configurationIn(home: string, port: number): string {
  const folder = (name: string) => {
    mkdirSync(join(home, name), { recursive: true });
    return join(home, name);
  };
  const path = join(home, 'rspamd.conf');
  writeFileSync(
    path,
    `.include "$CONFDIR/common.conf"
options {
  pidfile = "${join(folder('run'), 'rspamd.pid')}";
  .include "$CONFDIR/options.inc"
  dns { nameserver = ["127.0.0.1"]; timeout = 0.2s; retransmits = 1; }
  rrd = "";
  history_file = "";
  control_socket = "${join(folder('run'), 'control')} mode=0600";
  hs_cache_dir = "${folder('cache')}";
  dynamic_conf = "${join(home, 'dynamic')}";
  cores_dir = "${folder('cores')}";
}
logging { type = "file"; filename = "${join(folder('log'), 'rspamd.log')}"; level = "error"; }
worker "normal" { bind_socket = "127.0.0.1:${port}"; count = 1; mime = true; enabled = true; }
`,
  );
  return path;
}

async function answering(url: string): Promise<void> {
  for (const since = performance.now(); performance.now() - since < START_MS; ) {
    const isUp = await fetch(`${url}/ping`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await pause(200);
  }
  throw new Error(`rspamd does not answer within ${START_MS / 1000} s`);
}

async function ask(url: string, { path, recorded }: LabelledFile): Promise<Answer> {
  const headers = { Settings: SETTINGS, From: recorded.mail_from, Helo: recorded.helo, IP: recorded.client_ip };
  const given = Object.entries(headers).filter(([, value]) => /^[\x20-\x7e]+$/.test(value));
  const response = await fetch(`${url}/checkv2`, {
    method: 'POST',
    headers: Object.fromEntries(given),
    body: readFileSync(path),
  });
  const { action = '' }: { readonly action?: string } = JSON.parse(await response.text());
  return ANSWERS[action] ?? 'ham';
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

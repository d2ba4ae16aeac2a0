/** A real rspamd on loopback with Debian's rules, without redis and without a resolver: what it would ask the world, nobody answers. */
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../ports.ts';
import { SCANNERS } from './installed.ts';
import { startScannerProcess } from './scanner-process.ts';
import { userOf } from './user.ts';

const USER = '_rspamd';

/** Its port. */
export async function startRealRspamd(folder: string): Promise<number> {
  const port = await freePort();
  await mkdir(join(folder, 'local.d'), { recursive: true });
  // It takes every host for unknown that no resolver knows.
  await writeFile(join(folder, 'local.d/hfilter.conf'), 'enabled = false;\n');
  const conf = join(folder, 'rspamd.conf');
  await writeFile(conf, rspamdConf(folder, port));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await chown(folder, (await userOf(USER)).uid, -1);
  const asUser = isRoot ? ['-u', USER, '-g', USER] : [];
  const args = ['-f', '-c', conf, `--var=LOCAL_CONFDIR=${folder}`, ...asUser];
  await startScannerProcess({ program: SCANNERS.rspamd, args, folder, port });
  return port;
}

function rspamdConf(folder: string, port: number): string {
  return `.include "/etc/rspamd/common.conf"
options {
  pidfile = "${folder}/rspamd.pid";
  control_socket = "${folder}/rspamd.sock";
  tempdir = "${folder}";
  filters = "chartable,dkim,regexp";
  # Half a minute of compiling, for the sake of speed that no test needs.
  disable_hyperscan = true;
  dns { timeout = 0.2s; retransmits = 1; nameserver = ["127.0.0.1:1:1"]; }
}
logging { type = "file"; filename = "${folder}/rspamd.log"; level = "notice"; }
worker "normal" { bind_socket = "127.0.0.1:${port}"; count = 1; }
`;
}

/** A real Dovecot on loopback: LMTP with Sieve, the logins that Postfix asks for, and mailboxes to look into. */
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isFree } from '../ports.ts';
import { PROGRAMS } from './installed.ts';
import { runProgram } from './program.ts';
import type { SystemUser } from './user.ts';

export type DovecotConfig = {
  readonly folder: string;
  readonly mailFolder: string;
  readonly hostname: string;
  readonly lmtpPort: number;
  /** who owns the mailboxes */
  readonly owner: SystemUser;
  /** one password for all: it opens nothing but this server */
  readonly password: string;
  /** run before anything of the user's own, on every delivery */
  readonly sieve: string;
};

export type Dovecot = {
  readonly authSocket: string;
  /** it ends with its folder */
  start(): Promise<void>;
};

const START_MS = 20_000;

/** Its files are written; it is not started yet. */
export async function createDovecot(config: DovecotConfig, addresses: readonly string[]): Promise<Dovecot> {
  const { folder, mailFolder, owner, lmtpPort } = config;
  const conf = join(folder, 'dovecot.conf');
  await mkdir(join(folder, 'run'), { recursive: true });
  await mkdir(mailFolder, { recursive: true });
  await chown(mailFolder, owner.uid, owner.gid);
  await writeFile(conf, dovecotConf(config));
  const users = join(folder, 'users');
  await writeFile(users, addresses.map((address) => `${address}:{PLAIN}${config.password}::::::\n`).join(''));
  await chmod(users, 0o644);
  const script = join(folder, 'sent-copies.sieve');
  await writeFile(script, config.sieve);
  await runProgram(PROGRAMS.sievec, ['-c', conf, script]);
  return {
    authSocket: authSocketOf(config),
    async start() {
      await runProgram(PROGRAMS.dovecot, ['-c', conf]);
      for (const end = Date.now() + START_MS; await isFree(lmtpPort); await wait(50)) {
        if (Date.now() > end) throw new Error(`Dovecot did not listen on port ${lmtpPort}`);
      }
    },
  };
}

function dovecotConf(config: DovecotConfig): string {
  const { folder, mailFolder, hostname, lmtpPort, owner } = config;
  return `base_dir = ${folder}/run
state_dir = ${folder}/run
log_path = ${folder}/dovecot.log
protocols = lmtp
listen = 127.0.0.1
hostname = ${hostname}
postmaster_address = postmaster@${hostname}
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
first_valid_uid = 1
mail_location = maildir:${mailFolder}/%n
# As it came, line ends included.
mail_save_crlf = yes
passdb {
  driver = passwd-file
  args = username_format=%u ${folder}/users
}
userdb {
  driver = static
  args = uid=${owner.uid} gid=${owner.gid} home=${folder}/home/%n allow_all_users=yes
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${lmtpPort}
  }
}
service auth {
  unix_listener ${authSocketOf(config)} {
    mode = 0666
  }
}
service stats {
  unix_listener stats-writer {
    mode = 0666
  }
}
protocol lmtp {
  mail_plugins = sieve
}
plugin {
  sieve_before = ${folder}/sent-copies.sieve
}
namespace inbox {
  inbox = yes
  mailbox Sent {
    special_use = \\Sent
  }
}
`;
}

function authSocketOf({ folder }: DovecotConfig): string {
  return join(folder, 'postfix-auth');
}

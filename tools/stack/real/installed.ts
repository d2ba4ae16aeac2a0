/** Whether this machine has the real mail servers, and in words what is missing where it has not. */
import { accessSync, constants, existsSync } from 'node:fs';

/** Debian's places; `.ci/mail-servers` installs them there. */
export const PROGRAMS = {
  postfix: '/usr/sbin/postfix',
  postqueue: '/usr/sbin/postqueue',
  postconf: '/usr/sbin/postconf',
  dovecot: '/usr/sbin/dovecot',
  sievec: '/usr/bin/sievec',
} as const;

export const SCANNERS = { clamd: '/usr/sbin/clamd', rspamd: '/usr/bin/rspamd' } as const;

export type ScannerName = keyof typeof SCANNERS;

/** Dovecot's parts come in packages of their own. */
const PARTS = ['/usr/lib/dovecot/lmtp', '/usr/lib/dovecot/modules/lib90_sieve_plugin.so'];

/** undefined when the real servers can be started here */
export function whyNoRealServers(): string | undefined {
  const missing = [...Object.values(PROGRAMS), ...PARTS].filter((path) => !isProgram(path));
  if (missing.length > 0) return `${missing.join(', ')} not installed: .ci/mail-servers installs them on Debian`;
  // Postfix changes to users of its own, and refuses to be started by anybody else.
  if (process.getuid?.() !== 0) return 'Postfix can be started by root only';
  return undefined;
}

export function whyNoPostfix(): string | undefined {
  if (!existsSync(PROGRAMS.postfix))
    return `${PROGRAMS.postfix} is not installed: .ci/mail-servers installs it on Debian`;
  return process.getuid?.() === 0 ? undefined : 'Postfix can be started by root only';
}

export function whyNoScanner(name: ScannerName): string | undefined {
  const path = SCANNERS[name];
  return isProgram(path) ? undefined : `${path} is not installed: .ci/mail-servers installs it on Debian`;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, path.endsWith('.so') ? constants.R_OK : constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

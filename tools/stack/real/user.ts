/** Users of this machine, by name: the servers' packages make theirs. */
import { readFile } from 'node:fs/promises';

export type SystemUser = { readonly uid: number; readonly gid: number };

export async function userOf(name: string): Promise<SystemUser> {
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error(`this machine has no user ${name}`);
  return { uid: Number(uid), gid: Number(gid) };
}

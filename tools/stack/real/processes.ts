/** The processes that belong to a folder of ours: real servers make many, in sessions of their own, and a crash must leave none. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** Ids of the processes that were started with this path, work in it, or descend from one that does. Never this process itself. */
export function processesOf(folder: string): readonly number[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const parents = new Map(all.map((pid) => [pid, parentOf(pid)]));
  const roots = new Set(all.filter((pid) => pid !== process.pid && belongsTo(pid, folder)));
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && pid !== process.pid && (roots.has(pid) || isOurs(parents.get(pid)));
  return all.filter(isOurs);
}

/** As the power going would end them: nothing is told, nothing is tidied. Resolves when none is left. */
export async function killProcessesOf(folder: string): Promise<void> {
  // A master may make another child between the look and the kill.
  for (let left = processesOf(folder); left.length > 0; left = processesOf(folder)) {
    for (const pid of left) kill(pid);
    await wait(20);
  }
}

function belongsTo(pid: number, folder: string): boolean {
  // The reaper has the folder's name as well, and ends last.
  const commandLine = read(`/proc/${pid}/cmdline`);
  if (commandLine.includes('reaper.ts') || isZombie(pid)) return false;
  const names = [commandLine, read(`/proc/${pid}/environ`)].join('\0').split('\0');
  return [...names.map((name) => name.replace(/^[A-Z_]+=/, '')), link(`/proc/${pid}/cwd`)].some(
    (name) => name === folder || name.startsWith(`${folder}/`),
  );
}

function isZombie(pid: number): boolean {
  return /^State:\s+Z/m.test(read(`/proc/${pid}/status`));
}

function parentOf(pid: number): number | undefined {
  const parent = /^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1];
  return parent === undefined || isZombie(pid) ? undefined : Number(parent);
}

// A process may end between being listed and being read.
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in this moment.
  }
}

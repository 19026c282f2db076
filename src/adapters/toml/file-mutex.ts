import { randomBytes } from 'node:crypto';
import { readdir, readFile, readlink, rename, symlink, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** The process that holds a lock. */
export type LockOwner = {
  readonly pid: number;
  readonly host: string;
  /** When the process began, so that another one with the same pid is told from it; empty when not known. */
  readonly began: string;
  /** Different for every lock that was ever taken. */
  readonly id: string;
};

/** The lock was not free in time. `owner` is undefined when something else is in its place. */
export class MutexTimeout extends Error {
  readonly lock: string;
  readonly owner: LockOwner | undefined;

  constructor(lock: string, owner: LockOwner | undefined) {
    super(`${lock} is held`);
    this.name = 'MutexTimeout';
    this.lock = lock;
    this.owner = owner;
  }
}

/**
 * Runs `action` while no other process, and nobody else in this one, does so for the same `lock`. Waits for
 * `patience` milliseconds, then rejects with a MutexTimeout.
 *
 * The lock is a symbolic link whose target names its owner: it comes into being in one step, owner included,
 * or fails to because there is one. A process that is killed leaves it behind. Whoever finds the owner dead
 * may bury it, and to bury is to hold a second lock, named after the id of the dead one. That gives the
 * invariant on which all rests: a lock with id X is changed only by its owner, while that lives, or by the one
 * holder of the lock of X's grave, who first makes sure that X is still there. Ids never come again, so
 * whoever acts on an old observation finds another id, and goes back to waiting. A gravedigger who is killed
 * leaves a lock like any other, which is buried in the same way.
 */
export async function holding<Result>(
  lock: string,
  patience: number,
  action: () => Promise<Result>,
): Promise<Result> {
  const own = await newOwner();
  await acquire(lock, own, performance.now() + patience);
  try {
    await removeGraves(lock);
    return await action();
  } finally {
    await release(lock);
  }
}

async function acquire(lock: string, own: LockOwner, deadline: number): Promise<void> {
  for (;;) {
    if (await created(lock, own)) return;
    const owner = await ownerOf(lock);
    if (owner === 'free') continue;
    if (owner !== 'unknown' && (await isDead(owner))) {
      if (await buried(lock, owner, own, deadline)) return;
      continue;
    }
    if (performance.now() > deadline) throw new MutexTimeout(lock, owner === 'unknown' ? undefined : owner);
    // Not in step with others who wait.
    await pause(2 + Math.random() * 18);
  }
}

/** Puts `own` in the place of `dead`, unless somebody else did already. */
async function buried(lock: string, dead: LockOwner, own: LockOwner, deadline: number): Promise<boolean> {
  const grave = `${lock}.${dead.id}`;
  await acquire(grave, await newOwner(), deadline);
  try {
    const owner = await ownerOf(lock);
    if (owner === 'free' || owner === 'unknown' || owner.id !== dead.id) return false;
    const next = `${lock}.${own.id}`;
    await symlink(JSON.stringify(own), next);
    await rename(next, lock);
    return true;
  } finally {
    await release(grave);
  }
}

/**
 * What gravediggers left behind who were killed. Whoever holds the lock may remove it: the owners that those
 * graves were for are gone from the lock, so that nobody who still holds one can do anything with it.
 */
async function removeGraves(lock: string): Promise<void> {
  const prefix = `${basename(lock)}.`;
  for (const entry of await readdir(dirname(lock))) {
    if (entry.startsWith(prefix)) await release(join(dirname(lock), entry));
  }
}

async function created(lock: string, owner: LockOwner): Promise<boolean> {
  try {
    await symlink(JSON.stringify(owner), lock);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function ownerOf(lock: string): Promise<LockOwner | 'free' | 'unknown'> {
  try {
    const owner: unknown = JSON.parse(await readlink(lock));
    return isOwner(owner) ? owner : 'unknown';
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'free' : 'unknown';
  }
}

function isOwner(value: unknown): value is LockOwner {
  const owner = value as LockOwner | null;
  return Number.isInteger(owner?.pid) && typeof owner?.id === 'string' && typeof owner.host === 'string';
}

async function release(lock: string): Promise<void> {
  await unlink(lock).catch((error) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
}

async function newOwner(): Promise<LockOwner> {
  const { pid } = process;
  return { pid, host: hostname(), began: await beginningOf(pid), id: randomBytes(8).toString('hex') };
}

/** False also when it cannot be known: on another machine. */
async function isDead({ pid, host, began }: LockOwner): Promise<boolean> {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: somebody else's process.
    return codeOf(error) === 'ESRCH';
  }
  const now = await beginningOf(pid);
  return now === 'ended' || (began !== '' && now !== '' && began !== now);
}

/**
 * When a process began, on Linux: which start of the machine it was, and the clock tick since then (proc(5)).
 * 'ended' for one that is dead and only waits to be noticed; empty where there is no such file.
 */
async function beginningOf(pid: number): Promise<string> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'latin1'),
      readFile('/proc/sys/kernel/random/boot_id', 'latin1'),
    ]);
    // The name of the program, in parentheses, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : `${boot.trim()} ${fields[19]}`;
  } catch {
    return '';
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

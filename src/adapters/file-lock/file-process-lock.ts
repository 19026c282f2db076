import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, rename, unlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { LockOutcome, ProcessLock } from '../../application/ports/process-lock.ts';
import { hasCode, LockFault, lockFaultOf } from './lock-fault.ts';
import { type LockFile, readLockFile, writeLockFile } from './lock-file.ts';

/** How often the lock may change under our eyes. Each change means that somebody else got on. */
const ATTEMPTS = 1000;

/**
 * The lock files that this process holds. Its number alone does not tell: in a container the process before
 * it, which crashed, most likely had the same one.
 */
const ours = new Set<string>();

/** A file that holds the process id of its owner. README.md says why exactly one process gets it. */
export class FileProcessLock implements ProcessLock {
  readonly #path: string;

  constructor(path: string) {
    this.#path = resolve(path);
  }

  async acquire(): Promise<LockOutcome> {
    try {
      return await acquire(this.#path);
    } catch (error) {
      throw lockFaultOf(this.#path, error);
    }
  }
}

async function acquire(path: string): Promise<LockOutcome> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const found = await readLockFile(path);
    if (found === 'foreign') {
      throw new LockFault(
        'LOCK_FOREIGN',
        `"${path}" is not a lock: it holds no process id; choose another lock file, or remove this one`,
      );
    }
    if (found !== undefined && isAlive(found)) return { kind: 'held', place: path, by: found.process };
    const outcome = found === undefined ? await take(path) : await takeOver(path);
    if (outcome !== undefined) return outcome;
  }
  throw new LockFault('LOCK_UNWRITABLE', `the lock "${path}" is taken and left all the time`);
}

/** Undefined when somebody else was faster. */
async function take(path: string): Promise<LockOutcome | undefined> {
  try {
    return await put(path, link, undefined);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return undefined;
    throw error;
  }
}

/**
 * Replaces the lock of a dead process. Only whoever holds the guard, itself such a lock, may do that. Then
 * nobody else can: the dead owner does not remove its lock, and others create one only where there is none.
 * Undefined when the lock is no longer that of a dead process.
 */
async function takeOver(path: string): Promise<LockOutcome | undefined> {
  const guard = await acquire(`${path}.takeover`);
  if (guard.kind === 'held') return { kind: 'held', place: path, by: guard.by };
  try {
    const found = await readLockFile(path);
    if (found === undefined || found === 'foreign' || isAlive(found)) return undefined;
    return await put(path, rename, found.process);
  } finally {
    await guard.release();
  }
}

/**
 * Puts a lock file of our own at `path` by `step`, which is one atomic step: nobody ever sees a lock without
 * a process id in it.
 */
async function put(
  path: string,
  step: (from: string, to: string) => Promise<void>,
  takenOverFrom: number | undefined,
): Promise<LockOutcome> {
  const draft = `${path}.${process.pid}.${randomUUID().slice(0, 8)}`;
  const identity = await writeLockFile(draft);
  ours.add(identity);
  try {
    await step(draft, path);
  } catch (error) {
    ours.delete(identity);
    throw error;
  } finally {
    await unlink(draft).catch(() => {});
  }

  let released = false;
  return {
    kind: 'acquired',
    place: path,
    takenOverFrom,
    async release() {
      if (released) return;
      released = true;
      try {
        await removeOurs(path, identity);
      } catch (error) {
        throw lockFaultOf(path, error);
      } finally {
        ours.delete(identity);
      }
    },
  };
}

/** Somebody may have removed our lock by hand, and a server may have locked the place since. */
async function removeOurs(path: string, identity: string): Promise<void> {
  const found = await readLockFile(path);
  if (found === undefined || found === 'foreign') return;
  if (found.identity === identity && found.process === process.pid) await unlink(path);
}

function isAlive({ process: owner, identity }: LockFile): boolean {
  if (owner === process.pid) return ours.has(identity);
  try {
    process.kill(owner, 0);
    return !isZombie(owner);
  } catch (error) {
    // What may not be signalled is alive, and belongs to another user.
    return hasCode(error, 'EPERM');
  }
}

/**
 * A process that was killed answers to its id until its parent has asked what became of it, which in a
 * container may be never. Only Linux tells; the state stands behind the name of the program, in parentheses.
 */
function isZombie(owner: number): boolean {
  try {
    return /\) [ZX] [^)]*$/.test(readFileSync(`/proc/${owner}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

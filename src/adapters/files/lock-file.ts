import { constants } from 'node:fs';
import { type FileHandle, link, open, rename, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { fileIdentity, type LockName, lockNameOf, ownLockName, removeDeadNames } from './lock-name.ts';
import { isRunning, type ProcessIdentity } from './process-identity.ts';
import { hasCode, isMissing } from './system-error.ts';

/** What came of one attempt to take a lock. */
export type LockAttempt =
  | {
      readonly kind: 'taken';
      /** The number of the dead process from which the lock was taken over; undefined when it was free. */
      readonly takenOverFrom: number | undefined;
      /** Gives the lock back. May be called again, and leaves a lock alone that is no longer ours. */
      release(): Promise<void>;
    }
  | { readonly kind: 'held'; readonly by: LockOwner }
  /** What stands at `place` is no lock. */
  | { readonly kind: 'foreign'; readonly place: string };

/** `host` is undefined where nothing but the number is known. */
export type LockOwner = { readonly pid: number; readonly host: string | undefined };

/**
 * What an owner on another host means, whose processes cannot be seen from here. `respected`: it may be running, so
 * its lock is held until somebody removes it. `ignored`: it is judged like one of this host.
 */
export type OwnersElsewhere = 'respected' | 'ignored';

type FoundLock = {
  readonly pid: number;
  readonly identity: string;
  /** Undefined for a lock that a person or an older version wrote. */
  readonly second: LockName | undefined;
};

type Taken = Extract<LockAttempt, { readonly kind: 'taken' }>;

/** How often the lock may change under our eyes. Each change means that somebody else got on. */
const ATTEMPTS = 1000;

/**
 * The identities of the lock files that this process holds. Its number alone does not tell: in a container the process
 * before it, which crashed, most likely had the same one.
 */
const ours = new Set<string>();

/** Tries once to take the lock at an absolute path. README.md says why exactly one process gets it. */
export async function tryLock(path: string, elsewhere: OwnersElsewhere): Promise<LockAttempt> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const found = await readLock(path);
    if (found === 'foreign') return { kind: 'foreign', place: path };
    if (found !== undefined && isHeld(found, elsewhere)) return heldBy(found);
    const outcome = found === undefined ? await take(path) : await takeOver(path, elsewhere);
    if (outcome?.kind === 'taken') await removeDeadNames(path);
    if (outcome !== undefined) return outcome;
  }
  throw new Error('it is taken and left all the time');
}

/** Undefined when somebody else was faster. */
async function take(path: string): Promise<Taken | undefined> {
  try {
    return await put(path, link, undefined);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return undefined;
    throw error;
  }
}

/**
 * Replaces the lock of a dead process. Only whoever holds the guard, itself such a lock, may do that. Then nobody else
 * can: the dead owner does not remove its lock, and others create one only where there is none. Undefined when the
 * lock is no longer that of a dead process.
 */
async function takeOver(path: string, elsewhere: OwnersElsewhere): Promise<LockAttempt | undefined> {
  const guard = await tryLock(`${path}.takeover`, elsewhere);
  if (guard.kind !== 'taken') return guard;
  try {
    const found = await readLock(path);
    if (found === undefined || found === 'foreign' || isHeld(found, elsewhere)) return undefined;
    const taken = await put(path, replaceByLink, found.pid);
    if (found.second !== undefined) await unlink(found.second.name).catch(() => {});
    return taken;
  } finally {
    await guard.release();
  }
}

/** Gives the file `from` also the name `to`, in one step also where there is such a file. */
async function replaceByLink(from: string, to: string): Promise<void> {
  const passage = ownLockName(to);
  await link(from, passage);
  try {
    await rename(passage, to);
  } catch (error) {
    await unlink(passage).catch(() => {});
    throw error;
  }
}

/**
 * Writes a lock file of our own under its second name, and gives it the name of the lock by `step`, which is atomic:
 * a lock with its process id, and what tells the owner, come into being together.
 */
async function put(
  path: string,
  step: (from: string, to: string) => Promise<void>,
  takenOverFrom: number | undefined,
): Promise<Taken> {
  const name = ownLockName(path);
  const identity = await writeLock(name);
  ours.add(identity);
  const forget = async () => {
    await unlink(name).catch(() => {});
    ours.delete(identity);
  };
  try {
    await step(name, path);
  } catch (error) {
    await forget();
    throw error;
  }

  let released = false;
  return {
    kind: 'taken',
    takenOverFrom,
    async release() {
      if (released) return;
      released = true;
      try {
        const found = await readLock(path);
        // Somebody may have removed our lock by hand, and another process may have taken it since.
        const isOurs = typeof found === 'object' && found.identity === identity && found.pid === process.pid;
        if (isOurs) await unlink(path);
      } finally {
        await forget();
      }
    },
  };
}

function isHeld({ pid, identity, second }: FoundLock, elsewhere: OwnersElsewhere): boolean {
  const owner: ProcessIdentity | undefined = second?.owner;
  if (owner !== undefined && owner.host !== hostname() && elsewhere === 'respected') return true;
  if (pid === process.pid) return ours.has(identity);
  return isRunning(owner ?? { pid, began: '' });
}

const heldBy = ({ pid, second }: FoundLock): LockAttempt => ({
  kind: 'held',
  by: { pid, host: second?.owner.host },
});

/** A process id on a line. The final line break may be missing: people write locks by hand. */
const CONTENT = /^[ \t]*([1-9]\d{0,9})[ \t]*(?:\r?\n)?$/;
const LONGEST = 64;
/** No system has higher process ids. */
const HIGHEST_PROCESS = 2 ** 31 - 1;

/** Symbolic links are not followed, and nothing is waited for when the name is that of a pipe or a device. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Undefined where there is no file; `foreign` for whatever holds anything else than a process id. */
async function readLock(path: string): Promise<FoundLock | 'foreign' | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, READ);
  } catch (error) {
    if (isMissing(error)) return undefined;
    // A symbolic link; a socket or a device.
    if (hasCode(error, 'ELOOP', 'ENXIO')) return 'foreign';
    throw error;
  }
  try {
    const stats = await file.stat({ bigint: true });
    if (!stats.isFile()) return 'foreign';
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST + 1), 0, LONGEST + 1, 0);
    const pid = Number(CONTENT.exec(buffer.toString('latin1', 0, bytesRead))?.[1]);
    // Not a number where the form is another one.
    if (!(pid <= HIGHEST_PROCESS)) return 'foreign';
    const identity = fileIdentity(stats);
    return { pid, identity, second: stats.nlink > 1n ? await lockNameOf(path, identity) : undefined };
  } finally {
    await file.close();
  }
}

/** A new file with the id of this process, safe on the disk: no crash leaves a lock without its content. */
async function writeLock(path: string): Promise<string> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(`${process.pid}\n`);
    await file.sync();
    return fileIdentity(await file.stat({ bigint: true }));
  } catch (error) {
    await unlink(path).catch(() => {});
    throw error;
  } finally {
    await file.close();
  }
}

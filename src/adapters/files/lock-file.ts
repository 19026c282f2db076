import { constants } from 'node:fs';
import { type FileHandle, link, open, rename, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { giveToOwnerOfFolder } from './folder-owner.ts';
import { fileIdentity, type LockName, lockNameOf, ownLockName, removeDeadNames } from './lock-name.ts';
import { isRunning, type ProcessIdentity } from './process-identity.ts';
import { hasCode, isMissing } from './system-error.ts';

/** The result of one attempt to take a lock. */
export type LockAttempt =
  | {
      readonly kind: 'taken';
      /** The number of the dead process from which the lock was taken over; undefined when it was free. */
      readonly takenOverFrom: number | undefined;
      /** Releases the lock. May be called again. A lock that is no longer ours stays. */
      release(): Promise<void>;
    }
  | { readonly kind: 'held'; readonly by: LockOwner }
  /** The file at `place` is no lock. */
  | { readonly kind: 'foreign'; readonly place: string };

/** `host` is undefined where only the process id is known. */
export type LockOwner = { readonly pid: number; readonly host: string | undefined };

/**
 * How an owner on another host is judged, whose processes cannot be seen. `respected`: it may be running, so its lock
 * is held until a person removes it. `ignored`: it is judged like an owner on this host.
 */
export type OwnersElsewhere = 'respected' | 'ignored';

type FoundLock = {
  readonly pid: number;
  readonly identity: string;
  /** In nanoseconds since 1970. */
  readonly writtenAt: bigint;
  /** Undefined for a lock that a person or an older version wrote. */
  readonly second: LockName | undefined;
};

type Taken = Extract<LockAttempt, { readonly kind: 'taken' }>;

/** How often the lock may change during one attempt. Each change means that another process has made progress. */
const ATTEMPTS = 1000;

/**
 * The identities of the lock files that this process holds. Its process id alone is not enough: in a container, the
 * process that crashed before usually had the same one.
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

/** Undefined when another process was faster. */
async function take(path: string): Promise<Taken | undefined> {
  try {
    return await put(path, link, undefined);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return undefined;
    throw error;
  }
}

/**
 * Replaces the lock of a dead process. Only the holder of the guard, itself such a lock, may do that. Nothing else then
 * changes the lock: its dead owner does not remove it, and others create one only where there is none. Undefined when
 * the lock is no longer that of a dead process.
 */
async function takeOver(path: string, elsewhere: OwnersElsewhere): Promise<LockAttempt | undefined> {
  const guard = await tryLock(`${path}.takeover`, elsewhere);
  if (guard.kind !== 'taken') return guard;
  try {
    const found = await readLock(path);
    if (found === undefined || found === 'foreign' || isHeld(found, elsewhere)) return undefined;
    // The owner may have released the lock, and another process may have taken it, before the owner was found dead. So
    // the lock is read again: a dead owner no longer changes it.
    if (!isSame(found, await readLock(path))) return undefined;
    const taken = await put(path, replaceByLink, found.pid);
    if (found.second !== undefined) await unlink(found.second.name).catch(() => {});
    return taken;
  } finally {
    await guard.release();
  }
}

/** Gives the file `from` the second name `to`. Replaces a file of that name in one step. */
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
 * Writes our lock file under its second name. Then `step`, which is atomic, gives it the name of the lock. So a lock
 * always has its process id and the identity of its owner.
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
    // First the identity: after the last name is removed, the system may give the identity to another file.
    ours.delete(identity);
    await unlink(name).catch(() => {});
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
        // A person may have removed our lock, and another process may have taken it since.
        const isOurs = typeof found === 'object' && found.identity === identity && found.pid === process.pid;
        if (isOurs) await unlink(path);
      } finally {
        await forget();
      }
    },
  };
}

/** The system may reuse the identity of a removed file, but not together with the same time and the same names. */
function isSame(one: FoundLock, other: FoundLock | 'foreign' | undefined): boolean {
  return (
    typeof other === 'object' &&
    one.pid === other.pid &&
    one.identity === other.identity &&
    one.writtenAt === other.writtenAt &&
    one.second?.name === other.second?.name
  );
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

/** Does not follow symbolic links, and does not block at a pipe or a device. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Undefined where there is no file. `foreign` where the content is not a process id, or the file is no regular one. */
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
    // NaN where the content has another form.
    if (!(pid <= HIGHEST_PROCESS)) return 'foreign';
    const identity = fileIdentity(stats);
    const second = stats.nlink > 1n ? await lockNameOf(path, identity) : undefined;
    return { pid, identity, writtenAt: stats.mtimeNs, second };
  } finally {
    await file.close();
  }
}

/** Writes a new file with the id of this process, durably. So no crash leaves a lock without its content. */
async function writeLock(path: string): Promise<string> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(`${process.pid}\n`);
    await giveToOwnerOfFolder(file, path);
    await file.sync();
    return fileIdentity(await file.stat({ bigint: true }));
  } catch (error) {
    await unlink(path).catch(() => {});
    throw error;
  } finally {
    await file.close();
  }
}

import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { hasCode } from './lock-fault.ts';

export type LockFile = {
  /** The process id that is written in it. */
  readonly process: number;
  /** Tells this file from every other one, whatever its name and content. */
  readonly identity: string;
};

/** A process id on a line. The final line break may be missing: people write locks by hand. */
const CONTENT = /^[ \t]*([1-9]\d{0,9})[ \t]*(?:\r?\n)?$/;
const LONGEST = 64;
/** No system has higher process ids. */
const HIGHEST_PROCESS = 2 ** 31 - 1;

/** Symbolic links are not followed, and nothing is waited for when the name is that of a pipe or a device. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Undefined where there is no file; `foreign` for whatever holds anything else than a process id. */
export async function readLockFile(path: string): Promise<LockFile | 'foreign' | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, READ);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    // A symbolic link; a socket or a device.
    if (hasCode(error, 'ELOOP') || hasCode(error, 'ENXIO')) return 'foreign';
    throw error;
  }
  try {
    const status = await file.stat({ bigint: true });
    if (!status.isFile()) return 'foreign';
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST + 1), 0, LONGEST + 1, 0);
    const owner = Number(CONTENT.exec(buffer.toString('latin1', 0, bytesRead))?.[1]);
    return owner <= HIGHEST_PROCESS ? { process: owner, identity: identityOf(status) } : 'foreign';
  } finally {
    await file.close();
  }
}

/**
 * A new file with the id of this process, safe on the disk: no crash leaves a lock without its content.
 * Gives the identity of the file.
 */
export async function writeLockFile(path: string): Promise<string> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(`${process.pid}\n`);
    await file.sync();
    return identityOf(await file.stat({ bigint: true }));
  } catch (error) {
    await unlink(path).catch(() => {});
    throw error;
  } finally {
    await file.close();
  }
}

const identityOf = ({ dev, ino }: BigIntStats): string => `${dev}:${ino}`;

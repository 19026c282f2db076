import { resolve } from 'node:path';
import type { LockOutcome, ProcessLock } from '../../application/ports/process-lock.ts';
import { DynonymError } from '../../domain/errors.ts';
import { tryLock } from '../files/lock-file.ts';
import { hasCode, isDiskClosed, isMissing, isSystemError, reasonOf } from '../files/system-error.ts';

/**
 * Why the lock could not be tried.
 * - `LOCK_UNWRITABLE`: the file cannot be read, written or removed.
 * - `LOCK_FOREIGN`: the file is no lock.
 */
export type LockFaultCode = 'LOCK_UNWRITABLE' | 'LOCK_FOREIGN';

export class LockFault extends DynonymError<LockFaultCode> {}

/** A file that holds the process id of its owner (files/README.md). */
export class FileProcessLock implements ProcessLock {
  readonly #path: string;

  constructor(path: string) {
    this.#path = resolve(path);
  }

  async acquire(): Promise<LockOutcome> {
    const place = this.#path;
    try {
      // A restarted container has a new host name. Its earlier lock must not prevent the start.
      const attempt = await tryLock(place, 'ignored');
      switch (attempt.kind) {
        case 'held':
          return { kind: 'held', place, by: attempt.by.pid };
        case 'foreign':
          throw new LockFault(
            'LOCK_FOREIGN',
            `"${attempt.place}" is not a lock: it holds no process id; choose another lock file, or remove this one`,
          );
        case 'taken':
          return {
            kind: 'acquired',
            place,
            takenOverFrom: attempt.takenOverFrom,
            release: () =>
              attempt.release().catch((error) => {
                throw lockFaultOf(place, error);
              }),
          };
      }
    } catch (error) {
      const fault = lockFaultOf(place, error);
      if (isDiskClosed(error)) return { kind: 'unwritable', place, fault };
      throw fault;
    }
  }
}

/** `LOCK_UNWRITABLE`, with the path of the lock instead of those of the files beside it. */
function lockFaultOf(path: string, cause: unknown): LockFault {
  if (cause instanceof LockFault) return cause;
  const message = `the lock "${path}" cannot be used: ${lockReasonOf(cause)}`;
  return new LockFault('LOCK_UNWRITABLE', message, { cause });
}

function lockReasonOf(error: unknown): string {
  if (isMissing(error)) return 'its folder does not exist';
  // The errors of FAT and of some network file systems.
  if (
    isSystemError(error) &&
    error.syscall === 'link' &&
    hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')
  ) {
    return `its file system has no hard links (${error.code}); choose another place`;
  }
  return reasonOf(error);
}

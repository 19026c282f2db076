import { DynonymError } from '../../domain/errors.ts';
import { hasCode, isMissing, isSystemError, reasonOf } from '../files/system-error.ts';

/**
 * Why it is not known whether the lock is free.
 * - `LOCK_UNWRITABLE`: the file cannot be read, written or removed.
 * - `LOCK_FOREIGN`: the file is no lock.
 */
export type LockFaultCode = 'LOCK_UNWRITABLE' | 'LOCK_FOREIGN';

export class LockFault extends DynonymError<LockFaultCode> {}

/** `LOCK_UNWRITABLE`, with the path of the lock instead of those of the files beside it. */
export function lockFaultOf(path: string, cause: unknown): LockFault {
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

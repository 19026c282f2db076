import { DynonymError } from '../../domain/errors.ts';
import { hasCode, isMissing, isSystemError, reasonOf } from '../files/system-error.ts';

/**
 * Why the lock can be neither taken nor found taken.
 * - `LOCK_UNWRITABLE`: the file cannot be read, written or removed.
 * - `LOCK_FOREIGN`: what stands in its place is no lock.
 */
export type LockFaultCode = 'LOCK_UNWRITABLE' | 'LOCK_FOREIGN';

export class LockFault extends DynonymError<LockFaultCode> {}

/** What the system refused, told of the lock and not of the files beside it. */
export function lockFaultOf(path: string, cause: unknown): LockFault {
  if (cause instanceof LockFault) return cause;
  const message = `the lock "${path}" cannot be used: ${lockReasonOf(cause)}`;
  return new LockFault('LOCK_UNWRITABLE', message, { cause });
}

function lockReasonOf(error: unknown): string {
  if (isMissing(error)) return 'its folder does not exist';
  // What FAT and some network file systems say.
  if (
    isSystemError(error) &&
    error.syscall === 'link' &&
    hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')
  ) {
    return `its file system has no hard links (${error.code}); choose another place`;
  }
  return reasonOf(error);
}

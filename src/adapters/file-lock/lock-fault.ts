import { getSystemErrorMap } from 'node:util';
import { DynonymError } from '../../domain/errors.ts';

/**
 * Why the lock can be neither taken nor found taken.
 * - `LOCK_UNWRITABLE`: the file cannot be read, written or removed.
 * - `LOCK_FOREIGN`: what stands in its place is no lock.
 */
export type LockFaultCode = 'LOCK_UNWRITABLE' | 'LOCK_FOREIGN';

export class LockFault extends DynonymError<LockFaultCode> {}

/** What the system refused, told of the lock and not of the files of passage beside it. */
export function lockFaultOf(path: string, error: unknown): LockFault {
  if (error instanceof LockFault) return error;
  return new LockFault('LOCK_UNWRITABLE', `the lock "${path}" cannot be used: ${reasonOf(error)}`, {
    cause: error,
  });
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return isSystemError(error) && codes.includes(error.code);
}

function reasonOf(error: unknown): string {
  if (!isSystemError(error)) return String(error);
  const { code, errno, syscall } = error;
  if (code === 'ENOENT') return 'its folder does not exist';
  // What FAT and some network file systems say.
  if (syscall === 'link' && hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) {
    return `its file system has no hard links (${code}); choose another place`;
  }
  return `${getSystemErrorMap().get(errno)?.[1] ?? error.message} (${code})`;
}

type SystemError = Error & { readonly code: string; readonly errno: number; readonly syscall: string };

const isSystemError = (error: unknown): error is SystemError => error instanceof Error && 'syscall' in error;

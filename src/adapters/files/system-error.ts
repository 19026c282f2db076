import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';

/** An error of the operating system, as Node throws it. */
export type SystemError = Error & {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
};

export const isSystemError = (error: unknown): error is SystemError =>
  error instanceof Error && 'syscall' in error && 'code' in error;

/** Node has no code and no text for an exhausted disk quota: its code is `Unknown system error -122`. */
const NO_QUOTA = -constants.errno.EDQUOT;

/** The code of the system, such as `ENOENT`. Undefined for any other error. */
export function systemCodeOf(error: unknown): string | undefined {
  if (!isSystemError(error)) return undefined;
  return error.errno === NO_QUOTA ? 'EDQUOT' : String(error.code);
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  const code = systemCodeOf(error);
  return code !== undefined && codes.includes(code);
}

/** True where there is no such file. */
export const isMissing = (error: unknown): boolean => hasCode(error, 'ENOENT');

/** True where no file can be written: the disk is full or read-only, or the quota is exhausted. */
export const isDiskClosed = (error: unknown): boolean => hasCode(error, 'ENOSPC', 'EDQUOT', 'EROFS');

/** The text of the system, such as `permission denied (EACCES)`. For any other error its message. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const errno = 'errno' in error && typeof error.errno === 'number' ? error.errno : 0;
  if (errno === NO_QUOTA) return 'disk quota exceeded (EDQUOT)';
  const [code, words] = getSystemErrorMap().get(errno) ?? [];
  return words === undefined ? error.message : `${words} (${code})`;
}

/** The same with the path of the error: `permission denied (EACCES, /etc/key)`. For messages without another path. */
export function reasonAndPathOf(error: unknown): string {
  const { path, dest = path } = error as { readonly path?: string; readonly dest?: string };
  const reason = reasonOf(error);
  return dest === undefined || !isSystemError(error) ? reason : reason.replace(/\)$/, `, ${dest})`);
}

/** Why a file of the user cannot be read, and what to do. */
export function unreadableReason(code: string | undefined): string {
  return (code && UNREADABLE.get(code)) ?? 'the file cannot be read';
}

/** Why a file of the user cannot be written, and what to do. */
export function unwritableReason(code: string): string {
  return UNWRITABLE.get(code) ?? `it cannot be written (${code})`;
}

const UNREADABLE = new Map([
  ['ENOENT', 'there is no such file'],
  ['EACCES', 'you are not allowed to read it'],
  ['EISDIR', 'it is a folder'],
]);

const UNWRITABLE = new Map([
  ['ENOENT', 'there is no such folder: make it first'],
  ['ENOTDIR', 'a part of its path is no folder'],
  ['EACCES', 'you are not allowed to write in its folder'],
  ['EPERM', 'you are not allowed to write in its folder'],
  ['EISDIR', 'it is a folder: name a file in it'],
  ['EROFS', 'its disk is read-only'],
  ['ENOSPC', 'its disk is full, and nothing was changed'],
  ['EDQUOT', 'its disk has no more room for you, and nothing was changed'],
]);

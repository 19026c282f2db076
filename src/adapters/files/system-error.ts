import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';

/** What the operating system refused, as Node tells it. */
export type SystemError = Error & {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
};

export const isSystemError = (error: unknown): error is SystemError =>
  error instanceof Error && 'syscall' in error && 'code' in error;

/** Node knows neither name nor words for a quota that is used up: its code is `Unknown system error -122`. */
const NO_QUOTA = -constants.errno.EDQUOT;

/** The code of the system, such as `ENOENT`; undefined for every other error. */
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

/** True where no file can be written now, whoever tries: the disk is full, the quota is used up, or it is read-only. */
export const isDiskClosed = (error: unknown): boolean => hasCode(error, 'ENOSPC', 'EDQUOT', 'EROFS');

/** In the words of the system: `permission denied (EACCES)`. The message of an error that is none of the system's. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const errno = 'errno' in error && typeof error.errno === 'number' ? error.errno : 0;
  if (errno === NO_QUOTA) return 'disk quota exceeded (EDQUOT)';
  const [code, words] = getSystemErrorMap().get(errno) ?? [];
  return words === undefined ? error.message : `${words} (${code})`;
}

/** The same with the file that it is about, for who did not name one: `permission denied (EACCES, /etc/key)`. */
export function reasonAndPathOf(error: unknown): string {
  const { path, dest = path } = error as { readonly path?: string; readonly dest?: string };
  const reason = reasonOf(error);
  return dest === undefined || !isSystemError(error) ? reason : reason.replace(/\)$/, `, ${dest})`);
}

/** What to do where a file that the user names cannot be read. */
export function unreadableReason(code: string | undefined): string {
  return (code && UNREADABLE.get(code)) ?? 'the file cannot be read';
}

/** What to do where a file that the user names cannot be written. */
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

import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { type FileHandle, open, realpath, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMissing } from './system-error.ts';

export type ReplaceOptions = {
  /** Who may do what with a file that was not there before, less the umask. */
  readonly mode: number;
  /**
   * True where the caller keeps other writers away by a lock. Then one name for the draft does, and the draft that
   * a killed process left is used up by the next replacement.
   */
  readonly onlyWriter?: boolean;
};

/**
 * Puts a file in the place of another in one step, or makes it. At every moment, also after a crash, the whole old
 * content or the whole new one is there. When the promise resolves, the new one survives a loss of power. When it
 * rejects with an error of the system, the old one mostly is still there; only where the folder could not be brought
 * to the disk it may be either.
 *
 * A symbolic link goes on leading to where it leads. The new file gets the mode and the owner of the old one. What
 * is no regular file, such as a pipe, is written to.
 */
export async function replaceFile(
  path: string,
  pieces: Iterable<string | Buffer>,
  { mode, onlyWriter = false }: ReplaceOptions,
): Promise<void> {
  const old = await statOf(path);
  if (old !== undefined && !old.isFile()) return writeFile(path, pieces);
  const target = old === undefined ? path : await realpath(path);
  // Before anything else: a folder that cannot be opened is a reason to leave the old file.
  const folder = await open(dirname(target), 'r');
  try {
    const draft = onlyWriter ? `${target}.new~` : `${target}.${randomBytes(8).toString('hex')}.new~`;
    if (onlyWriter) await rm(draft, { force: true });
    const file = await open(draft, 'wx', mode);
    try {
      await writeDraft(file, pieces, old);
      await rename(draft, target);
    } catch (error) {
      await unlink(draft).catch(() => {});
      throw error;
    }
    // Makes the rename durable.
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function writeDraft(file: FileHandle, pieces: Iterable<string | Buffer>, old: Stats | undefined) {
  try {
    for (const piece of pieces) await file.writeFile(piece);
    if (old !== undefined) await takeOver(file, old);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Gives a file the owner and the mode of another. Only root may give a file away, and others may choose among their
 * groups. Where that fails, the file belongs to whoever changed it, which is no loss.
 */
async function takeOver(file: FileHandle, { mode, uid, gid }: Stats): Promise<void> {
  const own = await file.stat();
  if (own.uid !== uid || own.gid !== gid) {
    await file.chown(uid, gid).catch(() => file.chown(own.uid, gid).catch(() => {}));
  }
  await file.chmod(mode & 0o7777);
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

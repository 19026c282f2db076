import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { type FileHandle, open, realpath, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { giveToOwnerOfFolder } from './folder-owner.ts';
import { isMissing } from './system-error.ts';

export type ReplaceOptions = {
  /** The mode of a new file, before the umask. */
  readonly mode: number;
  /**
   * True where the caller excludes other writers by a lock. The draft then has a fixed name, so the next replacement
   * removes the draft of a killed process.
   */
  readonly onlyWriter?: boolean;
  /** The end of the content. It is asked for when the rest is durable. A loss of power may take this part alone. */
  readonly last?: () => Pieces;
  /** Called when the new file has the name, before that survives a loss of power. */
  readonly placed?: () => void;
};

/** The content of a file, in order. */
export type Pieces = Iterable<string | Buffer> | AsyncIterable<string | Buffer>;

/**
 * Replaces or makes a file in one step. At every moment, also after a crash, the file has its complete old or its
 * complete new content. When the promise resolves, the new content survives a loss of power. When it rejects with an
 * error of the system, the old content is still there, except where only the sync of the folder failed.
 *
 * A symbolic link is followed and stays. The new file gets the mode and the owner of the old one. Where there was none,
 * it gets the owner that folder-owner.ts says. A file that is not regular, such as a pipe, is written to.
 */
export async function replaceFile(
  path: string,
  pieces: Pieces,
  { mode, onlyWriter = false, last = () => [], placed = () => {} }: ReplaceOptions,
): Promise<void> {
  const old = await statOf(path);
  if (old !== undefined && !old.isFile()) return writeFile(path, pieces);
  const target = old === undefined ? path : await realpath(path);
  // First of all: where the folder cannot be opened, the old file must stay.
  const folder = await open(dirname(target), 'r');
  try {
    const draft = onlyWriter ? `${target}.new~` : `${target}.${randomBytes(8).toString('hex')}.new~`;
    if (onlyWriter) await rm(draft, { force: true });
    const file = await open(draft, 'wx', mode);
    try {
      await writeDraft(file, pieces, last, () => giveOwner(file, draft, old));
      await rename(draft, target);
      placed();
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

async function writeDraft(
  file: FileHandle,
  pieces: Pieces,
  last: () => Pieces,
  giveAway: () => Promise<void>,
) {
  try {
    for await (const piece of pieces) await file.writeFile(piece);
    await giveAway();
    await file.sync();
    for await (const piece of last()) await file.writeFile(piece);
  } finally {
    await file.close();
  }
}

const giveOwner = (file: FileHandle, draft: string, old: Stats | undefined): Promise<void> =>
  old === undefined ? giveToOwnerOfFolder(file, draft) : takeOver(file, old);

/**
 * Gives a file the owner and the mode of another. Only root may change the owner, and other users may choose among
 * their own groups. Where that fails, the new owner is the user who replaced the file.
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

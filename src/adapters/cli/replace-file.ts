import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { open, realpath, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { UsageError } from 'clipanion';
import { quoted } from './output.ts';

/**
 * Writes the file that is named on the command line, in the place of one that is there, in one step: if it cannot
 * be written to its end, the old one stays as it is. What is no file, such as a pipe, is written to.
 */
export async function replaceFile(what: string, file: string, pieces: Iterable<string>): Promise<void> {
  try {
    const old = await statOf(file);
    if (old === undefined || old.isFile()) await replace(file, old, pieces);
    else await writeFile(file, pieces);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    throw new UsageError(
      `${what} ${quoted(file)}: ${UNWRITABLE.get(code) ?? `it cannot be written (${code})`}`,
    );
  }
}

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

async function replace(file: string, old: Stats | undefined, pieces: Iterable<string>): Promise<void> {
  // A link goes on leading to where it leads.
  const target = old === undefined ? file : await realpath(file);
  const draft = `${target}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  const handle = await open(draft, 'wx');
  try {
    try {
      for (const piece of pieces) await handle.writeFile(piece);
      if (old !== undefined) {
        // Only root may give a file away; where that fails it belongs to whoever wrote it.
        await handle.chown(old.uid, old.gid).catch(() => {});
        await handle.chmod(old.mode & 0o7777);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, target);
  } catch (error) {
    await unlink(draft).catch(() => {});
    throw error;
  }
}

async function statOf(file: string): Promise<Stats | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

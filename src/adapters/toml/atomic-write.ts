import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Who owns a file, and who may do what with it. */
export type Ownership = Readonly<Record<'mode' | 'uid' | 'gid', number | bigint>>;

const LEFTOVER = /^\.\d+-[0-9a-f]{16}\.tmp~$/;

/**
 * Replaces a file, or makes it: at every moment, also after a crash, the whole old text or the whole new one is
 * there. When the promise resolves, the new one survives a loss of power. The file gets the ownership of the
 * old one; without an old one, only its owner may read it.
 */
export async function writeAtomically(path: string, text: string, old: Ownership | undefined): Promise<void> {
  const temporary = `${path}.${process.pid}-${randomBytes(8).toString('hex')}.tmp~`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    try {
      await file.writeFile(text);
      if (old !== undefined) await takeOver(file, old);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
}

/**
 * Removes what processes left behind that were killed while they wrote. Only for whoever holds the lock of the
 * file: nobody else is writing then.
 */
export async function removeLeftovers(path: string): Promise<void> {
  const name = basename(path);
  for (const entry of await readdir(dirname(path))) {
    if (!entry.startsWith(name) || !LEFTOVER.test(entry.slice(name.length))) continue;
    await unlink(join(dirname(path), entry)).catch(() => {});
  }
}

async function takeOver(file: FileHandle, old: Ownership): Promise<void> {
  const [mode, uid, gid] = [Number(old.mode), Number(old.uid), Number(old.gid)];
  const own = await file.stat();
  // Only root may give a file away; others may choose among their groups. It is no loss where that fails:
  // the file then belongs to whoever changed it.
  if (own.uid !== uid || own.gid !== gid) {
    await file.chown(uid, gid).catch(() => file.chown(own.uid, gid).catch(() => {}));
  }
  await file.chmod(mode & 0o7777);
}

/** Makes the rename durable. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { fileIdentity } from './lock-name.ts';
import { hasCode, isMissing } from './system-error.ts';

/**
 * Gives a file that root has just made in a folder of another user to that user and to the group of the folder. The
 * server mostly runs as that user, and has to read and to write what root's commands made. Any other file stays as it
 * is, and so does one of a file system without owners.
 *
 * Only the open file is changed, and only if the folder has it under this name: the owner of a folder can put a link in
 * the place of anything in it, and must not get a file elsewhere.
 */
export async function giveToOwnerOfFolder(file: FileHandle, path: string): Promise<void> {
  if (!isRoot()) return;
  try {
    const folder = await open(dirname(path), FOLDER);
    try {
      const { uid, gid } = await folder.stat();
      if (uid === ROOT) return;
      const made = await file.stat({ bigint: true });
      const found = await lstat(`${withinOpen(folder)}/${basename(path)}`, { bigint: true });
      if (fileIdentity(made) === fileIdentity(found)) await file.chown(uid, gid);
    } finally {
      await folder.close();
    }
  } catch {
    // It stays root's. What was asked for is the file; root can use it all the same.
  }
}

/** Makes a folder, and those above it that are missing. Those that root makes get the owner of the folder above. */
export async function makeFolder(path: string, mode: number): Promise<void> {
  if (isRoot()) await makeAsRoot(resolve(path), mode);
  // Where that failed, this says why.
  await mkdir(path, { recursive: true, mode });
}

/** Appends to a file, or makes it. `mode` is that of a new file, before the umask. */
export async function appendToFile(path: string, text: string, mode: number): Promise<void> {
  const file = await openToAppend(path, mode);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

const ROOT = 0;
const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY;
const APPEND = constants.O_WRONLY | constants.O_APPEND;

const isRoot = (): boolean => process.geteuid?.() === ROOT;

/** Leads into an open folder, wherever it is by now. Only Linux has it. */
const withinOpen = (folder: FileHandle): string => `/proc/self/fd/${folder.fd}`;

async function makeAsRoot(path: string, mode: number): Promise<void> {
  if (await isThere(path)) return;
  await makeAsRoot(dirname(path), mode);
  const isMade = await mkdir(path, { mode }).then(
    () => true,
    () => false,
  );
  if (!isMade) return;
  const folder = await open(path, FOLDER | constants.O_NOFOLLOW).catch(() => undefined);
  try {
    // One that is not empty is not the one that was made: somebody has put it in its place.
    const isNew = folder !== undefined && (await namesIn(folder)).length === 0;
    if (isNew) await giveToOwnerOfFolder(folder, path);
  } finally {
    await folder?.close();
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error) => !isMissing(error),
  );

const namesIn = (folder: FileHandle): Promise<string[]> =>
  readdir(withinOpen(folder)).catch(() => ['unknown']);

async function openToAppend(path: string, mode: number): Promise<FileHandle> {
  if (!isRoot()) return open(path, 'a', mode);
  try {
    return await open(path, APPEND);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  let file: FileHandle;
  try {
    // Unlike `a`, this makes no file where a link leads.
    file = await open(path, APPEND | constants.O_CREAT | constants.O_EXCL, mode);
  } catch (error) {
    // Another process was faster, or there is a link to a file that is not there.
    if (hasCode(error, 'EEXIST')) return open(path, 'a', mode);
    throw error;
  }
  await giveToOwnerOfFolder(file, path);
  return file;
}

import { readFileSync, type Stats, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import { hasCode, reasonOf } from './system-error.ts';

/** That a file of dynonym cannot be read, and why. Where it belongs to somebody else, also what to do. */
export function unreadable(path: string, error: unknown): string {
  const forbidden = hasCode(error, 'EACCES') ? forbiddenTo(process.geteuid?.(), path) : undefined;
  return forbidden ?? `${path} cannot be read: ${reasonOf(error)}`;
}

/** Undefined where the owner is not the reason. */
function forbiddenTo(uid: number | undefined, path: string): string | undefined {
  if (uid === undefined) return undefined;
  const me = ownName(uid);
  const file = statsOf(path);
  if (file === undefined) return behindClosedFolder(me, path);
  if (file.uid === uid) return undefined;
  const owner = nameOf(file.uid);
  // A user whom the system does not know has no group either.
  const chown = `chown ${me === String(uid) ? me : `${me}:`} ${path}`;
  // In a folder of this user, root has made the file by accident. Elsewhere, this may be the wrong user.
  const cure =
    statsOf(dirname(path))?.uid === uid
      ? `type: ${chown}`
      : `run dynonym as ${owner}; or, if it shall run as ${me}, type: ${chown}`;
  return `${path} belongs to ${owner}, and this user (${me}) may not read it; ${cure}`;
}

/** The lowest folder that can be seen is the one that cannot be entered. */
function behindClosedFolder(me: string, path: string): string | undefined {
  for (let folder = dirname(resolve(path)); folder !== dirname(folder); folder = dirname(folder)) {
    const stats = statsOf(folder);
    if (stats === undefined) continue;
    const owner = nameOf(stats.uid);
    return `${path} cannot be read: its folder ${folder} belongs to ${owner}, and this user (${me}) may not enter it; run dynonym as ${owner}`;
  }
  return undefined;
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** The name of the user as whom this process acts, or the number where the system has no name for it. */
function ownName(uid: number): string {
  try {
    return userInfo().username;
  } catch {
    return String(uid);
  }
}

/** Node.js asks the system for the name of its own user only. */
function nameOf(uid: number): string {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((user) => user.split(':')[2] === String(uid));
    const name = line?.split(':')[0];
    if (name) return name;
  } catch {
    // The number says it, too.
  }
  return uid === 0 ? 'root' : `user ${uid}`;
}

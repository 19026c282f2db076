import { randomBytes } from 'node:crypto';
import { lstat, readdir, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isRunning, ownIdentity, type ProcessIdentity } from './process-identity.ts';

/** `.PID.BEGAN.ID.HOST` behind the path of the lock. The id distinguishes the attempts of one process. */
const FORM = /^\.([1-9]\d{0,9})\.([\w-]+)\.[0-9a-f]{8}\.(.+)$/;
const UNKNOWN = '-';

/** A new second name for the lock at `path`, with this process as the owner. */
export function ownLockName(path: string): string {
  const { pid, began, host } = ownIdentity();
  const id = randomBytes(4).toString('hex');
  return `${path}.${pid}.${began || UNKNOWN}.${id}.${encodeURIComponent(host)}`;
}

/** A second name of a lock, and the owner in it. */
export type LockName = { readonly name: string; readonly owner: ProcessIdentity };

/** The second name of the lock at `path` whose file has that identity. Undefined where there is none. */
export async function lockNameOf(path: string, identity: string): Promise<LockName | undefined> {
  for (const found of await lockNames(path)) {
    if ((await identityOf(found.name)) === identity) return found;
  }
  return undefined;
}

/** Removes the second names of dead processes on this host, as far as the system allows it. */
export async function removeDeadNames(path: string): Promise<void> {
  for (const { name, owner } of await lockNames(path)) {
    if (owner.host === hostname() && !isRunning(owner)) await unlink(name).catch(() => {});
  }
}

async function lockNames(path: string): Promise<readonly LockName[]> {
  const [folder, base] = [dirname(path), basename(path)];
  const names: LockName[] = [];
  // Where the folder cannot be listed, the process id alone is compared.
  const entries = await readdir(folder).catch((): string[] => []);
  for (const entry of entries) {
    const form = entry.startsWith(base) ? FORM.exec(entry.slice(base.length)) : null;
    if (form === null) continue;
    const [, pid, began = '', host = ''] = form;
    const owner = { pid: Number(pid), began: began === UNKNOWN ? '' : began, host: decoded(host) };
    names.push({ name: join(folder, entry), owner });
  }
  return names;
}

/** The identity of a file, whatever its names and content. Undefined where there is none. */
async function identityOf(path: string): Promise<string | undefined> {
  const stats = await lstat(path, { bigint: true }).catch(() => undefined);
  return stats && fileIdentity(stats);
}

export const fileIdentity = ({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string =>
  `${dev}:${ino}`;

function decoded(host: string): string {
  try {
    return decodeURIComponent(host);
  } catch {
    return host;
  }
}

import { isUtf8 } from 'node:buffer';
import { type BigIntStats, constants, type Stats, statSync } from 'node:fs';
import { open, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LockTimeout } from '../files/hold-lock.ts';
import type { LockOwner } from '../files/lock-file.ts';
import { isMissing, reasonAndPathOf, systemCodeOf } from '../files/system-error.ts';
import { unreadable } from '../files/unreadable.ts';
import { ConfigurationFault, type ConfigurationFaultCode, faultOfProblems } from './configuration-fault.ts';

export type ReadText = {
  readonly text: string;
  /** Taken before the text was read. */
  readonly stats: BigIntStats;
};

/** Reads a configuration. `name` is its name in messages. Rejects with a ConfigurationFault. */
export async function readText(path: string, name = path): Promise<ReadText> {
  const [bytes, stats] = await readBytes(path, name).catch((error) => {
    throw readFault(name, error);
  });
  const text = bytes.toString('utf8');
  if (!isUtf8(bytes)) {
    const line = text.slice(0, text.indexOf('\ufffd')).split('\n').length;
    throw faultOfProblems('CONFIG_INVALID', name, [{ key: '', line, message: 'this is not UTF-8' }]);
  }
  return { text, stats };
}

/** What the file system knows of a configuration. Rejects with a ConfigurationFault. */
export async function statFile(path: string): Promise<BigIntStats> {
  const stats = await stat(path, { bigint: true }).catch((error) => {
    throw readFault(path, error);
  });
  assertRegular(stats, path);
  return stats;
}

/** A pipe or a device may have no end, and must not be replaced by a file. Throws a ConfigurationFault. */
export function assertRegular(
  stats: Stats | BigIntStats,
  name: string,
  code: ConfigurationFaultCode = 'CONFIG_UNREADABLE',
): void {
  if (stats.isFile()) return;
  const kinds = [
    [stats.isDirectory(), 'a folder'],
    [stats.isFIFO(), 'a pipe'],
    [stats.isSocket(), 'a socket'],
  ] as const;
  const kind = kinds.find(([is]) => is)?.[1] ?? 'a device';
  throw new ConfigurationFault(code, `${name}: this is ${kind}; a regular file is needed`);
}

async function readBytes(path: string, name: string): Promise<[Buffer, BigIntStats]> {
  // Without O_NONBLOCK, opening a pipe would wait until another process writes into it.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat({ bigint: true });
    assertRegular(stats, name);
    return [await file.readFile(), stats];
  } finally {
    await file.close();
  }
}

/** Differs between any two versions of a file, unless both were written within one tick of the file system's clock. */
export function versionOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join();
}

/**
 * True when the file still has this version. The call is synchronous, because the system mostly has the answer in memory:
 * an asynchronous call goes through another thread, which takes many times as long.
 */
export function isOfVersion(path: string, version: string): boolean {
  try {
    return versionOf(statSync(path, { bigint: true })) === version;
  } catch {
    return false;
  }
}

/** The file that a path leads to through any symbolic links. It need not exist yet. */
export async function targetOf(path: string): Promise<string> {
  // Linux follows 40 links too.
  for (let at = resolve(path), links = 0; ; links += 1) {
    try {
      return await realpath(at);
    } catch (error) {
      if (!isMissing(error) || links === 40) throw error;
    }
    const folder = await realpath(dirname(at));
    const link = await readlink(at).catch(() => undefined);
    if (link === undefined) return resolve(folder, at);
    at = resolve(folder, link);
  }
}

/** The fault for an error that was thrown while a configuration was read. */
export function readFault(path: string, error: unknown): ConfigurationFault {
  if (error instanceof ConfigurationFault) return error;
  if (isMissing(error)) {
    const message = `${path}: there is no configuration here; "dynonym configure default" writes one`;
    return new ConfigurationFault('CONFIG_MISSING', message, { cause: error });
  }
  return new ConfigurationFault('CONFIG_UNREADABLE', unreadable(path, error), { cause: error });
}

/** The fault for an error that was thrown while a configuration was changed. What is no error of the system stays. */
export function writeFault(path: string, error: unknown): unknown {
  if (error instanceof LockTimeout) {
    const message = `${path}: ${nameOf(error.owner)} is changing it and does not finish; if that process ended long ago, remove ${error.lock}`;
    return new ConfigurationFault('CONFIG_BUSY', message, { cause: error });
  }
  if (systemCodeOf(error) === undefined) return error;
  return new ConfigurationFault(
    'CONFIG_UNWRITABLE',
    `${path}: cannot be written: ${reasonAndPathOf(error)}`,
    {
      cause: error,
    },
  );
}

function nameOf(owner: LockOwner | undefined): string {
  if (owner === undefined) return 'something';
  return `process ${owner.pid}${owner.host === undefined ? '' : ` on ${owner.host}`}`;
}

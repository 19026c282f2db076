import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { type BigIntStats, constants, type Stats, statSync } from 'node:fs';
import { open, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LockTimeout } from '../files/hold-lock.ts';
import type { LockOwner } from '../files/lock-file.ts';
import { isMissing, reasonAndPathOf, systemCodeOf } from '../files/system-error.ts';
import { ConfigurationFault, type ConfigurationFaultCode, faultOfProblems } from './configuration-fault.ts';

export type ReadText = {
  readonly text: string;
  /** The same for the same text. */
  readonly digest: string;
  /** Of the file that was read, as it was before. */
  readonly stats: BigIntStats;
};

/** Reads a configuration, which messages call `name`. Rejects with a ConfigurationFault. */
export async function readText(path: string, name = path): Promise<ReadText> {
  const [bytes, stats] = await readBytes(path, name).catch((error) => {
    throw readFault(name, error);
  });
  const text = bytes.toString('utf8');
  if (!isUtf8(bytes)) {
    const line = text.slice(0, text.indexOf('\ufffd')).split('\n').length;
    throw faultOfProblems('CONFIG_INVALID', name, [{ key: '', line, message: 'this is not UTF-8' }]);
  }
  return { text, digest: digestOf(bytes), stats };
}

/** What the file system knows of a configuration. Rejects with a ConfigurationFault. */
export async function statFile(path: string): Promise<BigIntStats> {
  const stats = await stat(path, { bigint: true }).catch((error) => {
    throw readFault(path, error);
  });
  assertRegular(stats, path);
  return stats;
}

/** What is no regular file may have no end, and cannot be replaced by one. Throws a ConfigurationFault. */
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

export const digestOf = (text: string | Uint8Array): string =>
  createHash('sha256').update(text).digest('base64');

async function readBytes(path: string, name: string): Promise<[Buffer, BigIntStats]> {
  // To open a pipe would wait for somebody who writes into it.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat({ bigint: true });
    assertRegular(stats, name);
    return [await file.readFile(), stats];
  } finally {
    await file.close();
  }
}

/** Different for every version of a file, short of two within a tick of the clock of the file system. */
export function versionOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join();
}

/**
 * True when the file is the one of this version. Asked in this thread, because the system mostly has the answer in
 * memory: to have another thread ask, and to wake up here again, takes many times as long.
 */
export function isOfVersion(path: string, version: string): boolean {
  try {
    return versionOf(statSync(path, { bigint: true })) === version;
  } catch {
    return false;
  }
}

/** The file that a path leads to, over any links, also when it does not exist yet. */
export async function targetOf(path: string): Promise<string> {
  // As many links as Linux follows.
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

/** The fault that kept a configuration from being read. */
export function readFault(path: string, error: unknown): ConfigurationFault {
  if (error instanceof ConfigurationFault) return error;
  if (isMissing(error)) {
    const message = `${path}: there is no configuration here; "dynonym configure default" writes one`;
    return new ConfigurationFault('CONFIG_MISSING', message, { cause: error });
  }
  return new ConfigurationFault('CONFIG_UNREADABLE', `${path}: cannot be read: ${reasonAndPathOf(error)}`, {
    cause: error,
  });
}

/** The fault that kept a configuration from being changed. */
export function writeFault(path: string, error: unknown): unknown {
  if (error instanceof LockTimeout) {
    const message = `${path}: ${nameOf(error.owner)} is changing it and does not finish; if that is long gone, remove ${error.lock}`;
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

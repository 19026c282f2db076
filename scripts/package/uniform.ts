import { chmodSync, lstatSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.ts';

/**
 * The time of everything in a package, in seconds: SOURCE_DATE_EPOCH (reproducible-builds.org), or else that of the
 * commit. Sources without git have the time of the build.
 */
export async function sourceTime(): Promise<number> {
  const given = process.env['SOURCE_DATE_EPOCH'];
  if (given !== undefined) return Number(given);
  const now = () => Date.now() / 1000;
  const time = await run('git', ['log', '-1', '--format=%ct'], { cwd: import.meta.dirname }).catch(now);
  return Math.floor(Number(time));
}

/** Gives each file and folder the mode and the time that it has in a package, whatever umask and day it is. */
export function makeUniform(path: string, time: number): void {
  const isFolder = lstatSync(path).isDirectory();
  if (isFolder) for (const name of readdirSync(path)) makeUniform(join(path, name), time);
  chmodSync(path, isFolder || lstatSync(path).mode & 0o100 ? 0o755 : 0o644);
  utimesSync(path, time, time);
}

import { readFileSync } from 'node:fs';

/** Files that the process needs for other things: configuration, logs, zones, connections to name servers. */
const OTHER_FILES = 200;

/**
 * How many connections one of `sockets` listening sockets may have, `most` at most: all of them together leave
 * enough of the files that the process may have open. Where there is none left, the kernel would reset connections of
 * everybody, and Node.js would hear nothing of it.
 */
export function connectionLimit(sockets: number, most: number, openFiles = openFileLimit()): number {
  return Math.min(most, Math.max(1, Math.floor((openFiles - OTHER_FILES) / sockets)));
}

/** RLIMIT_NOFILE, which Node.js has raised as far as it may. Only Linux tells it. */
function openFileLimit(): number {
  try {
    const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

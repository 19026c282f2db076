import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { hasCode } from './system-error.ts';

/** A process, told from every other one that had its number before or will have it later. */
export type ProcessIdentity = {
  readonly pid: number;
  /** The name of its machine or container. */
  readonly host: string;
  /**
   * On Linux the id of the start of the machine (boot id), `_`, and the clock tick since then at which the process
   * began (proc(5)). Empty where it is not known.
   */
  readonly began: string;
};

export function ownIdentity(): ProcessIdentity {
  const { pid } = process;
  return { pid, host: hostname(), began: beginningOf(pid) ?? '' };
}

/** True when that process runs here, whoever owns it. Without `began`, any process with its number counts. */
export function isRunning({ pid, began }: Pick<ProcessIdentity, 'pid' | 'began'>): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // A process that may not be signalled runs, and belongs to another user.
    if (!hasCode(error, 'EPERM')) return false;
  }
  const now = beginningOf(pid);
  return now !== undefined && (began === '' || now === '' || began === now);
}

/**
 * Undefined for a process that has ended and whose parent has not yet asked what became of it: such a one still
 * answers to its number, in a container for ever.
 */
function beginningOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The fields stand behind the name of the program, which is in parentheses and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}_${fields[19]}`;
  } catch {
    return '';
  }
}

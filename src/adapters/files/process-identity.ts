import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { hasCode } from './system-error.ts';

/** The identity of a process. It differs from that of earlier and later processes with the same id. */
export type ProcessIdentity = {
  readonly pid: number;
  /** The name of its machine or container. */
  readonly host: string;
  /**
   * On Linux: the boot id of the machine, `_`, and the clock tick since the boot at which the process began (proc(5)).
   * Empty where it is not known.
   */
  readonly began: string;
};

export function ownIdentity(): ProcessIdentity {
  const { pid } = process;
  return { pid, host: hostname(), began: beginningOf(pid) ?? '' };
}

/** True when that process runs on this host, under any user. Without `began`, any process with the id counts. */
export function isRunning({ pid, began }: Pick<ProcessIdentity, 'pid' | 'began'>): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process runs and belongs to another user.
    if (!hasCode(error, 'EPERM')) return false;
  }
  const now = beginningOf(pid);
  return now !== undefined && (began === '' || now === '' || began === now);
}

/**
 * Undefined for a zombie: a process that has ended and that its parent has not waited for. Signals still reach its id,
 * in a container perhaps for ever.
 */
function beginningOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The fields follow the name of the program, which is in parentheses and may have any characters.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}_${fields[19]}`;
  } catch {
    return '';
  }
}

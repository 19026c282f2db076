import { setTimeout as pause } from 'node:timers/promises';
import { type LockOwner, tryLock } from './lock-file.ts';

/** The lock was not released in time. `owner` is undefined where the file is no lock. */
export class LockTimeout extends Error {
  readonly lock: string;
  readonly owner: LockOwner | undefined;

  constructor(lock: string, owner: LockOwner | undefined) {
    super(`${lock} is held`);
    this.name = 'LockTimeout';
    this.lock = lock;
    this.owner = owner;
  }
}

/**
 * Runs `action` while it holds `lock`, against other processes and other callers in this process. Waits for the lock
 * for `patience` milliseconds, then rejects with a LockTimeout.
 */
export async function holding<Result>(
  lock: string,
  patience: number,
  action: () => Promise<Result>,
): Promise<Result> {
  const deadline = performance.now() + patience;
  for (;;) {
    const attempt = await tryLock(lock, 'respected');
    if (attempt.kind === 'taken') {
      try {
        return await action();
      } finally {
        await attempt.release();
      }
    }
    if (performance.now() > deadline) {
      throw new LockTimeout(lock, attempt.kind === 'held' ? attempt.by : undefined);
    }
    // A random pause, so that waiting processes do not retry at the same moment.
    await pause(2 + Math.random() * 18);
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { type LockOwner, tryLock } from './lock-file.ts';

/** The lock was not free in time. `owner` is undefined when something that is no lock stands in its place. */
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
 * Runs `action` while no other process, and nobody else in this one, does so for the same `lock`. Waits for
 * `patience` milliseconds, then rejects with a LockTimeout.
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
    // Not in step with others who wait.
    await pause(2 + Math.random() * 18);
  }
}

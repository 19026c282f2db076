import { resolve } from 'node:path';
import type { LockOutcome, ProcessLock } from '../../application/ports/process-lock.ts';
import { tryLock } from '../files/lock-file.ts';
import { isDiskClosed } from '../files/system-error.ts';
import { LockFault, lockFaultOf } from './lock-fault.ts';

/** A file that holds the process id of its owner (files/README.md). */
export class FileProcessLock implements ProcessLock {
  readonly #path: string;
  readonly #try: typeof tryLock;

  /** @param attempt for tests. */
  constructor(path: string, attempt = tryLock) {
    this.#path = resolve(path);
    this.#try = attempt;
  }

  async acquire(): Promise<LockOutcome> {
    const place = this.#path;
    try {
      // A restarted container has a new host name. Its earlier lock must not prevent the start.
      const attempt = await this.#try(place, 'ignored');
      switch (attempt.kind) {
        case 'held':
          return { kind: 'held', place, by: attempt.by.pid };
        case 'foreign':
          throw new LockFault(
            'LOCK_FOREIGN',
            `"${attempt.place}" is not a lock: it holds no process id; choose another lock file, or remove this one`,
          );
        case 'taken':
          return {
            kind: 'acquired',
            place,
            takenOverFrom: attempt.takenOverFrom,
            release: () =>
              attempt.release().catch((error) => {
                throw lockFaultOf(place, error);
              }),
          };
      }
    } catch (error) {
      const fault = lockFaultOf(place, error);
      if (isDiskClosed(error)) return { kind: 'unwritable', place, fault };
      throw fault;
    }
  }
}

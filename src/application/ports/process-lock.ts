import type { DynonymError } from '../../domain/errors.ts';

/** Keeps two servers from running in one place. */
export interface ProcessLock {
  /**
   * Takes the lock for this process, or says why it did not. A lock whose process is dead is taken over; of several
   * processes that try at once exactly one gets it. Rejects with a DynonymError where the lock cannot be used for
   * any reason but a disk that takes nothing.
   */
  acquire(): Promise<LockOutcome>;
}

/** The lock, who has it, or that there is no place for it. */
export type LockOutcome =
  | {
      readonly kind: 'acquired';
      /** Where the lock is, for people. */
      readonly place: string;
      /** The dead process from which the lock was taken over; undefined when it was free. */
      readonly takenOverFrom: number | undefined;
      /** Gives the lock back. May be called again, and leaves a lock alone that is no longer ours. */
      release(): Promise<void>;
    }
  | { readonly kind: 'held'; readonly place: string; readonly by: number }
  | {
      /** The disk is full or read-only. No living process was found to hold the lock, and nobody is kept away. */
      readonly kind: 'unwritable';
      readonly place: string;
      readonly fault: DynonymError;
    };

/** Keeps two servers from running in one place. */
export interface ProcessLock {
  /**
   * Takes the lock for this process, or says who holds it. A lock whose process is dead is taken over;
   * of several processes that try at once exactly one gets it. A place that cannot be written rejects with
   * a DynonymError.
   */
  acquire(): Promise<LockOutcome>;
}

/** The lock, or who has it. */
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
  | { readonly kind: 'held'; readonly place: string; readonly by: number };

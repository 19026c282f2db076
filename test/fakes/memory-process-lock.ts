import type { LockOutcome, ProcessLock } from '../../src/application/ports/process-lock.ts';
import { DynonymError } from '../../src/domain/errors.ts';

/** A place for a lock, in a world of few processes. */
export class MemoryLockPlace {
  readonly name = 'memory';
  readonly living: Set<number>;
  held: { readonly by: number } | undefined;
  isFull = false;

  constructor(...living: number[]) {
    this.living = new Set(living);
  }
}

export class MemoryProcessLock implements ProcessLock {
  readonly #place: MemoryLockPlace;
  readonly #process: number;
  /** What this process took and still has: its number alone may be that of a process before it. */
  static readonly #ours = new WeakSet<object>();

  constructor(place: MemoryLockPlace, process: number) {
    this.#place = place;
    this.#process = process;
  }

  async acquire(): Promise<LockOutcome> {
    const place = this.#place;
    const found = place.held;
    if (found !== undefined && this.#isAlive(found)) return { kind: 'held', place: place.name, by: found.by };

    if (place.isFull) {
      const fault = new DynonymError('LOCK_UNWRITABLE', 'the disk is full');
      return { kind: 'unwritable', place: place.name, fault };
    }
    const taken = { by: this.#process };
    place.held = taken;
    MemoryProcessLock.#ours.add(taken);
    return {
      kind: 'acquired',
      place: place.name,
      takenOverFrom: found?.by,
      release: async () => {
        if (place.held === taken) place.held = undefined;
      },
    };
  }

  #isAlive(found: { readonly by: number }): boolean {
    return found.by === this.#process ? MemoryProcessLock.#ours.has(found) : this.#place.living.has(found.by);
  }
}

/** How much work may be under way, and how much may wait. */
export type FairQueueLimits = {
  /** Pieces of work that run at the same time. */
  readonly running: number;
  /** Pieces that wait, of all owners together. */
  readonly waiting: number;
  /** Pieces that wait, of one owner. */
  readonly waitingOfOne: number;
};

/**
 * Runs a few pieces of work at a time and takes the next from each owner in turn, so that whoever brings much
 * waits for it, and nobody else does. Turns away what there is no room for.
 */
export class FairQueue {
  readonly #limits: FairQueueLimits;
  /** What waits, by owner; the owner whose turn is next comes first. */
  readonly #waiting = new Map<string, (() => void)[]>();
  #waitingCount = 0;
  #running = 0;

  constructor(limits: FairQueueLimits) {
    this.#limits = limits;
  }

  /** The promise of `work` when it had its turn, or `full` at once. */
  run<Value>(owner: string, work: () => Promise<Value>): Promise<Value> | 'full' {
    if (this.#running < this.#limits.running) return this.#start(work);
    const own = this.#waiting.get(owner) ?? [];
    if (own.length >= this.#limits.waitingOfOne || this.#waitingCount >= this.#limits.waiting) return 'full';
    return new Promise((resolve) => {
      own.push(() => resolve(this.#start(work)));
      this.#waiting.set(owner, own);
      this.#waitingCount += 1;
    });
  }

  async #start<Value>(work: () => Promise<Value>): Promise<Value> {
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#startNext();
    }
  }

  #startNext(): void {
    const [next] = this.#waiting;
    if (next === undefined) return;
    const [owner, own] = next;
    const start = own.shift();
    this.#waitingCount -= 1;
    // To the end of the round, or out of it.
    this.#waiting.delete(owner);
    if (own.length > 0) this.#waiting.set(owner, own);
    start?.();
  }
}

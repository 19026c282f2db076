/**
 * How much work may run, and how much may wait. Pieces that go first wait in a queue of their own. Both limits on waiting
 * hold for each of the two queues.
 */
export type FairQueueLimits = {
  /** How many pieces of work run at the same time. No two of them have one owner. */
  readonly running: number;
  /** The most pieces that wait, of all owners together. */
  readonly waiting: number;
  /** The most pieces of one owner that wait. */
  readonly waitingOfOne: number;
};

/** A piece of work that waits. Exactly one of the two functions is called, once. */
type Waiting = { start(): void; turnAway(): void };

/**
 * Keeps owners with much work from holding up the others. `NameTurns` is for another purpose: it keeps the work of one
 * name in order.
 *
 * Runs a few pieces of work at a time, at most one of each owner, and takes the next piece from each owner in turn. So
 * an owner with much work waits longer, and the other owners do not.
 *
 * If a piece comes while the queue is full, the newest piece of the owner with the most pieces is refused in its place. If
 * the owner of the new piece would then have as many, the new piece is refused.
 *
 * Pieces that go first wait in a queue of their own, which is emptied before the other one. So of the other pieces, they
 * wait only for one that runs already.
 */
export class FairQueue {
  readonly #limits: FairQueueLimits;
  readonly #first: WaitingRoom;
  readonly #others: WaitingRoom;
  /** Owners whose piece of work runs now. */
  readonly #running = new Set<string>();

  constructor(limits: FairQueueLimits) {
    this.#limits = limits;
    this.#first = new WaitingRoom(limits);
    this.#others = new WaitingRoom(limits);
  }

  /** Resolves to the result of `work` after its turn, or to `full` when it is refused. */
  run<Value>(
    owner: string,
    work: () => Promise<Value>,
    { goesFirst = false }: { readonly goesFirst?: boolean } = {},
  ): Promise<Value | 'full'> {
    if (this.#running.size < this.#limits.running && !this.#running.has(owner)) {
      return this.#start(owner, work);
    }
    return new Promise((resolve) => {
      const room = goesFirst ? this.#first : this.#others;
      room.enter(owner, {
        start: () => resolve(this.#start(owner, work)),
        turnAway: () => resolve('full'),
      });
    });
  }

  async #start<Value>(owner: string, work: () => Promise<Value>): Promise<Value> {
    this.#running.add(owner);
    try {
      return await work();
    } finally {
      this.#running.delete(owner);
      const next = this.#first.next(this.#running) ?? this.#others.next(this.#running);
      next?.start();
    }
  }
}

/** Pieces of work that wait, with a limit for all of them and one for each owner. */
class WaitingRoom {
  readonly #limits: FairQueueLimits;
  /** The pieces of each owner. The owner whose turn is next comes first. No list is empty. */
  readonly #owners = new Map<string, Waiting[]>();
  #count = 0;

  constructor(limits: FairQueueLimits) {
    this.#limits = limits;
  }

  /** In a full queue, the owner with the most pieces loses one, so that an owner with fewer can add one. */
  enter(owner: string, piece: Waiting): void {
    const own = this.#owners.get(owner) ?? [];
    if (own.length >= this.#limits.waitingOfOne) return void piece.turnAway();
    if (this.#count >= this.#limits.waiting) {
      const most = this.#longest();
      if (most.length <= own.length + 1) return void piece.turnAway();
      most.pop()?.turnAway();
      this.#count -= 1;
    }
    own.push(piece);
    this.#owners.set(owner, own);
    this.#count += 1;
  }

  /** Takes out the next piece. Owners whose piece runs now are passed over. */
  next(running: ReadonlySet<string>): Waiting | undefined {
    for (const [owner, own] of this.#owners) {
      if (running.has(owner)) continue;
      const piece = own.shift();
      this.#count -= 1;
      // The owner goes to the end of the round, or leaves it when nothing of that owner waits.
      this.#owners.delete(owner);
      if (own.length > 0) this.#owners.set(owner, own);
      return piece;
    }
    return undefined;
  }

  #longest(): Waiting[] {
    let longest: Waiting[] = [];
    for (const own of this.#owners.values()) if (own.length > longest.length) longest = own;
    return longest;
  }
}

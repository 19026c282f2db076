/** How much work may be under way, and how much may wait. */
export type FairQueueLimits = {
  /** Pieces of work that run at the same time, each of another owner. */
  readonly running: number;
  /** Pieces that wait, of all owners together; of those that go first, as many again. */
  readonly waiting: number;
  /** Pieces that wait, of one owner. */
  readonly waitingOfOne: number;
};

/** What waits for its turn. One of the two is called, once. */
type Waiting = { start(): void; turnAway(): void };

/**
 * Runs a few pieces of work at a time, at most one of each owner, and takes the next piece from each owner in turn. So
 * an owner who brings much waits longer, and the others do not. A piece for which there is no room is turned away.
 *
 * Pieces that go first wait in a room of their own, and come before all others. However many others wait, they cost
 * such a piece no more than the wait for one that runs already.
 */
export class FairQueue {
  readonly #limits: FairQueueLimits;
  readonly #first: WaitingRoom;
  readonly #others: WaitingRoom;
  /** Owners of whom a piece runs. */
  readonly #running = new Set<string>();

  constructor(limits: FairQueueLimits) {
    this.#limits = limits;
    this.#first = new WaitingRoom(limits);
    this.#others = new WaitingRoom(limits);
  }

  /** What came of `work` when it had its turn, or `full` when it will have none. */
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

/** Where pieces of work wait, with a bound for all of them and one for each owner. */
class WaitingRoom {
  readonly #limits: FairQueueLimits;
  /** By owner; the owner whose turn is next comes first. None of these lists is empty. */
  readonly #owners = new Map<string, Waiting[]>();
  #count = 0;

  constructor(limits: FairQueueLimits) {
    this.#limits = limits;
  }

  /** In a full room, the owner who has most pieces in it makes room for those who have fewer. */
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

  /** Takes out the piece whose turn it is. An owner of whom a piece runs waits for its end. */
  next(running: ReadonlySet<string>): Waiting | undefined {
    for (const [owner, own] of this.#owners) {
      if (running.has(owner)) continue;
      const piece = own.shift();
      this.#count -= 1;
      // To the end of the round, or out of it.
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

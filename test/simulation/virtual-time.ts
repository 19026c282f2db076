type Planned = { readonly at: number; readonly order: number; readonly action: () => void; called: boolean };

/** Callbacks that are handed to Node at once. One turn of its event loop costs more than most of our steps. */
const STEPS = 64;

/**
 * Time that passes only when somebody looks for what is next. What is planned happens in the order of its time, and at
 * the same time in the order in which it was planned. All promises that a step settles are followed before the next
 * step: nothing depends on the machine.
 */
export class VirtualTime {
  /** Milliseconds since the beginning. */
  now = 0;
  /** How much has happened. */
  steps = 0;
  #order = 0;
  /** A binary heap. */
  readonly #planned: Planned[] = [];

  /** Calls `action` in so many milliseconds, unless the returned function is called before. */
  plan(milliseconds: number, action: () => void): () => void {
    this.#order += 1;
    const planned: Planned = {
      at: this.now + Math.max(0, milliseconds),
      order: this.#order,
      action,
      called: false,
    };
    this.#push(planned);
    return () => {
      planned.called = true;
    };
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.plan(milliseconds, resolve));
  }

  /** Lets time pass until then, or until `isOver`. Rejects with what an action throws. */
  passUntil(end: number, isOver: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      let over = false;
      const step = () => {
        if (over) return;
        if (isOver()) {
          over = true;
          resolve();
          return;
        }
        const next = this.#next(end);
        if (next === undefined) {
          over = true;
          this.now = end;
          resolve();
          return;
        }
        this.now = next.at;
        this.steps += 1;
        try {
          next.action();
        } catch (error) {
          over = true;
          reject(error);
        }
      };
      // Node follows all promises between two of these callbacks.
      const turn = () => {
        if (over) return;
        for (let count = 0; count < STEPS; count += 1) setImmediate(step);
        setImmediate(turn);
      };
      turn();
    });
  }

  #next(end: number): Planned | undefined {
    for (;;) {
      const first = this.#planned[0];
      if (first === undefined || first.at > end) return undefined;
      this.#pop();
      if (!first.called) return first;
    }
  }

  #push(planned: Planned): void {
    const heap = this.#planned;
    let at = heap.length;
    heap.push(planned);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above] as Planned;
      if (!isEarlier(planned, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = planned;
  }

  #pop(): void {
    const heap = this.#planned;
    const last = heap.pop() as Planned;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isEarlier(heap[below + 1] as Planned, heap[below] as Planned))
        below += 1;
      if (!isEarlier(heap[below] as Planned, last)) break;
      heap[at] = heap[below] as Planned;
      at = below;
    }
    heap[at] = last;
  }
}

const isEarlier = (one: Planned, other: Planned): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order);

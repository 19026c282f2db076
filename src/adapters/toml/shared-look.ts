/**
 * A look at something that changes. Whoever calls shares the next one, which begins at the end of this turn of the
 * event loop, when all have called who heard something at the same time; one that is under way may have begun too
 * early for them.
 */
export class SharedLook<Result> {
  readonly #look: () => Promise<Result>;
  #current: Promise<unknown> = Promise.resolve();
  #next: Promise<Result> | undefined;

  constructor(look: () => Promise<Result>) {
    this.#look = look;
  }

  run(): Promise<Result> {
    this.#next ??= this.#start();
    return this.#next;
  }

  async #start(): Promise<Result> {
    await endOfTurn();
    // What became of it is for those who called for it.
    await this.#current.catch(() => {});
    this.#next = undefined;
    const look = this.#look();
    this.#current = look;
    return look;
  }
}

const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

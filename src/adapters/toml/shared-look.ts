/**
 * An asynchronous look at something that changes. Whoever calls while nobody looks starts to; calls that come
 * meanwhile share the next look, because the one under way may have begun too early for them.
 */
export class SharedLook<Result> {
  readonly #look: () => Promise<Result>;
  #current: Promise<Result> | undefined;
  #next: Promise<Result> | undefined;

  constructor(look: () => Promise<Result>) {
    this.#look = look;
  }

  run(): Promise<Result> {
    if (this.#current === undefined) return this.#start();
    this.#next ??= this.#current.then(
      () => this.#start(),
      () => this.#start(),
    );
    return this.#next;
  }

  #start(): Promise<Result> {
    this.#next = undefined;
    const look = this.#look().finally(() => {
      // The next one may have started already.
      if (this.#current === look) this.#current = undefined;
    });
    this.#current = look;
    return look;
  }
}

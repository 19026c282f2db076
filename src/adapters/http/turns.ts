/**
 * Gives one turn in each round of the event loop. If all requests that have waited were served in one round, a client
 * that comes then would wait for all of them. So it waits for one.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];

  take(turn: () => void): void {
    this.#waiting.push(turn);
    if (this.#waiting.length === 1) setImmediate(() => this.#round());
  }

  #round(): void {
    const turn = this.#waiting.shift();
    if (this.#waiting.length > 0) setImmediate(() => this.#round());
    turn?.();
  }
}

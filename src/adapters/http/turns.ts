/**
 * Gives one turn in each round of the event loop. What has waited already, of all connections together, costs those
 * who come anew no more than that.
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

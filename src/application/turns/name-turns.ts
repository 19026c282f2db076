/** Does all work for one name, of a host or of a user, in the order in which it came, one piece at a time. */
export class NameTurns {
  /** The last piece of work for each name that has any. */
  readonly #last = new Map<string, Promise<unknown>>();

  /** Starts `work` when all earlier work for `name` has ended, even if that failed. Settles as `work` does. */
  async run<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
    const turn = this.#last.get(name)?.then(work, work) ?? work();
    this.#last.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(name) === turn) this.#last.delete(name);
    }
  }
}

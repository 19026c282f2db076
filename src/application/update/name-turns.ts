import type { DomainName } from '../../domain/domain-name.ts';

/** Lets one piece of work at a time have a name, in the order in which they came. */
export class NameTurns {
  /** The last turn that was asked for, of each name that somebody has. */
  readonly #last = new Map<DomainName, Promise<unknown>>();

  /** What came of `work`, which starts when all earlier work for `name` has ended, well or badly. */
  async run<Value>(name: DomainName, work: () => Promise<Value>): Promise<Value> {
    const turn = this.#last.get(name)?.then(work, work) ?? work();
    this.#last.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(name) === turn) this.#last.delete(name);
    }
  }
}

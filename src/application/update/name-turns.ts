import type { DomainName } from '../../domain/domain-name.ts';

/** Gives names to one holder at a time, in the order in which they were asked for. */
export class NameTurns {
  /** For each name, the end of the last turn that was asked for. */
  readonly #lastTurn = new Map<DomainName, Promise<void>>();

  /**
   * Resolves when all of `names` are this caller's, to the function that gives them back.
   *
   * A caller queues for all its names in one step, so any two callers meet in the same order at every name
   * and cannot wait for each other in a circle.
   */
  async take(names: readonly DomainName[]): Promise<() => void> {
    const { promise: turn, resolve: end } = deferred();
    const earlier: Promise<void>[] = [];
    for (const name of new Set(names)) {
      const last = this.#lastTurn.get(name);
      if (last !== undefined) earlier.push(last);
      this.#lastTurn.set(name, turn);
    }
    if (earlier.length > 0) await Promise.all(earlier);
    return () => {
      for (const name of names) if (this.#lastTurn.get(name) === turn) this.#lastTurn.delete(name);
      end();
    };
  }
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

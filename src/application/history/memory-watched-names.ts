import type { DomainName } from '../../domain/domain-name.ts';
import type { DueName, Expectation, PutBack, Seen, WatchedNames } from '../ports/watched-names.ts';

type Watched = {
  readonly expectation: Expectation;
  readonly seen: Seen | undefined;
  readonly due: number;
  /** When it was looked at last. */
  readonly lookedAt: number;
};

/** For ten thousand names. They are in memory, and end with the process. */
export class MemoryWatchedNames implements WatchedNames {
  readonly #expected: () => Promise<ReadonlyMap<DomainName, Expectation>>;
  /** As they were when it was asked last. */
  #known: ReadonlyMap<DomainName, Expectation> = new Map();
  #watched: Map<DomainName, Watched> = new Map();

  /** @param expected the names that are expected to be reported: the same object as long as nothing has changed */
  constructor(expected: () => Promise<ReadonlyMap<DomainName, Expectation>>) {
    this.#expected = expected;
  }

  async due(now: number, most: number): Promise<readonly DueName[]> {
    const expected = await this.#expected();
    if (expected !== this.#known) this.#take(expected);
    const names: DueName[] = [];
    for (const [name, watched] of this.#watched) {
      if (names.length === most) break;
      if (!isDue(watched, now)) continue;
      const { expectation, seen } = watched;
      names.push({ name, expectation, seen });
      this.#watched.set(name, { ...watched, lookedAt: now });
    }
    return names;
  }

  async putBack(names: readonly PutBack[]): Promise<void> {
    for (const { name, seen, due } of names) {
      const watched = this.#watched.get(name);
      if (watched !== undefined) this.#watched.set(name, { ...watched, seen, due });
    }
  }

  async silent(): Promise<number> {
    return [...this.#watched.values()].filter(({ seen }) => seen?.silent !== undefined).length;
  }

  #take(expected: ReadonlyMap<DomainName, Expectation>): void {
    const watched = new Map<DomainName, Watched>();
    for (const [name, expectation] of expected) {
      const before = this.#watched.get(name);
      const isSame = before !== undefined && areEqual(before.expectation, expectation);
      const atOnce = { expectation, seen: before?.seen, due: Number.NEGATIVE_INFINITY, lookedAt: 0 };
      watched.set(name, isSame ? before : atOnce);
    }
    this.#known = expected;
    this.#watched = watched;
  }
}

/**
 * Nobody tells that a silent name is reported again. So each look finds it once: all calls of one look have the same
 * `now`.
 */
function isDue({ due, seen, lookedAt }: Watched, now: number): boolean {
  if (due <= now) return true;
  return seen?.silent !== undefined && lookedAt < now;
}

const areEqual = (one: Expectation, other: Expectation): boolean =>
  one.expect === other.expect && one.offlineAfter === other.offlineAfter;

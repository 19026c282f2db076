import type { DomainName } from '../../domain/domain-name.ts';

/** How often a name is to be reported. Milliseconds. */
export type Expectation = {
  /** After so long without a report it is silent. */
  readonly expect: number;
  /** After so long its addresses are taken off the DNS. Undefined: never. */
  readonly offlineAfter: number | undefined;
};

/** What the last look saw of a name. */
export type Seen = {
  /**
   * When the last report came, by the clock of the system. Somebody may set that clock, so it is only asked whether the
   * value is another one: then there is a new report.
   */
  readonly reportedAt: number;
  /** When that report was heard, by a clock that nobody can set. */
  readonly heard: number;
  /** Undefined: it is not silent. */
  readonly silent?: 'told' | 'taken-off' | undefined;
};

export type DueName = {
  readonly name: DomainName;
  readonly expectation: Expectation;
  /** Undefined: nobody has looked since it is expected. */
  readonly seen: Seen | undefined;
};

/** A name after a look, and when to look again. */
export type PutBack = Pick<DueName, 'name' | 'seen'> & { readonly due: number };

/**
 * The names that are expected to be reported, each with the time of its next look. A report leaves that time alone: the
 * look finds the report, and puts the name back for later. Times are those of {@link Clock.monotonic}. An adapter that
 * keeps them for other processes converts them, because that clock is another one in each process.
 */
export interface WatchedNames {
  /**
   * The names whose look is due at `now`, at most `most` of them. They stay due until they are put back.
   *
   * Also due are names that have just begun to be expected, or whose expectation has changed. A silent name that was
   * reported is due when this is called with a later `now`. Cost does not grow with the number of names that are not due.
   */
  due(now: number, most: number): Promise<readonly DueName[]>;

  /**
   * Keeps what was seen of names that the last call of `due` gave, and when to look again. A name that has become due
   * for another reason since then stays due.
   */
  putBack(names: readonly PutBack[]): Promise<void>;

  /** How many are silent. */
  silent(): Promise<number>;
}

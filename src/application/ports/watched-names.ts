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
  /** When the last report came, by the clock of the system. Only another value counts: it shows a new report. */
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
 * The names that are expected to be reported, each with the time at which it is to be looked at. Reports leave that time
 * alone: they only make the next look find nothing. Times are those of {@link Clock.monotonic}. They may be kept for
 * another process, which has them in its own time.
 */
export interface WatchedNames {
  /**
   * At most so many names that are due at `now`. They stay due until they are put back. A name is due at once when it
   * begins to be expected, and when its expectation changes; and at the next `now` when it was silent and is reported.
   * Cost does not grow with the number of names that are not due.
   */
  due(now: number, most: number): Promise<readonly DueName[]>;

  /**
   * Keeps what was seen of names that the last call of `due` gave. Those that came to be due at once meanwhile stay due.
   */
  putBack(names: readonly PutBack[]): Promise<void>;

  /** How many are silent. */
  silent(): Promise<number>;
}

import type { DomainName } from '../../domain/domain-name.ts';
import type { NameSummary } from '../../domain/name-summary.ts';
import type { Clock } from '../ports/clock.ts';
import type { Events } from '../ports/events.ts';
import type { History } from '../ports/history.ts';
import type { Expectation, ExpectedNames } from './expected-names.ts';
import type { TakeOff } from './take-off.ts';

/** Names that the history is asked about at once, so that little of it is in memory. */
const TOGETHER = 1_000;

/** What {@link WatchSilence} needs of others. */
export type SilenceParts = {
  readonly history: Pick<History, 'states'>;
  readonly events: Events;
  readonly takeOff: Pick<TakeOff, 'execute'>;
  /** Is told how many names are silent. */
  readonly counted: (silent: number) => void;
};

/** What is known of a name that is expected to be reported. Other times than `reportedAt` are monotonic. */
type Watched = {
  /** When the last report came, by the clock of the system. Only another value counts: it shows a new report. */
  readonly reportedAt: number;
  /** When a new report was seen last. */
  readonly heard: number;
  readonly silent: 'no' | 'told' | 'taken-off';
};

/**
 * Tells when a name was not reported for longer than expected, and when it is reported again. Takes its addresses off
 * the DNS where that is set, but never before the silence was told.
 *
 * The history says when a name was reported, by the clock of the system. How long that is ago is measured by a clock
 * that nobody can set. After a start, each name has its whole time again: nobody could report while the program did
 * not run. So it is after a look that failed: what was reported meanwhile may come into the history later.
 */
export class WatchSilence {
  readonly #expected: ExpectedNames;
  readonly #parts: SilenceParts;
  readonly #clock: Clock;
  /** When the first look began that saw the history, since the start and since a look that failed. */
  #began: number | undefined;
  #hasLooked = false;
  #watched = new Map<DomainName, Watched>();

  constructor(expected: ExpectedNames, clock: Clock, parts: SilenceParts) {
    this.#expected = expected;
    this.#clock = clock;
    this.#parts = parts;
  }

  async execute(): Promise<void> {
    try {
      await this.#look();
    } catch (error) {
      this.#began = undefined;
      throw error;
    }
  }

  async #look(): Promise<void> {
    const { history, counted } = this.#parts;
    const names = await this.#expected.find();
    const watched = new Map<DomainName, Watched>();
    const all = [...names];
    const isFirst = !this.#hasLooked;
    for (let from = 0; from < all.length; from += TOGETHER) {
      const some = all.slice(from, from + TOGETHER);
      const summaries = await history.states(some.map(([name]) => name));
      this.#hasLooked = true;
      this.#began ??= this.#clock.monotonic();
      const running = this.#clock.monotonic() - this.#began;
      for (const [name, expectation] of some) {
        const summary = summaries.get(name);
        if (summary?.report === undefined) continue;
        const before = this.#watched.get(name) ?? this.#newlyWatched(summary, summary.report.at, isFirst);
        watched.set(name, await this.#judge(summary, before, expectation, running));
      }
    }
    this.#watched = watched;
    counted([...watched.values()].filter(({ silent }) => silent !== 'no').length);
  }

  /** Another process watches. What is known here grows old meanwhile, so it is forgotten. */
  rest(): void {
    this.#watched.clear();
    this.#began = undefined;
    this.#hasLooked = false;
    this.#parts.counted(0);
  }

  async #judge(
    summary: NameSummary,
    before: Watched,
    { expect, offlineAfter }: Expectation,
    running: number,
  ): Promise<Watched> {
    const { name, report } = summary;
    const { events } = this.#parts;
    const reportedAt = report?.at ?? before.reportedAt;
    const at = this.#clock.now();
    const now = this.#clock.monotonic();
    if (reportedAt !== before.reportedAt) {
      if (before.silent !== 'no') events.tell({ kind: 'back', at, name, since: before.reportedAt });
      return { reportedAt, heard: now, silent: 'no' };
    }
    const lasted = now - before.heard;
    if (before.silent === 'no') {
      if (lasted < expect || running < expect) return before;
      events.tell({ kind: 'silent', at, name, since: reportedAt, expected: expect });
      return { ...before, silent: 'told' };
    }
    if (before.silent === 'taken-off' || offlineAfter === undefined) return before;
    if (lasted < offlineAfter || running < expect) return before;
    // Other names were taken off before this one, and each may have waited for its primary.
    const isSilent = async () => {
      const latest = (await this.#parts.history.states([name])).get(name);
      return latest?.report?.at === reportedAt;
    };
    const outcome = await this.#parts.takeOff.execute(summary, isSilent);
    if (outcome === 'unknown' || outcome === 'reported') return before;
    if (outcome === 'taken-off') events.tell({ kind: 'taken-off', at, name, since: reportedAt });
    return { ...before, silent: 'taken-off' };
  }

  /**
   * After the start, the clock of the system tells how long ago a name was reported. A report that lies in the future
   * shows that the clock was set back. A name that comes later was reported just now, or has its whole time from now
   * on: the clock may have been set since.
   */
  #newlyWatched({ silent, takenOff }: NameSummary, reportedAt: number, isFirst: boolean): Watched {
    const ago = isFirst ? Math.max(0, this.#clock.now() - reportedAt) : 0;
    return {
      reportedAt,
      heard: this.#clock.monotonic() - ago,
      silent: takenOff !== undefined ? 'taken-off' : silent !== undefined ? 'told' : 'no',
    };
  }
}

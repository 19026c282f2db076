import type { NameSummary } from '../../domain/name-summary.ts';
import type { Clock } from '../ports/clock.ts';
import type { Events } from '../ports/events.ts';
import type { History } from '../ports/history.ts';
import type { DueName, Expectation, PutBack, Seen, WatchedNames } from '../ports/watched-names.ts';
import type { TakeOff } from './take-off.ts';

/** How many names are looked at in one step. So only a small part of the history is in memory at a time. */
const TOGETHER = 1_000;
/** Milliseconds until the next look at a name whose case is not settled yet. */
const AGAIN = 1_000;
/** Milliseconds by which the system clock may depart from the monotonic one. More than that: somebody has set it. */
const DRIFT = 1_000;

/** What {@link WatchSilence} needs of others. */
export type SilenceParts = {
  readonly history: Pick<History, 'states'>;
  readonly events: Events;
  readonly takeOff: Pick<TakeOff, 'execute'>;
  /** Is told how many names are silent. */
  readonly counted: (silent: number) => void;
};

/** The result of a look: what was seen, and when the next look is due. */
type Judged = Pick<PutBack, 'seen' | 'due'>;

/**
 * Tells when a name was not reported for longer than expected, and when it is reported again. Takes its addresses off
 * the DNS where that is set, but never before the silence was told.
 *
 * A name is looked at when it may be silent, and not before.
 *
 * Somebody may set the clock of the system, by which the history dates reports. So this clock is used once for each
 * report: when a look first finds the report, its date tells how long ago it came. No report counts as older than the
 * time in which the next one is expected. From then on, the monotonic clock counts.
 *
 * After a start, each name has its whole time again, because nobody could report while the program did not run. It also
 * has its whole time after a look that failed, because reports of that time may come into the history later.
 */
export class WatchSilence {
  readonly #names: WatchedNames;
  readonly #parts: SilenceParts;
  readonly #clock: Clock;
  /** When the first look began that saw the history, since the start and since a look that failed. */
  #began: number | undefined;
  #hasLooked = false;
  /** By how much the clock of the system is ahead of the other one, and since when. */
  #ahead: number | undefined;
  #aheadSince = Number.NEGATIVE_INFINITY;

  constructor(names: WatchedNames, clock: Clock, parts: SilenceParts) {
    this.#names = names;
    this.#clock = clock;
    this.#parts = parts;
  }

  async execute(isStopped = () => false): Promise<void> {
    try {
      await this.#look(isStopped);
    } catch (error) {
      this.#began = undefined;
      throw error;
    }
  }

  async #look(isStopped: () => boolean): Promise<void> {
    this.#compareClocks();
    const now = this.#clock.monotonic();
    const isFirst = !this.#hasLooked;
    while (!isStopped()) {
      const names = await this.#names.due(now, TOGETHER);
      const summaries = await this.#parts.history.states(names.map(({ name }) => name));
      this.#hasLooked = true;
      this.#began ??= now;
      if (names.length === 0) break;
      await this.#lookAt(names, summaries, isFirst, isStopped);
      await new Promise<void>((resolve) => this.#clock.soon(resolve));
    }
    if (!isStopped()) this.#parts.counted(await this.#names.silent());
  }

  /** Another process watches. What is known here grows old meanwhile, so it is forgotten. */
  rest(): void {
    this.#began = undefined;
    this.#hasLooked = false;
    this.#parts.counted(0);
  }

  async #lookAt(
    names: readonly DueName[],
    summaries: ReadonlyMap<DueName['name'], NameSummary>,
    isFirst: boolean,
    isStopped: () => boolean,
  ): Promise<void> {
    const judged: PutBack[] = [];
    try {
      for (const { name, expectation, seen } of names) {
        if (isStopped()) break;
        const summary = summaries.get(name);
        judged.push({ name, ...(await this.#judge(summary, seen, expectation, isFirst)) });
      }
    } finally {
      // What was told is not told again.
      await this.#names.putBack(judged);
    }
  }

  async #judge(
    summary: NameSummary | undefined,
    seen: Seen | undefined,
    expectation: Expectation,
    isFirst: boolean,
  ): Promise<Judged> {
    const now = this.#clock.monotonic();
    const { expect, offlineAfter } = expectation;
    const reportedAt = summary?.report?.at;
    if (summary === undefined || reportedAt === undefined) return { seen, due: now + expect };
    const before = seen ?? this.#newlyWatched(summary, reportedAt, isFirst);
    if (reportedAt !== before.reportedAt) return this.#hear(summary, reportedAt, before, expect);
    if (before.silent === undefined) {
      const due = this.#overAt(before, expect, expectation);
      if (now < due) return { seen: before, due };
      const { name } = summary;
      const at = this.#clock.now();
      this.#parts.events.tell({ kind: 'silent', at, name, since: reportedAt, expected: expect });
      // At the next look again: a report may come into the history only now.
      return { seen: { ...before, silent: 'told' }, due: now + AGAIN };
    }
    if (before.silent === 'taken-off' || offlineAfter === undefined)
      return this.#waiting(before, expectation);
    if (now < this.#overAt(before, offlineAfter, expectation)) return this.#waiting(before, expectation);
    return this.#takeOff(summary, before, expectation);
  }

  /** There is a new report. */
  #hear({ name }: NameSummary, reportedAt: number, before: Seen, expect: number): Judged {
    const at = this.#clock.now();
    if (before.silent !== undefined) {
      this.#parts.events.tell({ kind: 'back', at, name, since: before.reportedAt });
    }
    const now = this.#clock.monotonic();
    const ago = Math.min(Math.max(0, at - reportedAt), now - this.#aheadSince, expect);
    const seen = { reportedAt, heard: now - ago };
    return { seen, due: Math.max(seen.heard + expect, now + AGAIN) };
  }

  async #takeOff(summary: NameSummary, before: Seen, expectation: Expectation): Promise<Judged> {
    const { history, events, takeOff } = this.#parts;
    const { name } = summary;
    // Other names were taken off before this one, and each may have waited for its primary.
    const isSilent = async () => (await history.states([name])).get(name)?.report?.at === before.reportedAt;
    const outcome = await takeOff.execute(summary, isSilent);
    if (outcome === 'unknown' || outcome === 'reported') {
      return { seen: before, due: this.#clock.monotonic() + AGAIN };
    }
    const at = this.#clock.now();
    if (outcome === 'taken-off') events.tell({ kind: 'taken-off', at, name, since: before.reportedAt });
    return this.#waiting({ ...before, silent: 'taken-off' }, expectation);
  }

  /** When something is over that lasts so long from the last report on. */
  #overAt({ heard }: Seen, lasts: number, { expect }: Expectation): number {
    return Math.max(heard + lasts, (this.#began ?? this.#clock.monotonic()) + expect);
  }

  /** A silent name is looked at when it is to be taken off. Otherwise there is nothing more to do. */
  #waiting(seen: Seen, expectation: Expectation): Judged {
    const now = this.#clock.monotonic();
    const { expect, offlineAfter } = expectation;
    if (seen.silent === 'taken-off' || offlineAfter === undefined) return { seen, due: now + expect };
    return { seen, due: Math.max(this.#overAt(seen, offlineAfter, expectation), now + AGAIN) };
  }

  /**
   * After the start, the clock of the system tells how long ago a name was reported. A report that lies in the future
   * shows that the clock was set back. A name that comes later was reported just now, or has its whole time from now
   * on: the clock may have been set since.
   */
  #newlyWatched({ silent, takenOff }: NameSummary, reportedAt: number, isFirst: boolean): Seen {
    const ago = isFirst ? Math.max(0, this.#clock.now() - reportedAt) : 0;
    const heard = this.#clock.monotonic() - ago;
    if (takenOff !== undefined) return { reportedAt, heard, silent: 'taken-off' };
    return silent === undefined ? { reportedAt, heard } : { reportedAt, heard, silent: 'told' };
  }

  /** Somebody may have set the clock of the system since the last look. What it said before counts no more. */
  #compareClocks(): void {
    const now = this.#clock.monotonic();
    const ahead = this.#clock.now() - now;
    if (this.#ahead !== undefined && Math.abs(ahead - this.#ahead) > DRIFT) this.#aheadSince = now;
    this.#ahead = ahead;
  }
}

import type { Event } from '../../domain/event.ts';
import type { Clock } from '../ports/clock.ts';
import type { Events } from '../ports/events.ts';

const HOUR = 3_600_000;
/** Hours that are remembered. */
const HOURS = 24;

/** The reports of one hour. */
export type HourOfReports = {
  /** When the hour begins, in milliseconds since 1970-01-01 UTC. */
  readonly from: number;
  /** The DNS has what was reported. */
  readonly made: number;
  /** Refused, or failed. */
  readonly notMade: number;
};

/** Counts the reports of each hour, since the start and for a day at most. */
export class CountReports implements Events {
  readonly #clock: Pick<Clock, 'now'>;
  /** By the number of the hour since 1970-01-01. */
  readonly #counts = new Map<number, { made: number; notMade: number }>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  tell(event: Event): void {
    // Names that follow another one were not reported themselves.
    if (event.kind !== 'reported' || event.follows !== undefined) return;
    const hour = Math.floor(event.at / HOUR);
    let counts = this.#counts.get(hour);
    if (counts === undefined) {
      counts = { made: 0, notMade: 0 };
      this.#counts.set(hour, counts);
      for (const known of this.#counts.keys()) if (known <= hour - HOURS) this.#counts.delete(known);
    }
    if (event.outcome === 'changed' || event.outcome === 'unchanged') counts.made += 1;
    else counts.notMade += 1;
  }

  /** The last 24 hours, the present one last. */
  lastDay(): readonly HourOfReports[] {
    const present = Math.floor(this.#clock.now() / HOUR);
    return Array.from({ length: HOURS }, (_, index) => {
      const hour = present - HOURS + 1 + index;
      const { made = 0, notMade = 0 } = this.#counts.get(hour) ?? {};
      return { from: hour * HOUR, made, notMade };
    });
  }
}

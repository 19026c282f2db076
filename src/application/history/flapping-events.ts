import { BoundedMap } from '../../domain/bounded-map.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import type { Event } from '../../domain/event.ts';
import type { Clock } from '../ports/clock.ts';
import type { Events } from '../ports/events.ts';

/** More changes of a name within an hour are told as flapping. */
const MOST_CHANGES = 10;
/** Milliseconds. */
const HOUR = 3_600_000;
const MOST_NAMES = 100_000;

/** Passes all events on. Adds one where a name has changed too often, and then begins to count again at zero. */
export class FlappingEvents implements Events {
  readonly #inner: Events;
  readonly #clock: Clock;
  /** The monotonic times of the last changes of each name, the oldest first. */
  readonly #changes = new BoundedMap<DomainName, number[]>(MOST_NAMES);

  constructor(inner: Events, clock: Clock) {
    this.#inner = inner;
    this.#clock = clock;
  }

  tell(event: Event): void {
    this.#inner.tell(event);
    if (event.kind !== 'changed') return;
    const now = this.#clock.monotonic();
    const times = this.#changes.get(event.name) ?? [];
    while (now - (times[0] ?? now) >= HOUR) times.shift();
    times.push(now);
    const isFlapping = times.length > MOST_CHANGES;
    this.#changes.set(event.name, isFlapping ? [] : times);
    if (isFlapping) {
      this.#inner.tell({ kind: 'flapping', at: event.at, name: event.name, changes: times.length });
    }
  }
}

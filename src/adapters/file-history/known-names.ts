import { BoundedMap } from '../../domain/bounded-map.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import type { NameEvent } from '../../domain/event.ts';
import {
  continues,
  type NameSummary,
  repeatsLatest,
  summarise,
  withRepetitions,
} from '../../domain/name-summary.ts';

/** Names that are remembered at most, of about 1,500 octets each. */
const MOST_NAMES = 200_000;

type Known = {
  readonly summary: NameSummary;
  /** How many events of the name the file has. */
  readonly events: number;
  /**
   * How often the latest report came again since the summary was made, and when at last. Counted in place: with a new
   * summary for each, repeated reports would keep the garbage collector busy.
   */
  again: number;
  at: number;
};

/** What is known of each name, and how many lines of the file are superfluous. */
export class KnownNames {
  readonly #mostEvents: number;
  readonly #known = new BoundedMap<DomainName, Known>(MOST_NAMES);
  /** Names whose last report was repeated. The file does not say so yet. */
  readonly #repeated = new Set<DomainName>();
  /** Lines since {@link countAnew}, and those of them that {@link superfluous} counts. */
  #lines = 0;
  #superfluous = 0;

  /** @param mostEvents how many events of a name are kept */
  constructor(mostEvents: number) {
    this.#mostEvents = mostEvents;
  }

  get hasRepeated(): boolean {
    return this.#repeated.size > 0;
  }

  /**
   * The share of the lines since {@link countAnew} that were superfluous, or made an earlier line superfluous: 0 to 1.
   * A line is superfluous if shortening the file drops it: its event is too old, a later line stands for the same
   * event, or its name has as many later events as are kept.
   */
  get superfluous(): number {
    return this.#superfluous / Math.max(1, this.#lines);
  }

  countAnew(): void {
    this.#lines = 0;
    this.#superfluous = 0;
  }

  summaryOf(name: DomainName): NameSummary | undefined {
    const known = this.#known.get(name);
    return known && presentOf(known);
  }

  /** What is known of all names. */
  summaries(): readonly NameSummary[] {
    return Array.from(this.#known.values(), presentOf);
  }

  /** The last report of the name, where it was repeated and the file does not say so yet. */
  repeatedOf(name: DomainName): NameEvent | undefined {
    return this.#repeated.has(name) ? this.summaryOf(name)?.latest : undefined;
  }

  /** Takes in an event that is in the file. The line of one before `oldest` is superfluous. */
  read(event: NameEvent, oldest: number): void {
    const before = this.#known.get(event.name);
    const summary = summarise(before && presentOf(before), event);
    this.#set(summary, this.#count(summary.latest, before, event.at < oldest));
  }

  /** Takes in an event. Gives what is to be written of it now: nothing, if it only repeats a report. */
  take(event: NameEvent): readonly NameEvent[] {
    const before = this.#known.get(event.name);
    if (before !== undefined && repeatsLatest(before.summary, event)) {
      before.again += 1;
      before.at = event.at;
      this.#repeated.add(event.name);
      // The map drops the names first that had no event for the longest time.
      this.#known.set(event.name, before);
      return [];
    }
    const summary = summarise(before && presentOf(before), event);
    const { latest } = summary;
    const repeated = this.#takeRepeatedOf(event.name);
    this.#set(summary, this.#count(latest, before));
    return [...repeated, latest];
  }

  /** The reports that were repeated. Each stands for all of its kind, and has the time of the last. */
  takeRepeated(): readonly NameEvent[] {
    return [...this.#repeated].flatMap((name) => this.#takeRepeatedOf(name));
  }

  /** Forgets names by what is known of them. Gives those that it has forgotten. */
  forget(isForgotten: (summary: NameSummary) => boolean): readonly DomainName[] {
    const names = [...this.#known].filter(([, known]) => isForgotten(presentOf(known))).map(([name]) => name);
    for (const name of names) {
      this.#known.delete(name);
      this.#repeated.delete(name);
    }
    return names;
  }

  #takeRepeatedOf(name: DomainName): readonly NameEvent[] {
    const known = this.#repeated.delete(name) ? this.#known.get(name) : undefined;
    if (known === undefined) return [];
    const { latest } = presentOf(known);
    this.#count(latest, known);
    return [latest];
  }

  #set(summary: NameSummary, events: number): void {
    this.#known.set(summary.name, { summary, events, again: 0, at: 0 });
  }

  /** Counts one more line. Gives how many events of its name are kept in the file then. */
  #count(event: NameEvent, before: Known | undefined, isTooOld = false): number {
    this.#lines += 1;
    const events = before?.events ?? 0;
    const isNew = before === undefined || !continues(event, before.summary.latest);
    if (isNew && !isTooOld && events < this.#mostEvents) return events + 1;
    this.#superfluous += 1;
    return events;
  }
}

const presentOf = ({ summary, again, at }: Known): NameSummary => withRepetitions(summary, again, at);

import { BoundedMap } from '../../domain/bounded-map.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import type { NameEvent } from '../../domain/event.ts';
import { continues, type NameSummary, summarise } from '../../domain/name-summary.ts';

/** Names that are remembered at most, of about 1,500 octets each. */
const MOST_NAMES = 200_000;

/** `events`: so many events of the name are kept in the file. */
type Known = { readonly summary: NameSummary; readonly events: number };

/** What is known of each name, and which lines of the file it takes. */
export class KnownNames {
  readonly #mostEvents: number;
  readonly #known = new BoundedMap<DomainName, Known>(MOST_NAMES);
  /** Names whose last report was repeated. The file does not say so yet. */
  readonly #repeated = new Set<DomainName>();
  #lines = 0;
  #superfluous = 0;

  /** @param mostEvents how many events of a name are kept */
  constructor(mostEvents: number) {
    this.#mostEvents = mostEvents;
  }

  get hasRepeated(): boolean {
    return this.#repeated.size > 0;
  }

  /** The part of the lines since {@link countAnew} that made another line superfluous. */
  get superfluous(): number {
    return this.#superfluous / Math.max(1, this.#lines);
  }

  countAnew(): void {
    this.#lines = 0;
    this.#superfluous = 0;
  }

  summaryOf(name: DomainName): NameSummary | undefined {
    return this.#known.get(name)?.summary;
  }

  /** What is known of all names. */
  summaries(): readonly NameSummary[] {
    return Array.from(this.#known.values(), ({ summary }) => summary);
  }

  /** The last report of the name, where it was repeated and the file does not say so yet. */
  repeatedOf(name: DomainName): NameEvent | undefined {
    return this.#repeated.has(name) ? this.summaryOf(name)?.latest : undefined;
  }

  /** Takes in an event that is in the file. */
  read(event: NameEvent): void {
    const before = this.#known.get(event.name);
    const summary = summarise(before?.summary, event);
    this.#set(summary, this.#count(summary.latest, before));
  }

  /** Takes in an event. Gives what is to be written of it now: nothing, if it only repeats a report. */
  take(event: NameEvent): readonly NameEvent[] {
    const before = this.#known.get(event.name);
    const summary = summarise(before?.summary, event);
    const { latest } = summary;
    if (before === undefined) {
      this.#set(summary, this.#count(latest, before));
      return [latest];
    }
    if (continues(latest, before.summary.latest)) {
      this.#repeated.add(event.name);
      this.#set(summary, before.events);
      return [];
    }
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
    const names = [...this.#known].filter(([, { summary }]) => isForgotten(summary)).map(([name]) => name);
    for (const name of names) {
      this.#known.delete(name);
      this.#repeated.delete(name);
    }
    return names;
  }

  #takeRepeatedOf(name: DomainName): readonly NameEvent[] {
    const known = this.#repeated.delete(name) ? this.#known.get(name) : undefined;
    if (known === undefined) return [];
    this.#count(known.summary.latest, known);
    return [known.summary.latest];
  }

  #set(summary: NameSummary, events: number): void {
    this.#known.set(summary.name, { summary, events });
  }

  /** Counts one more line. Gives how many events of its name are kept in the file then. */
  #count(event: NameEvent, before: Known | undefined): number {
    this.#lines += 1;
    const events = before?.events ?? 0;
    const isNew = before === undefined || !continues(event, before.summary.latest);
    if (isNew && events < this.#mostEvents) return events + 1;
    this.#superfluous += 1;
    return events;
  }
}

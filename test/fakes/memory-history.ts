import type { History } from '../../src/application/ports/history.ts';
import { type Part, type PartOf, partIn } from '../../src/application/ports/part.ts';
import type { DomainName } from '../../src/domain/domain-name.ts';
import { type Event, isNameEvent, type NameEvent } from '../../src/domain/event.ts';
import {
  continues,
  isForeign,
  isTroubled,
  type NameSummary,
  summarise,
} from '../../src/domain/name-summary.ts';
import type { UserName } from '../../src/domain/user.ts';

/** A History that forgets everything with the process. */
export class MemoryHistory implements History {
  readonly #events: number;
  #all: NameEvent[] = [];

  /** @param events the last events of a name that are kept */
  constructor(events = 100) {
    this.#events = events;
  }

  tell(event: Event): void {
    if (!isNameEvent(event) || isForeign(event)) return;
    const { latest } = summarise(this.#summaryOf(event.name), event);
    this.#all = this.#all.filter((other) => other.name !== event.name || !continues(latest, other));
    this.#all.push(latest);
  }

  async ofName(name: DomainName, limit: number): Promise<readonly NameEvent[]> {
    const own = this.#all.filter((event) => event.name === name);
    return own.slice(-Math.min(limit, this.#events)).reverse();
  }

  async states(names: readonly DomainName[]): Promise<ReadonlyMap<DomainName, NameSummary>> {
    const known = names.map((name) => [name, this.#summaryOf(name)] as const);
    return new Map(known.flatMap(([name, summary]) => (summary === undefined ? [] : [[name, summary]])));
  }

  async troubled(part: Part<DomainName>): Promise<PartOf<NameSummary>> {
    const states = await this.states([...new Set(this.#all.map(({ name }) => name))]);
    const troubled = [...states.values()].filter(isTroubled);
    return partIn(
      troubled.filter(({ name }) => name.startsWith(part.search)),
      part,
    );
  }

  async rememberedUsers(): Promise<readonly UserName[]> {
    return [...new Set(this.#all.flatMap((event) => (event.kind === 'reported' ? [event.user] : [])))];
  }

  async forget(users: ReadonlySet<UserName>): Promise<void> {
    const isGone = (event: NameEvent) => event.kind === 'reported' && users.has(event.user);
    const forgotten = new Set(
      this.#all.flatMap(({ name }) => {
        const report = this.#summaryOf(name)?.report;
        return report !== undefined && isGone(report) ? [name] : [];
      }),
    );
    this.#all = this.#all.filter((event) => !isGone(event) && !forgotten.has(event.name));
  }

  #summaryOf(name: DomainName): NameSummary | undefined {
    let summary: NameSummary | undefined;
    for (const event of this.#all) if (event.name === name) summary = summarise(summary, event);
    return summary;
  }
}

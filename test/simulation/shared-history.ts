import type { History } from '../../src/application/ports/history.ts';
import { type Part, type PartOf, partIn } from '../../src/application/ports/part.ts';
import type { DomainName } from '../../src/domain/domain-name.ts';
import { type Event, isNameEvent, type NameEvent } from '../../src/domain/event.ts';
import { isForeign, isTroubled, type NameSummary, summarise } from '../../src/domain/name-summary.ts';
import type { UserName } from '../../src/domain/user.ts';

/** The history that all instances share. It keeps a summary of each name, so that a run takes milliseconds. */
export class SharedHistory implements History {
  readonly #summaries = new Map<DomainName, NameSummary>();

  tell(event: Event): void {
    if (!isNameEvent(event) || isForeign(event)) return;
    this.#summaries.set(event.name, summarise(this.#summaries.get(event.name), event));
  }

  async ofName(name: DomainName): Promise<readonly NameEvent[]> {
    const latest = this.#summaries.get(name)?.latest;
    return latest === undefined ? [] : [latest];
  }

  async states(names: readonly DomainName[]): Promise<ReadonlyMap<DomainName, NameSummary>> {
    return new Map(
      names.flatMap((name) => {
        const summary = this.#summaries.get(name);
        return summary === undefined ? [] : [[name, summary] as const];
      }),
    );
  }

  async troubled(part: Part<DomainName>): Promise<PartOf<NameSummary>> {
    const troubled = [...this.#summaries.values()].filter(isTroubled);
    return partIn(
      troubled.filter(({ name }) => name.startsWith(part.search)),
      part,
    );
  }

  async rememberedUsers(): Promise<readonly UserName[]> {
    const users = [...this.#summaries.values()].flatMap(({ report }) => report?.user ?? []);
    return [...new Set(users)];
  }

  async forget(users: ReadonlySet<UserName>): Promise<void> {
    for (const [name, { report }] of this.#summaries) {
      if (report !== undefined && users.has(report.user)) this.#summaries.delete(name);
    }
  }
}

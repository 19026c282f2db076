import type { DomainName } from '../../domain/domain-name.ts';
import type { NameChange } from '../../domain/record-set.ts';
import type { Deadline } from '../ports/clock.ts';
import type { ChangeResult, DnsResult, DnsUpdater, FoundRecords, LookUp } from '../ports/dns-updater.ts';

/** A DnsUpdater with what it opened. */
export type OpenDnsUpdater = { readonly updater: DnsUpdater; close(): void };

/** One of the updaters that replace one another, and how many of its calls have not ended. */
type Generation = { readonly open: OpenDnsUpdater; underWay: number };

/**
 * A DnsUpdater that can be replaced while it is at work. The old one ends the calls that it has, and then its
 * connections are closed.
 */
export class ReplaceableDnsUpdater implements DnsUpdater {
  #current: Generation;
  readonly #retired = new Set<Generation>();

  constructor(open: OpenDnsUpdater) {
    this.#current = { open, underWay: 0 };
  }

  findZone(name: DomainName, deadline: Deadline): Promise<DnsResult<DomainName>> {
    return this.#ask((updater) => updater.findZone(name, deadline));
  }

  lookUp(question: LookUp, deadline: Deadline): Promise<DnsResult<FoundRecords>> {
    return this.#ask((updater) => updater.lookUp(question, deadline));
  }

  apply(
    zone: DomainName,
    changes: readonly NameChange[],
    deadline: Deadline,
  ): Promise<readonly ChangeResult[]> {
    return this.#ask((updater) => updater.apply(zone, changes, deadline));
  }

  /** From now on `next` is asked. */
  replace(next: OpenDnsUpdater): void {
    const old = this.#current;
    this.#current = { open: next, underWay: 0 };
    if (old.underWay === 0) old.open.close();
    else this.#retired.add(old);
  }

  /** Closes all of them, whatever is under way. */
  close(): void {
    for (const { open } of [...this.#retired, this.#current]) open.close();
    this.#retired.clear();
  }

  async #ask<Answer>(question: (updater: DnsUpdater) => Promise<Answer>): Promise<Answer> {
    const generation = this.#current;
    generation.underWay += 1;
    try {
      return await question(generation.open.updater);
    } finally {
      generation.underWay -= 1;
      if (generation.underWay === 0 && this.#retired.delete(generation)) generation.open.close();
    }
  }
}

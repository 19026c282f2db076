import type { DomainName } from '../../domain/domain-name.ts';

/** Of how many names of each zone its primary is being asked. */
export class NamesUnderQuestion {
  readonly #counts = new Map<DomainName, number>();

  in(zone: DomainName): number {
    return this.#counts.get(zone) ?? 0;
  }

  add(zone: DomainName): void {
    this.#counts.set(zone, this.in(zone) + 1);
  }

  /** As many as were added. */
  remove(zone: DomainName, names = 1): void {
    const left = this.in(zone) - names;
    if (left > 0) this.#counts.set(zone, left);
    else this.#counts.delete(zone);
  }
}

import { BoundedMap } from '../../domain/bounded-map.ts';
import type { DomainName } from '../../domain/domain-name.ts';

/** More than a primary with a strict policy is asked for in vain at a time. */
const MAX_NAMES = 10_000;

/**
 * Names of which a primary refused the last change. The client that wants it mostly comes back, so the next one
 * is sent alone: in a message with others it would have to be searched for again.
 */
export class RefusedNames {
  readonly #names = new BoundedMap<DomainName, true>(MAX_NAMES);

  get size(): number {
    return this.#names.size;
  }

  has(name: DomainName): boolean {
    return this.#names.has(name);
  }

  add(name: DomainName): void {
    this.#names.set(name, true);
  }

  delete(name: DomainName): void {
    this.#names.delete(name);
  }
}

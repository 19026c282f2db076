import type { DomainName } from '../../domain/domain-name.ts';
import { haveSameAddresses } from '../../domain/record-set.ts';
import type { WantedName, WantedRecordSet } from './plan-change.ts';

/** What all requests that are not answered yet want of each name, in the order in which they came. */
export class Wishes {
  readonly #ofName = new Map<DomainName, readonly WantedName[]>();

  add(wishes: readonly WantedName[]): void {
    for (const wish of wishes) {
      const others = this.#ofName.get(wish.name);
      this.#ofName.set(wish.name, others === undefined ? [wish] : [...others, wish]);
    }
  }

  remove(wishes: readonly WantedName[]): void {
    for (const wish of wishes) {
      const others = (this.#ofName.get(wish.name) ?? []).filter((other) => other !== wish);
      if (others.length > 0) this.#ofName.set(wish.name, others);
      else this.#ofName.delete(wish.name);
    }
  }

  /** True when a later wish has other ideas about each RRset that this one wants. */
  isSuperseded(wish: WantedName): boolean {
    const all = this.#ofName.get(wish.name) ?? [];
    const last = all
      .slice(all.indexOf(wish) + 1)
      .findLast((later) => wish.recordSets.every(isNamedBy(later)));
    return (
      last !== undefined &&
      !wish.recordSets.every((set) => last.recordSets.some((other) => isSame(set, other)))
    );
  }
}

const isNamedBy =
  ({ recordSets }: WantedName) =>
  ({ type }: WantedRecordSet): boolean =>
    recordSets.some((set) => set.type === type);

function isSame(one: WantedRecordSet, other: WantedRecordSet): boolean {
  if (one.type !== other.type) return false;
  if ('prefix' in one) return 'prefix' in other && one.prefix.text === other.prefix.text;
  return !('prefix' in other) && haveSameAddresses(one.addresses, other.addresses);
}

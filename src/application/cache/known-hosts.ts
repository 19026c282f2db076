import { BoundedMap } from '../../domain/bounded-map.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import type { HostSettings } from '../../domain/host-settings.ts';
import type { LoggedChange } from '../ports/change-log.ts';
import type { HostStore } from '../ports/host-store.ts';
import type { Copies, TrustedCopies } from './trusted-copies.ts';

/** What requests of clients ask about names. */
export type RequestedHosts = Pick<HostStore, 'find' | 'followersOf'>;

/** Settings, or null where a name has none: that is known too. */
type Settings = HostSettings | null;

/** Saves the questions to a store that is elsewhere: keeps what is known of the names that requests asked for. */
export class KnownHosts implements RequestedHosts, Copies {
  readonly #store: RequestedHosts;
  readonly #copies: TrustedCopies;
  readonly #settings: BoundedMap<DomainName, Settings>;
  readonly #followers: BoundedMap<DomainName, readonly HostSettings[]>;

  /** @param most the most names of which a copy is kept */
  constructor(store: RequestedHosts, copies: TrustedCopies, most: number) {
    this.#store = store;
    this.#copies = copies;
    this.#settings = new BoundedMap(most);
    this.#followers = new BoundedMap(most);
    copies.add(this);
  }

  async find(names: readonly DomainName[]): Promise<ReadonlyMap<DomainName, HostSettings>> {
    const believed = await this.#copies.areBelieved();
    const known = names.flatMap((name) => {
      const settings = believed ? this.#settings.get(name) : undefined;
      return settings === undefined ? [] : [[name, settings] as const];
    });
    if (known.length < names.length) {
      return this.#copies.ask(
        () => this.#store.find(names),
        (found) => {
          for (const name of names) this.#settings.set(name, found.get(name) ?? null);
        },
      );
    }
    // As the newest ones, so that names that are reported often stay known.
    for (const [name, settings] of known) this.#settings.set(name, settings);
    return new Map(known.flatMap(([name, settings]) => (settings === null ? [] : [[name, settings]])));
  }

  async followersOf(names: readonly DomainName[]): Promise<readonly HostSettings[]> {
    const believed = await this.#copies.areBelieved();
    const known = names.map((name) => (believed ? this.#followers.get(name) : undefined));
    if (known.every((followers) => followers !== undefined)) return known.flat();
    return this.#copies.ask(
      () => this.#store.followersOf(names),
      (followers) => {
        const of = (name: DomainName) => followers.filter(({ follows }) => follows === name);
        for (const name of names) this.#followers.set(name, of(name));
      },
    );
  }

  forget(changes: readonly LoggedChange[]): void {
    for (const change of changes) {
      if (!('name' in change)) continue;
      this.#settings.delete(change.name);
      this.#followers.delete(change.name);
    }
  }

  forgetAll(): void {
    this.#settings.clear();
    this.#followers.clear();
  }
}

import type { DomainName } from '../../domain/domain-name.ts';
import type { HostChange, HostSettings } from '../../domain/host-settings.ts';
import type { Part, PartOf } from './part.ts';

/** What is known of single names. The promises of the UserStore hold here too. */
export interface HostStore {
  /** What is known of `names`, in one question. A name without an entry is left out. */
  find(names: readonly DomainName[]): Promise<ReadonlyMap<DomainName, HostSettings>>;

  /** The hosts whose `follows` is one of `names`, in one question. */
  followersOf(names: readonly DomainName[]): Promise<readonly HostSettings[]>;

  /** All hosts. A server asks for parts instead: there may be millions. */
  list(): AsyncIterable<HostSettings>;

  /** The hosts that follow another name, and begin with `search`. Cost does not grow with the number of hosts. */
  followersPage(part: Part<DomainName>): Promise<PartOf<HostSettings>>;

  /**
   * Changes the named settings and leaves the others, also those that somebody else changes at the same
   * time. An entry comes with its first setting and goes with its last. Resolves to all that is known then,
   * `unchanged` when it was so before. Given `expected`, nothing is changed unless these are the settings then:
   * `overtaken`.
   */
  change(name: DomainName, change: HostChange, expected?: HostSettings): Promise<HostChanged | HostOvertaken>;

  /**
   * Adds all of these, whose names differ and which have settings, or none. Resolves to the names that have an entry:
   * when it has none, all were added.
   */
  addAll(hosts: readonly HostSettings[]): Promise<readonly DomainName[]>;

  clear(name: DomainName): Promise<'cleared' | 'unknown-host'>;
}

export type HostChanged = { readonly kind: 'changed' | 'unchanged'; readonly host: HostSettings };
export type HostOvertaken = { readonly kind: 'overtaken'; readonly host: HostSettings };

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

  /**
   * A part of the hosts that follow another name: those whose own name begins with `search`. Its cost does not grow with
   * the number of hosts.
   */
  followersPage(part: Part<DomainName>): Promise<PartOf<HostSettings>>;

  /**
   * Changes the settings that `change` has, and leaves the others, also those that somebody else changes at the same
   * time. The first setting of a name makes its entry, and the last one that goes removes it.
   *
   * Resolves to all settings of the name afterwards; `unchanged` if they were the same before. If `expected` is given
   * and the settings are others, nothing is changed: `overtaken`.
   */
  change(name: DomainName, change: HostChange, expected?: HostSettings): Promise<HostChanged | HostOvertaken>;

  /**
   * Adds all of these hosts, or none. Their names differ, and each has a setting. Resolves to those of their names that
   * have an entry already. If there are none, all hosts were added.
   */
  addAll(hosts: readonly HostSettings[]): Promise<readonly DomainName[]>;

  clear(name: DomainName): Promise<'cleared' | 'unknown-host'>;
}

export type HostChanged = { readonly kind: 'changed' | 'unchanged'; readonly host: HostSettings };
export type HostOvertaken = { readonly kind: 'overtaken'; readonly host: HostSettings };

import type { DomainName } from '../../domain/domain-name.ts';
import type { Host, HostChange } from '../../domain/host.ts';

/** What is known of single names. The promises of the UserStore hold here too. */
export interface HostStore {
  find(name: DomainName): Promise<Host | undefined>;

  /** The hosts whose `follows` is `name`. */
  followersOf(name: DomainName): Promise<readonly Host[]>;

  list(): AsyncIterable<Host>;

  /**
   * Changes the named settings and leaves the others, also those that somebody else changes at the same
   * time. An entry comes with its first setting and goes with its last. Resolves to all that is known then,
   * `unchanged` when it was so before.
   */
  change(name: DomainName, change: HostChange): Promise<HostChanged>;

  clear(name: DomainName): Promise<'cleared' | 'unknown-host'>;
}

export type HostChanged = { readonly kind: 'changed' | 'unchanged'; readonly host: Host };

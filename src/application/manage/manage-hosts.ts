import type { DomainName } from '../../domain/domain-name.ts';
import type { HostChange } from '../../domain/host-settings.ts';
import type { HostChanged, HostStore } from '../ports/host-store.ts';

/** What became of the settings of a host. */
export type ManagedHost =
  | HostChanged
  /** A host that follows itself would never move. */
  | { readonly kind: 'follows-itself' };

/** What is known of single names: whom they follow, their interface id, their own TTL. */
export class ManageHosts {
  readonly #hosts: HostStore;

  constructor(hosts: HostStore) {
    this.#hosts = hosts;
  }

  async change(name: DomainName, change: HostChange): Promise<ManagedHost> {
    if (change.follows === name) return { kind: 'follows-itself' };
    return this.#hosts.change(name, change);
  }

  /** Forgets all that is known of the name. */
  clear(name: DomainName): Promise<'cleared' | 'unknown-host'> {
    return this.#hosts.clear(name);
  }
}

import type { DomainName } from '../../domain/domain-name.ts';
import type { HostChange } from '../../domain/host-settings.ts';
import type { HostChanged, HostStore } from '../ports/host-store.ts';

/** The outcome of a change of a host's settings. */
export type ManagedHost =
  | HostChanged
  /** A host that follows itself would never move. */
  | { readonly kind: 'follows-itself' };

/** Changes the settings of single names: which name they follow, their interface id, their TTL. */
export class ManageHosts {
  readonly #hosts: HostStore;

  constructor(hosts: HostStore) {
    this.#hosts = hosts;
  }

  async change(name: DomainName, change: HostChange): Promise<ManagedHost> {
    if (change.follows === name) return { kind: 'follows-itself' };
    return this.#hosts.change(name, change);
  }

  /** Removes all settings of the name. */
  clear(name: DomainName): Promise<'cleared' | 'unknown-host'> {
    return this.#hosts.clear(name);
  }
}

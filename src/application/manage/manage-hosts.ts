import type { DomainName } from '../../domain/domain-name.ts';
import type { HostChange, HostSettings } from '../../domain/host-settings.ts';
import type { HostChanged, HostOvertaken, HostStore } from '../ports/host-store.ts';
import type { Deeds } from './deeds.ts';

/** The outcome of a change of a host's settings. */
export type ManagedHost =
  | HostChanged
  /** A host that follows itself would never move. */
  | { readonly kind: 'follows-itself' };

/** Changes the settings of single names: which name they follow, their interface id, their TTL. */
export class ManageHosts {
  readonly #hosts: HostStore;
  readonly #deeds: Deeds;

  constructor(hosts: HostStore, deeds: Deeds) {
    this.#hosts = hosts;
    this.#deeds = deeds;
  }

  change(name: DomainName, change: HostChange): Promise<ManagedHost>;
  /** Changes nothing unless the settings are still as expected. */
  change(name: DomainName, change: HostChange, expected: HostSettings): Promise<ManagedHost | HostOvertaken>;
  async change(
    name: DomainName,
    change: HostChange,
    expected?: HostSettings,
  ): Promise<ManagedHost | HostOvertaken> {
    if (change.follows === name) return { kind: 'follows-itself' };
    const changed = await this.#hosts.change(name, change, expected);
    if (changed.kind === 'changed') {
      this.#deeds.tell({ deed: 'host-set', name, settings: Object.keys(change) });
    }
    return changed;
  }

  /** Removes all settings of the name. */
  clear(name: DomainName): Promise<'cleared' | 'unknown-host'> {
    return this.#deeds.tellIf('cleared', this.#hosts.clear(name), { deed: 'host-cleared', name });
  }
}

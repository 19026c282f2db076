import type { DomainName } from '../../domain/domain-name.ts';
import type { NewZone, SettingsStore, ZoneAdded, ZoneAddition } from '../ports/settings-store.ts';
import { bypassedZones, type DnsSettings, type HttpSettings } from './settings.ts';

/** Changes the settings of the server. */
export class Configure {
  readonly #settings: SettingsStore;

  constructor(settings: SettingsStore) {
    this.#settings = settings;
  }

  /**
   * Writes a default configuration. It has no users, so that nothing can be changed until a user is added. An existing
   * configuration is replaced only with `overwrite`.
   */
  createDefault(options: { readonly overwrite: boolean }): Promise<'created' | 'exists'> {
    return this.#settings.create(options);
  }

  changeDns(change: Partial<DnsSettings>): Promise<'changed' | 'nothing-asked'> {
    return this.#change(change, () => this.#settings.changeDns(change));
  }

  /** The zones of the built-in name server that updates do not reach. Empty while the settings cannot be loaded. */
  bypassedZones(): Promise<readonly DomainName[]> {
    // A change is made even if a file that the configuration names cannot be read, and is no failure then.
    return this.#settings.load().then(bypassedZones, () => []);
  }

  changeHttp(change: Partial<HttpSettings>): Promise<'changed' | 'nothing-asked'> {
    return this.#change(change, () => this.#settings.changeHttp(change));
  }

  addZone(zone: NewZone, addition: ZoneAddition): Promise<ZoneAdded> {
    return this.#settings.addZone(zone, addition);
  }

  removeZone(name: DomainName): Promise<'removed' | 'removed-last' | 'unknown-zone'> {
    return this.#settings.removeZone(name);
  }

  /** A change without any setting is most likely a mistake. The store is not asked. */
  async #change(change: object, write: () => Promise<void>): Promise<'changed' | 'nothing-asked'> {
    if (Object.keys(change).length === 0) return 'nothing-asked';
    await write();
    return 'changed';
  }
}

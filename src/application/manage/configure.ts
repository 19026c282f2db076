import type { DomainName } from '../../domain/domain-name.ts';
import type { NewZone, SettingsStore, ZoneAdded, ZoneAddition } from '../ports/settings-store.ts';
import type { Deeds } from './deeds.ts';
import { bypassedZones, type DnsSettings, type HttpSettings } from './settings.ts';

/** Changes the settings of the server. */
export class Configure {
  readonly #settings: SettingsStore;
  readonly #deeds: Deeds;

  constructor(settings: SettingsStore, deeds: Deeds) {
    this.#settings = settings;
    this.#deeds = deeds;
  }

  /**
   * Writes a default configuration. It has no users, so that nothing can be changed until a user is added. An existing
   * configuration is replaced only with `overwrite`.
   */
  createDefault(options: { readonly overwrite: boolean }): Promise<'created' | 'exists'> {
    return this.#deeds.tellIf('created', this.#settings.create(options), { deed: 'configuration-created' });
  }

  changeDns(change: Partial<DnsSettings>): Promise<'changed' | 'nothing-asked'> {
    return this.#change('dns', change, () => this.#settings.changeDns(change));
  }

  /** The zones of the built-in name server that updates do not reach. Empty while the settings cannot be loaded. */
  bypassedZones(): Promise<readonly DomainName[]> {
    // A change is made even if a file that the configuration names cannot be read, and is no failure then.
    return this.#settings.load().then(bypassedZones, () => []);
  }

  changeHttp(change: Partial<HttpSettings>): Promise<'changed' | 'nothing-asked'> {
    return this.#change('http', change, () => this.#settings.changeHttp(change));
  }

  async addZone(zone: NewZone, addition: ZoneAddition): Promise<ZoneAdded> {
    const outcome = await this.#settings.addZone(zone, addition);
    if (outcome.kind === 'added') this.#deeds.tell({ deed: 'zone-added', name: zone.name });
    return outcome;
  }

  async removeZone(name: DomainName): Promise<'removed' | 'removed-last' | 'unknown-zone'> {
    const outcome = await this.#settings.removeZone(name);
    if (outcome !== 'unknown-zone') this.#deeds.tell({ deed: 'zone-removed', name });
    return outcome;
  }

  /** A change without any setting is most likely a mistake. The store is not asked. */
  async #change(
    section: string,
    change: object,
    write: () => Promise<void>,
  ): Promise<'changed' | 'nothing-asked'> {
    const settings = Object.keys(change).map((key) => `${section}.${key}`);
    if (settings.length === 0) return 'nothing-asked';
    await write();
    this.#deeds.tell({ deed: 'settings-changed', settings });
    return 'changed';
  }
}

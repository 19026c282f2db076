import type { DomainName } from '../../domain/domain-name.ts';
import type { NewZone, SettingsStore, ZoneAdded, ZoneAddition } from '../ports/settings-store.ts';
import type { DnsSettings, HttpSettings } from './settings.ts';

/** The settings of the server, as its operator changes them. */
export class Configure {
  readonly #settings: SettingsStore;

  constructor(settings: SettingsStore) {
    this.#settings = settings;
  }

  /**
   * Writes a first configuration. It has no users, so that nobody may change anything until somebody is
   * named; what was there before is lost only when `overwrite` asks for that.
   */
  createDefault(options: { readonly overwrite: boolean }): Promise<'created' | 'exists'> {
    return this.#settings.create(options);
  }

  changeDns(change: Partial<DnsSettings>): Promise<'changed' | 'nothing-asked'> {
    return this.#change(change, () => this.#settings.changeDns(change));
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

  /** A change that names nothing is a mistake, most likely; it does not touch what is stored. */
  async #change(change: object, write: () => Promise<void>): Promise<'changed' | 'nothing-asked'> {
    if (Object.keys(change).length === 0) return 'nothing-asked';
    await write();
    return 'changed';
  }
}

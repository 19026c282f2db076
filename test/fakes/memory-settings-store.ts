import type { SettingsStore } from '../../src/application/ports/settings-store.ts';
import {
  DEFAULT_SETTINGS,
  type DnsSettings,
  type HttpSettings,
  type Settings,
} from '../../src/application/settings.ts';
import { DynonymError } from '../../src/domain/errors.ts';

/** A SettingsStore that forgets everything with the process. Without settings it is one not yet created. */
export class MemorySettingsStore implements SettingsStore {
  #settings: Settings | undefined;

  constructor(settings?: Settings) {
    this.#settings = settings;
  }

  async load(): Promise<Settings> {
    return this.#current();
  }

  async create({ overwrite }: { readonly overwrite: boolean }): Promise<'created' | 'exists'> {
    if (this.#settings !== undefined && !overwrite) return 'exists';
    this.#settings = DEFAULT_SETTINGS;
    return 'created';
  }

  async changeDns(change: Partial<DnsSettings>): Promise<void> {
    const settings = this.#current();
    this.#settings = { ...settings, dns: { ...settings.dns, ...change } };
  }

  async changeHttp(change: Partial<HttpSettings>): Promise<void> {
    const settings = this.#current();
    this.#settings = { ...settings, http: { ...settings.http, ...change } };
  }

  #current(): Settings {
    if (this.#settings === undefined) throw new DynonymError('CONFIG_MISSING', 'there is no configuration');
    return this.#settings;
  }
}

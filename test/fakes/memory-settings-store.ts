import { isDeepStrictEqual } from 'node:util';
import {
  DEFAULT_SETTINGS,
  type DnsSettings,
  type HttpSettings,
  type ServedZone,
  type Settings,
} from '../../src/application/manage/settings.ts';
import type {
  NewZone,
  SettingsStore,
  ZoneAdded,
  ZoneAddition,
} from '../../src/application/ports/settings-store.ts';
import type { DomainName } from '../../src/domain/domain-name.ts';
import { DynonymError } from '../../src/domain/errors.ts';
import { ttl } from '../../src/domain/ttl.ts';

const EVERYWHERE = { address: { family: 'ipv6', text: '::' }, port: 53 } as const;

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
    const { nameServer } = settings;
    this.#settings = {
      ...settings,
      dns: { ...settings.dns, ...change },
      // From now on there is a [dns], and the updates go there.
      nameServer: nameServer && { ...nameServer, takesUpdates: false },
    };
  }

  async changeHttp(change: Partial<HttpSettings>): Promise<void> {
    const settings = this.#current();
    this.#settings = { ...settings, http: { ...settings.http, ...change } };
  }

  async addZone(zone: NewZone, { takeUpdates, ...given }: ZoneAddition): Promise<ZoneAdded> {
    const settings = this.#current();
    const { nameServer, dns, servers } = settings;
    const zones = nameServer?.zones ?? [];
    if (zones.some(({ name }) => name === zone.name)) return { kind: 'exists' };
    const takesUpdates = takeUpdates || nameServer?.takesUpdates === true;
    const isDefault = isDeepStrictEqual(dns, DEFAULT_SETTINGS.dns) && servers.length === 0;
    if (takeUpdates && !isDefault) return { kind: 'primary-in-use' };
    const { sockets = [EVERYWHERE], data = 'zones' } = { ...nameServer, ...given };
    const served: ServedZone = {
      hostmaster: `hostmaster.${zone.name}`,
      ttl: ttl(300),
      negativeTtl: ttl(60),
      ...zone,
      ...{ updates: [], transfer: [], notify: [] },
    };
    this.#settings = { ...settings, nameServer: { sockets, data, takesUpdates, zones: [...zones, served] } };
    return { kind: 'added', takesUpdates };
  }

  async removeZone(name: DomainName): Promise<'removed' | 'removed-last' | 'unknown-zone'> {
    const settings = this.#current();
    const { nameServer } = settings;
    const rest = nameServer?.zones.filter((zone) => zone.name !== name) ?? [];
    if (nameServer === undefined || rest.length === nameServer.zones.length) return 'unknown-zone';
    const last = rest.length === 0;
    this.#settings = { ...settings, nameServer: last ? undefined : { ...nameServer, zones: rest } };
    return last ? 'removed-last' : 'removed';
  }

  #current(): Settings {
    if (this.#settings === undefined) throw new DynonymError('CONFIG_MISSING', 'there is no configuration');
    return this.#settings;
  }
}

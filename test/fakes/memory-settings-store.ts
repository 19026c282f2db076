import { isDeepStrictEqual } from 'node:util';
import {
  DEFAULT_SETTINGS,
  type DnsSettings,
  type HttpSettings,
  type ServedZone,
  type Settings,
  type StoreSettings,
} from '../../src/application/manage/settings.ts';
import type {
  ChallengesGranted,
  NewZone,
  SettingsStore,
  ZoneAdded,
  ZoneAddition,
} from '../../src/application/ports/settings-store.ts';
import { closestZone, type DomainName } from '../../src/domain/domain-name.ts';
import { DynonymError } from '../../src/domain/errors.ts';
import type { TsigKey } from '../../src/domain/tsig-key.ts';
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

  async store(): Promise<StoreSettings | undefined> {
    return this.#settings?.store;
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

  async grantChallenges(given: TsigKey, names: readonly DomainName[]): Promise<ChallengesGranted> {
    const settings = this.#current();
    const { nameServer } = settings;
    const zones = nameServer?.zones ?? [];
    const zoneOf = (name: DomainName) =>
      closestZone(
        name,
        zones.map((zone) => zone.name),
      );
    const homeless = names.find((name) => zoneOf(name) === undefined);
    if (nameServer === undefined || homeless !== undefined) {
      return { kind: 'no-zone', name: homeless ?? given.name };
    }
    const known = zones.flatMap(({ updates }) => updates).find(({ key }) => key?.name === given.name)?.key;
    const granted = zones.map((zone) => {
      const had = zone.updates.filter(({ key }) => key?.name === given.name).flatMap((one) => one.names);
      const added = names.filter((name) => zoneOf(name) === zone.name && !had.includes(name));
      const update = { key: known ?? given, networks: [], names: added, subtrees: [], types: [16] };
      return added.length === 0 ? zone : { ...zone, updates: [...zone.updates, update] };
    });
    this.#settings = { ...settings, nameServer: { ...nameServer, zones: granted } };
    return { kind: 'granted', isNew: known === undefined };
  }

  #current(): Settings {
    if (this.#settings === undefined) throw new DynonymError('CONFIG_MISSING', 'there is no configuration');
    return this.#settings;
  }
}

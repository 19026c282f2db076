import type { DomainName } from '../../domain/domain-name.ts';
import type { SocketAddress } from '../../domain/socket-address.ts';
import type { TsigKey } from '../../domain/tsig-key.ts';
import type {
  ChallengesGranted,
  NewZone,
  SettingsStore,
  ZoneAdded,
  ZoneAddition,
} from '../ports/settings-store.ts';
import type { Deeds } from './deeds.ts';
import { bypassedZones, type DnsSettings, type HttpSettings } from './settings.ts';

/** What a client needs that updates the built-in name server with a key. */
export type KeyForUpdates = {
  readonly key: TsigKey;
  readonly sockets: readonly SocketAddress[];
  /** The names that the key was granted, without those of subtrees and whole zones. */
  readonly names: readonly DomainName[];
};

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
    // The change before this question was made. It is no failure if a file that the configuration names cannot be read.
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

  /** Lets a key change TXT at these challenge names. The key is added if there is none of its name. */
  async grantChallenges(key: TsigKey, names: readonly DomainName[]): Promise<ChallengesGranted> {
    const outcome = await this.#settings.grantChallenges(key, names);
    if (outcome.kind === 'granted') {
      this.#deeds.tell({ deed: 'settings-changed', settings: ['nameserver.zones.updates'] });
    }
    return outcome;
  }

  /** Undefined where no key of this name may update a zone of the built-in name server. */
  async keyForUpdates(name: DomainName): Promise<KeyForUpdates | undefined> {
    const { nameServer } = await this.#settings.load();
    const zones = nameServer?.zones ?? [];
    const grants = zones.flatMap(({ updates }) => updates).filter(({ key }) => key?.name === name);
    const key = grants[0]?.key;
    if (nameServer === undefined || key === undefined) return undefined;
    return { key, sockets: nameServer.sockets, names: grants.flatMap(({ names }) => names) };
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

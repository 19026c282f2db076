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

  /** Lets a key change TXT at these challenge names. The key is added if there is none of its name. */
  grantChallenges(key: TsigKey, names: readonly DomainName[]): Promise<ChallengesGranted> {
    return this.#settings.grantChallenges(key, names);
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
  async #change(change: object, write: () => Promise<void>): Promise<'changed' | 'nothing-asked'> {
    if (Object.keys(change).length === 0) return 'nothing-asked';
    await write();
    return 'changed';
  }
}

import type { DomainName } from '../../domain/domain-name.ts';
import type { TsigKey } from '../../domain/tsig-key.ts';
import type {
  DnsSettings,
  HttpSettings,
  NameServerSettings,
  ServedZone,
  Settings,
  StoreSettings,
} from '../manage/settings.ts';

/** The settings of HTTP that a command can change. */
export type HttpChange = Partial<Pick<HttpSettings, 'socket' | 'workers' | 'trustedProxies'>>;

/** A new zone for the built-in name server. A setting that is left out has its default. */
export type NewZone = Pick<ServedZone, 'name' | 'servers'> & Partial<Pick<ServedZone, 'hostmaster'>>;

/** Settings that apply to all zones, and can be changed while one is added. */
export type ZoneAddition = Partial<Pick<NameServerSettings, 'sockets' | 'data'>> & {
  /** Have updates go into the zones: the settings of another primary are removed if they are all defaults. */
  readonly takeUpdates: boolean;
};

export type ZoneAdded =
  | { readonly kind: 'added'; readonly takesUpdates: boolean }
  | { readonly kind: 'exists' }
  /** `takeUpdates` was asked for, and the settings of the other primary are not all defaults. */
  | { readonly kind: 'primary-in-use' };

export type ChallengesGranted =
  /** `isNew`: there was no key of this name. Otherwise that key got the right, and the secret that was given is not used. */
  | { readonly kind: 'granted'; readonly isNew: boolean }
  /** The name lies in no zone of the built-in name server. Nothing was changed. */
  | { readonly kind: 'no-zone'; readonly name: DomainName };

/** The settings of the server. The promises of the UserStore about durability and loss hold here too. */
export interface SettingsStore {
  /** All settings, each either written or its default. Rejects with a DynonymError that lists every problem. */
  load(): Promise<Settings>;

  /**
   * The database that keeps users and hosts. Undefined: they are beside the settings, or the settings have problems, of
   * which everybody hears who uses them. Rejects when the address of the database cannot be read.
   */
  store(): Promise<StoreSettings | undefined>;

  /** Writes a default configuration, without users. */
  create(options: { readonly overwrite: boolean }): Promise<'created' | 'exists'>;

  /** Changes the named settings of the first primary and leaves the others. */
  changeDns(change: Partial<DnsSettings>): Promise<void>;

  changeHttp(change: HttpChange): Promise<void>;

  /** Adds a zone to the built-in name server. The first zone creates its settings. */
  addZone(zone: NewZone, addition: ZoneAddition): Promise<ZoneAdded>;

  /** Removes a zone, and with the last zone all settings of the name server. The files of the zone stay. */
  removeZone(name: DomainName): Promise<'removed' | 'removed-last' | 'unknown-zone'>;

  /** Lets a key of the built-in name server change TXT at these names. The key is added if there is none of its name. */
  grantChallenges(key: TsigKey, names: readonly DomainName[]): Promise<ChallengesGranted>;
}

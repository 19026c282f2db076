import type { DomainName } from '../../domain/domain-name.ts';
import type {
  DnsSettings,
  HttpSettings,
  NameServerSettings,
  ServedZone,
  Settings,
} from '../manage/settings.ts';

/** What a command changes of HTTP. */
export type HttpChange = Partial<Pick<HttpSettings, 'socket' | 'workers' | 'trustedProxies'>>;

/** A zone for the built-in name server. What is left out has its default. */
export type NewZone = Pick<ServedZone, 'name' | 'servers'> & Partial<Pick<ServedZone, 'hostmaster'>>;

/** What may come with a new zone, for all of them. */
export type ZoneAddition = Partial<Pick<NameServerSettings, 'sockets' | 'data'>> & {
  /** Updates go into the zones from now on: what names a primary elsewhere goes, where it is all default. */
  readonly takeUpdates: boolean;
};

export type ZoneAdded =
  | { readonly kind: 'added'; readonly takesUpdates: boolean }
  | { readonly kind: 'exists' }
  /** Updates were to be taken, and the settings of the primary elsewhere are not the defaults. */
  | { readonly kind: 'primary-in-use' };

/** The settings of the server. The promises of the UserStore about durability and loss hold here too. */
export interface SettingsStore {
  /** All settings, each either written or its default. Rejects with a DynonymError that lists every problem. */
  load(): Promise<Settings>;

  /** Writes a first configuration, without users. */
  create(options: { readonly overwrite: boolean }): Promise<'created' | 'exists'>;

  /** Changes the named settings of the first primary and leaves the others. */
  changeDns(change: Partial<DnsSettings>): Promise<void>;

  changeHttp(change: HttpChange): Promise<void>;

  /** Has the built-in name server serve one zone more; it begins to be with the first. */
  addZone(zone: NewZone, addition: ZoneAddition): Promise<ZoneAdded>;

  /** Has it serve the zone no more; with the last zone all settings of it go. The records are left. */
  removeZone(name: DomainName): Promise<'removed' | 'removed-last' | 'unknown-zone'>;
}

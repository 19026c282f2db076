import type { DnsSettings, HttpSettings, Settings } from '../settings.ts';

/** What a command changes of HTTP. */
export type HttpChange = Partial<Pick<HttpSettings, 'socket' | 'workers' | 'trustedProxies'>>;

/** The settings of the server. The promises of the UserStore about durability and loss hold here too. */
export interface SettingsStore {
  /** All settings, each either written or its default. Rejects with a DynonymError that lists every problem. */
  load(): Promise<Settings>;

  /** Writes a first configuration, without users. */
  create(options: { readonly overwrite: boolean }): Promise<'created' | 'exists'>;

  /** Changes the named settings of the first primary and leaves the others. */
  changeDns(change: Partial<DnsSettings>): Promise<void>;

  changeHttp(change: HttpChange): Promise<void>;
}

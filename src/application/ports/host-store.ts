import type { DomainName } from '../../domain/domain-name.ts';
import type { Host } from '../../domain/host.ts';

/** What is known of single names. The promises of the UserStore hold here too. */
export interface HostStore {
  find(name: DomainName): Promise<Host | undefined>;

  /** The hosts whose `follows` is `name`. */
  followersOf(name: DomainName): Promise<readonly Host[]>;

  list(): AsyncIterable<Host>;

  /** Writes all that is known of the host, in place of what was known. */
  set(host: Host): Promise<void>;

  clear(name: DomainName): Promise<'cleared' | 'unknown-host'>;
}

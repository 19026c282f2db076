import type { DomainName } from './domain-name.ts';
import type { Ipv6Address } from './ip-address.ts';
import type { Ttl } from './ttl.ts';

/** What is known of one name beyond who may change it. All of it is optional; most names have no entry. */
export type Host = {
  readonly name: DomainName;
  /** Time to live of its records in place of the general one. */
  readonly ttl: Ttl | undefined;
  /** May be taken off the DNS by whoever may change it (`offline=YES`). */
  readonly offline: boolean;
  /** Gets a new AAAA whenever the prefix of this name is reported. */
  readonly follows: DomainName | undefined;
  /** The low bits of its own address: `::a:b:c:d`. */
  readonly interfaceId: Ipv6Address | undefined;
  /**
   * With it, a plain AAAA of the name that it follows counts as a prefix of this length. Without it, only a
   * reported prefix moves this host.
   */
  readonly prefixLength: number | undefined;
};

import type { DomainName } from './domain-name.ts';
import type { Ipv6Address } from './ip-address.ts';
import type { Ttl } from './ttl.ts';

/** What is known of one name beyond who may change it. All of it is optional; most names have no entry. */
export type HostSettings = {
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

/** Settings of a host that shall change; `undefined` takes one back. What is not named stays. */
export type HostChange = Partial<Omit<HostSettings, 'name'>>;

/** A name without an entry: what every setting is when nothing says otherwise. */
export function unknownHost(name: DomainName): HostSettings {
  return {
    name,
    ttl: undefined,
    offline: false,
    follows: undefined,
    interfaceId: undefined,
    prefixLength: undefined,
  };
}

export function hasSameSettings(one: HostSettings, other: HostSettings): boolean {
  return (
    one.ttl === other.ttl &&
    one.offline === other.offline &&
    one.follows === other.follows &&
    one.interfaceId?.text === other.interfaceId?.text &&
    one.prefixLength === other.prefixLength
  );
}

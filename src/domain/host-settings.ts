import type { DomainName } from './domain-name.ts';
import type { Ipv6Address } from './ip-address.ts';
import type { Ttl } from './ttl.ts';

/** Settings of one name. All of them are optional, and most names have none. */
export type HostSettings = {
  readonly name: DomainName;
  /** Time to live of its records. Undefined: that of the section [dns]. */
  readonly ttl: Ttl | undefined;
  /** Whether users who may change the name may also remove its addresses (`offline=YES`). */
  readonly offline: boolean;
  /** The host gets a new AAAA whenever a prefix is reported for this name. */
  readonly follows: DomainName | undefined;
  /** The low bits of its own address: `::a:b:c:d`. */
  readonly interfaceId: Ipv6Address | undefined;
  /**
   * When the name that it follows gets a plain AAAA, the first bits of that address count as its prefix; this is how
   * many. Undefined: only a reported prefix moves the host.
   */
  readonly prefixLength: number | undefined;
  /** Milliseconds, as for a user. They count before what is set for the users of the name. */
  readonly expect?: number | undefined;
  readonly offlineAfter?: number | undefined;
};

/** Settings to change. `undefined` removes a setting; a setting that is not listed stays. */
export type HostChange = Partial<Omit<HostSettings, 'name'>>;

/** The settings of a name for which nothing was set. */
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
    one.prefixLength === other.prefixLength &&
    one.expect === other.expect &&
    one.offlineAfter === other.offlineAfter
  );
}

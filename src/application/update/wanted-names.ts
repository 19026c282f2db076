import type { DomainName } from '../../domain/domain-name.ts';
import type { HostSettings } from '../../domain/host-settings.ts';
import type { IpAddress, Ipv4Address, Ipv6Address } from '../../domain/ip-address.ts';
import { type Ipv6Prefix, joinPrefix, prefixOf } from '../../domain/ipv6-prefix.ts';
import type { Ttl } from '../../domain/ttl.ts';
import type { WantedName, WantedRecordSet } from './plan-change.ts';

/** What a client asks for one family of a name. `keep` leaves the records as they are. */
export type WantedAddress<Address extends IpAddress> =
  | { readonly kind: 'keep' }
  | { readonly kind: 'remove' }
  | { readonly kind: 'set'; readonly address: Address };

/** What is asked for one name. A prefix replaces the network bits of the name's own AAAA. */
export type HostUpdate = {
  readonly name: DomainName;
  readonly ipv4: WantedAddress<Ipv4Address>;
  readonly ipv6: WantedAddress<Ipv6Address> | { readonly kind: 'prefix'; readonly prefix: Ipv6Prefix };
  /** Moves the hosts that follow the name, and never the name itself. */
  readonly followersPrefix?: Ipv6Prefix | undefined;
};

export const removesAddresses = ({ ipv4, ipv6 }: HostUpdate): boolean =>
  ipv4.kind === 'remove' || ipv6.kind === 'remove';

/** The RRsets that the name shall have. None where nothing was asked for the name itself. */
export function wantedOf(
  { name, ipv4, ipv6 }: HostUpdate,
  settings: HostSettings | undefined,
  defaultTtl: Ttl,
): WantedName {
  const ttl = settings?.ttl ?? defaultTtl;
  const recordSets: WantedRecordSet[] = [];
  if (ipv4.kind === 'set') recordSets.push({ type: 'A', ttl, values: [ipv4.address] });
  if (ipv4.kind === 'remove') recordSets.push({ type: 'A', ttl, values: [] });
  if (ipv6.kind === 'set') recordSets.push({ type: 'AAAA', ttl, values: [ipv6.address] });
  if (ipv6.kind === 'remove') recordSets.push({ type: 'AAAA', ttl, values: [] });
  if (ipv6.kind === 'prefix') recordSets.push(aaaaBehind(ipv6.prefix, settings, ttl));
  return { name, recordSets };
}

/** True when the update may move hosts that follow the name. */
export const movesFollowers = ({ ipv6, followersPrefix }: HostUpdate): boolean =>
  followersPrefix !== undefined || ipv6.kind === 'set' || ipv6.kind === 'prefix';

/** What a host that follows the updated name shall become. Undefined where it stays as it is. */
export function wantedOfFollower(
  follower: HostSettings,
  { ipv6, followersPrefix }: HostUpdate,
  defaultTtl: Ttl,
): WantedName | undefined {
  const prefix = followersPrefix ?? prefixFor(ipv6, follower);
  if (prefix === undefined) return undefined;
  return {
    name: follower.name,
    recordSets: [aaaaBehind(prefix, follower, follower.ttl ?? defaultTtl)],
  };
}

/** The AAAA of a host in another network: its interface id behind the prefix, or else its present host part. */
function aaaaBehind(prefix: Ipv6Prefix, settings: HostSettings | undefined, ttl: Ttl): WantedRecordSet {
  return settings?.interfaceId === undefined
    ? { type: 'AAAA', ttl, prefix }
    : { type: 'AAAA', ttl, values: [joinPrefix(prefix, settings.interfaceId)] };
}

/** The prefix for a follower: the reported one, or that of the new address if the follower has a `prefixLength`. */
function prefixFor(ipv6: HostUpdate['ipv6'], { prefixLength }: HostSettings): Ipv6Prefix | undefined {
  if (ipv6.kind === 'prefix') return ipv6.prefix;
  return ipv6.kind === 'set' && prefixLength !== undefined ? prefixOf(ipv6.address, prefixLength) : undefined;
}

import { NODATA, NOTFOUND, Resolver } from 'node:dns/promises';
import type { DomainName } from '../../../domain/domain-name.ts';
import { addressFromOctets, type IpAddress, parseIpAddress } from '../../../domain/ip-address.ts';
import { RrType } from '../../dns-wire/constants.ts';
import { ownerOf, rdataIn, targetOf } from '../read-message.ts';
import { query } from '../requests.ts';
import type { Channel } from './channel.ts';

/** The name servers of the zone by its NS records, as the server of the channel has them. Empty without an answer. */
export async function nameServersOf(channel: Channel, zone: DomainName): Promise<readonly DomainName[]> {
  const heard = await channel.ask(query(zone, RrType.NS));
  if (heard.kind !== 'answer') return [];
  const { message } = heard;
  const hosts = message.answers
    .filter((record) => record.type === RrType.NS && ownerOf(record) === zone)
    .flatMap((record) => targetOf(message, record) ?? []);
  return [...new Set(hosts)].sort();
}

/** What is known of a host. */
export type HostAddresses = {
  readonly addresses: readonly IpAddress[];
  /** Why it is not known whether there is an address. Undefined where one was found, and where there is none. */
  readonly doubt?: string | undefined;
};

/** Asks the server for the addresses of a host in its zones, and the resolver of the system for other hosts. */
export async function addressesOf(channel: Channel, host: DomainName): Promise<HostAddresses> {
  const own: IpAddress[] = [];
  for (const type of ['A', 'AAAA'] as const) {
    const heard = await channel.ask(query(host, RrType[type]));
    if (heard.kind !== 'answer' || !heard.message.aa) return resolve(host);
    own.push(...rdataIn(heard.message, host, type).map(addressFromOctets));
  }
  return { addresses: own };
}

/** Milliseconds for each resolver of the system. `dns.lookup` has no limit of its own. */
const RESOLVER = { timeout: 2_000, tries: 1 };
/** The host does not exist, or has no address of this family. */
const NOTHING_THERE: ReadonlySet<unknown> = new Set([NOTFOUND, NODATA]);

async function resolve(host: DomainName): Promise<HostAddresses> {
  const resolver = new Resolver(RESOLVER);
  const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const addresses = found
    .flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
    .flatMap((address) => {
      const parsed = parseIpAddress(address);
      return parsed.ok ? [parsed.value] : [];
    });
  if (addresses.length > 0) return { addresses };
  const [failure] = found
    .flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))
    .filter((code) => !NOTHING_THERE.has(code));
  return { addresses, doubt: failure && `the resolver of this machine: ${failure}` };
}

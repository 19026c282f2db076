import { type DomainName, isAtOrBelow } from '../../domain/domain-name.ts';
import { addressOctets, type IpAddress } from '../../domain/ip-address.ts';
import type { Ttl } from '../../domain/ttl.ts';
import { RrType } from '../dns-wire/constants.ts';
import { encodeName } from '../dns-wire/name.ts';
import { uint } from '../dns-wire/octets.ts';
import type { ZoneRecord } from './zone-data.ts';

/** The first content of a zone that has no file yet. */
export type FirstZone = {
  readonly name: DomainName;
  /** The name servers, the primary first. Those inside the zone need addresses. */
  readonly servers: readonly {
    readonly name: DomainName;
    readonly addresses: readonly IpAddress[];
  }[];
  /** The mailbox of the person responsible for the zone, as a name (RFC 1035 section 8). */
  readonly hostmaster: string;
  /** Of the SOA, the NS and the addresses of the name servers. */
  readonly ttl: Ttl;
  /** How long negative answers may be cached (RFC 2308). */
  readonly negativeTtl: Ttl;
};

/** Timers of the SOA, in seconds. They matter when a NOTIFY is lost. */
const REFRESH = 3600;
const RETRY = 600;
const EXPIRE = 14 * 24 * 3600;

/**
 * The records of a new zone. `now`, in seconds since 1970, becomes the serial: if the folder is lost and the zone is
 * created again, its serial is most likely later than that of the secondaries.
 */
export function firstRecords(zone: FirstZone, now: number): readonly ZoneRecord[] {
  const { name, servers, hostmaster, ttl, negativeTtl } = zone;
  const record = (owner: string, type: number, rdata: Buffer): ZoneRecord => ({ owner, type, ttl, rdata });
  const numbers = [now >>> 0, REFRESH, RETRY, EXPIRE, negativeTtl].map((value) => uint(value, 4));
  const soa = Buffer.concat([encodeName(servers[0]?.name ?? name), encodeName(hostmaster), ...numbers]);
  return [
    record(name, RrType.SOA, soa),
    ...servers.map((server) => record(name, RrType.NS, encodeName(server.name))),
    ...servers
      .filter((server) => isAtOrBelow(server.name, name))
      .flatMap((server) =>
        server.addresses.map((address) =>
          record(
            server.name,
            address.family === 'ipv4' ? RrType.A : RrType.AAAA,
            Buffer.from(addressOctets(address)),
          ),
        ),
      ),
  ];
}

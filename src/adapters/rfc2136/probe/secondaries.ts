import { Resolver } from 'node:dns/promises';
import type { Primary } from '../../../application/manage/settings.ts';
import type { Clock } from '../../../application/ports/clock.ts';
import type { DomainName } from '../../../domain/domain-name.ts';
import { addressFromOctets, type IpAddress, parseIpAddress } from '../../../domain/ip-address.ts';
import { hostOf, type SocketAddress, socketText } from '../../../domain/socket-address.ts';
import { RrType, rcodeText } from '../../dns-wire/constants.ts';
import { transportsTo } from '../create-rfc2136-dns-updater.ts';
import { socketsOf } from '../primary-address.ts';
import { addressesIn, ownerOf, type Soa, soaIn, targetOf } from '../read-message.ts';
import { query } from '../requests.ts';
import { Channel, type Heard } from './channel.ts';
import { type Trouble, trouble } from './trouble.ts';

export type SecondaryOptions = {
  /** The port at which the name servers of a zone answer. */
  readonly port: number;
  /** How long a secondary may take to follow, in milliseconds. BIND waits five seconds before it sends NOTIFY. */
  readonly grace: number;
};

/** A name server of the zone that has an older version than the primary, or is silent: one trouble each. */
export async function staleSecondaries(
  primary: Primary,
  channel: Channel,
  soa: Soa,
  clock: Clock,
  { port, grace }: SecondaryOptions,
): Promise<readonly Trouble[]> {
  const own = socketsOf(primary).map(hostOf);
  const troubles = await Promise.all(
    (await nameServers(channel, soa.zone)).map(async (secondary) => {
      if (own.includes(secondary)) return [];
      const addresses = await addressesOf(channel, secondary);
      // At an address of its own the primary itself answers, whatever port updates go to.
      const others = addresses.filter(({ text }) => !own.includes(text));
      const states = await Promise.all(
        others.map(async (address) => {
          const socket = { address, port };
          const target = { ...primary, socket, transport: 'udp' as const, tsig: undefined };
          const other = new Channel(transportsTo(target, clock), clock);
          try {
            return await stateOf(other, socket, soa, grace);
          } finally {
            other.close();
          }
        }),
      );
      const older = states.find(({ kind }) => kind === 'older');
      if (older !== undefined) return [trouble({ code: 'secondary-lags', secondary }, older.detail)];
      // One address that answers is enough: this machine may lack the family of another.
      const silent = states.filter(({ kind }) => kind === 'silent');
      const isSilent = silent.length > 0 && silent.length === addresses.length;
      return isSilent ? [trouble({ code: 'secondary-silent', secondary }, silent[0]?.detail)] : [];
    }),
  );
  return troubles.flat();
}

type State = { readonly kind: 'fine' | 'older' | 'silent'; readonly detail?: string };

async function stateOf(other: Channel, socket: SocketAddress, soa: Soa, grace: number): Promise<State> {
  let serial = await serialOf(other, soa.zone);
  if (typeof serial === 'number' && isOlder(serial, soa.serial)) {
    await other.pause(grace);
    serial = await serialOf(other, soa.zone);
  }
  if (typeof serial === 'string') return { kind: 'silent', detail: `${socketText(socket)}: ${serial}` };
  return isOlder(serial, soa.serial)
    ? { kind: 'older', detail: `serial ${serial}, and not ${soa.serial}` }
    : { kind: 'fine' };
}

async function nameServers(channel: Channel, zone: DomainName): Promise<readonly DomainName[]> {
  const heard = await channel.ask(query(zone, RrType.NS));
  if (heard.kind !== 'answer') return [];
  const { message } = heard;
  const hosts = message.answers
    .filter((record) => record.type === RrType.NS && ownerOf(record) === zone)
    .flatMap((record) => targetOf(message, record) ?? []);
  return [...new Set(hosts)].sort();
}

/** Asks the primary for the addresses of a host in its zones, and the resolver of the system for other hosts. */
async function addressesOf(channel: Channel, host: DomainName): Promise<readonly IpAddress[]> {
  const own: IpAddress[] = [];
  for (const type of ['A', 'AAAA'] as const) {
    const heard = await channel.ask(query(host, RrType[type]));
    if (heard.kind !== 'answer' || !heard.message.aa) return resolve(host);
    own.push(...addressesIn(heard.message, host, type).map(addressFromOctets));
  }
  return own;
}

/** Milliseconds for each resolver of the system. `dns.lookup` has no limit of its own. */
const RESOLVER = { timeout: 2_000, tries: 1 };

async function resolve(host: DomainName): Promise<readonly IpAddress[]> {
  const resolver = new Resolver(RESOLVER);
  const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  return found
    .flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
    .flatMap((address) => {
      const parsed = parseIpAddress(address);
      return parsed.ok ? [parsed.value] : [];
    });
}

/** The serial number of the zone on that server; a text says why there is none. */
async function serialOf(channel: Channel, zone: DomainName): Promise<number | string> {
  const heard = await channel.ask(query(zone, RrType.SOA));
  const soa = heard.kind === 'answer' && heard.message.aa ? soaIn(heard.message) : undefined;
  return soa?.zone === zone ? soa.serial : reasonOf(heard);
}

function reasonOf(heard: Heard): string {
  if (heard.kind === 'answer') {
    const { rcode } = heard.message;
    return rcode === 0 ? 'an answer without authority' : rcodeText(rcode);
  }
  return heard.kind === 'trouble' ? (heard.detail ?? 'no answer') : 'an answer that cannot be read';
}

/** RFC 1982 section 3.2. */
function isOlder(serial: number, other: number): boolean {
  return serial !== other && (other - serial) >>> 0 < 2 ** 31;
}

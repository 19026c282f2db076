import { Resolver } from 'node:dns/promises';
import type { Primary } from '../../../application/manage/settings.ts';
import type { Clock } from '../../../application/ports/clock.ts';
import type { DomainName } from '../../../domain/domain-name.ts';
import { addressFromOctets, type IpAddress, parseIpAddress } from '../../../domain/ip-address.ts';
import { type SocketAddress, socketText } from '../../../domain/socket-address.ts';
import { RrType } from '../../dns-wire/constants.ts';
import { buildQuery } from '../../dns-wire/update-message.ts';
import { transportsTo } from '../create-rfc2136-dns-updater.ts';
import { Channel } from './channel.ts';
import { addressesIn, ownerOf, type Soa, soaIn, targetOf } from './messages.ts';
import { type Trouble, trouble } from './trouble.ts';

export type SecondaryOptions = {
  /** Where the name servers of a zone answer. */
  readonly port: number;
  /** How long a copy may take to follow, in milliseconds: BIND alone waits five seconds to tell of a change. */
  readonly grace: number;
};

/** Compares the zone's name servers with the primary. Those that do not answer are left out. */
export async function laggingSecondaries(
  primary: Primary,
  channel: Channel,
  soa: Soa,
  clock: Clock,
  { port, grace }: SecondaryOptions,
): Promise<readonly Trouble[]> {
  const servers = await nameServers(channel, soa.zone, port);
  const own = socketText(primary.socket);
  const others = servers.filter(({ socket }) => socketText(socket) !== own);
  const troubles = await Promise.all(
    others.map(async ({ host, socket }) => {
      const target = { ...primary, socket, transport: 'udp' as const, tsig: undefined };
      const other = new Channel(transportsTo(target, clock), clock);
      try {
        let serial = await serialOf(other, soa.zone);
        if (serial !== undefined && isOlder(serial, soa.serial)) {
          await other.pause(grace);
          serial = await serialOf(other, soa.zone);
        }
        return serial !== undefined && isOlder(serial, soa.serial)
          ? [trouble({ code: 'secondary-lags', secondary: host }, `${serial}, and not ${soa.serial}`)]
          : [];
      } finally {
        other.close();
      }
    }),
  );
  return troubles.flat();
}

type NameServer = { readonly host: DomainName; readonly socket: SocketAddress };

/** Asks the primary, and for hosts that are not its own the system. */
async function nameServers(channel: Channel, zone: DomainName, port: number): Promise<readonly NameServer[]> {
  const heard = await channel.ask(buildQuery({ id: 0, name: zone, type: RrType.NS }));
  if (heard.kind !== 'answer') return [];
  const { message } = heard;
  const hosts = message.answers
    .filter((record) => record.type === RrType.NS && ownerOf(record) === zone)
    .flatMap((record) => targetOf(message, record) ?? []);
  const found = await Promise.all(
    [...new Set(hosts)]
      .sort()
      .map(async (host) =>
        (await addressesOf(channel, host)).map((address) => ({ host, socket: { address, port } })),
      ),
  );
  return found.flat();
}

async function addressesOf(channel: Channel, host: DomainName): Promise<readonly IpAddress[]> {
  const own: IpAddress[] = [];
  for (const type of ['A', 'AAAA'] as const) {
    const heard = await channel.ask(buildQuery({ id: 0, name: host, type: RrType[type] }));
    if (heard.kind !== 'answer' || !heard.message.aa) return resolve(host);
    own.push(...addressesIn(heard.message, host, type).map(addressFromOctets));
  }
  return own;
}

/** Milliseconds for each of the system's resolvers: `lookup` would wait as long as they like. */
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

async function serialOf(channel: Channel, zone: DomainName): Promise<number | undefined> {
  const heard = await channel.ask(buildQuery({ id: 0, name: zone, type: RrType.SOA }));
  const soa = heard.kind === 'answer' && heard.message.aa ? soaIn(heard.message) : undefined;
  return soa?.zone === zone ? soa.serial : undefined;
}

/** RFC 1982 section 3.2. */
function isOlder(serial: number, other: number): boolean {
  return serial !== other && (other - serial) >>> 0 < 2 ** 31;
}

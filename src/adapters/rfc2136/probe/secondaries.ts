import type { Primary } from '../../../application/manage/settings.ts';
import type { Clock } from '../../../application/ports/clock.ts';
import type { DomainName } from '../../../domain/domain-name.ts';
import { isOlder } from '../../../domain/serial.ts';
import { hostOf, type SocketAddress, socketText } from '../../../domain/socket-address.ts';
import { RrType } from '../../dns-wire/constants.ts';
import { socketsOf } from '../primary-address.ts';
import { type Soa, soaIn } from '../read-message.ts';
import { query } from '../requests.ts';
import { type Channel, reasonOf, withChannel } from './channel.ts';
import { addressesOf, nameServersOf } from './name-servers.ts';
import { type Trouble, trouble } from './trouble.ts';

export type SecondaryOptions = {
  /** The port at which the name servers of a zone answer. */
  readonly port: number;
  /** How long a secondary may take to follow, in milliseconds. BIND waits five seconds before it sends NOTIFY. */
  readonly grace: number;
};

/**
 * At most one trouble for each name server of the zone. `older`: one of its addresses has an older version than the
 * primary. Silent: none of its addresses answers. Unknown: it has no address that is known here.
 */
export async function staleSecondaries(
  primary: Primary,
  channel: Channel,
  soa: Soa,
  clock: Clock,
  { port, grace }: SecondaryOptions,
): Promise<readonly Trouble[]> {
  const own = socketsOf(primary).map(hostOf);
  const troubles = await Promise.all(
    (await nameServersOf(channel, soa.zone)).map(async (secondary) => {
      if (own.includes(secondary)) return [];
      const { addresses, doubt } = await addressesOf(channel, secondary);
      if (addresses.length === 0) return [trouble({ code: 'secondary-unknown', secondary }, doubt)];
      // At an address of its own the primary itself answers, whatever port updates go to.
      const others = addresses.filter(({ text }) => !own.includes(text));
      const states = await Promise.all(
        others.map((address) => {
          const socket = { address, port };
          const target = { ...primary, socket, transport: 'udp' as const, tsig: undefined };
          return withChannel(target, clock, (other) => stateOf(other, socket, soa, grace));
        }),
      );
      const older = states.find(({ kind }) => kind === 'older');
      if (older !== undefined) return [trouble({ code: 'secondary-lags', secondary }, older.detail)];
      // One address that answers is enough: this machine may lack the family of another.
      const silent = states.filter(({ kind }) => kind === 'silent');
      return silent.length === addresses.length
        ? [trouble({ code: 'secondary-silent', secondary }, silent[0]?.detail)]
        : [];
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

/** The serial number of the zone on that server; a text says why there is none. */
export async function serialOf(channel: Channel, zone: DomainName): Promise<number | string> {
  const heard = await channel.ask(query(zone, RrType.SOA));
  const soa = heard.kind === 'answer' && heard.message.aa ? soaIn(heard.message) : undefined;
  return soa?.zone === zone ? soa.serial : reasonOf(heard);
}

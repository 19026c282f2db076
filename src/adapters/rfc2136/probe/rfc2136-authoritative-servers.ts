import type { Primary } from '../../../application/manage/settings.ts';
import type {
  AuthoritativeServers,
  ServersQuestion,
  ServerView,
  ZoneSerials,
} from '../../../application/ports/authoritative-servers.ts';
import type { Clock } from '../../../application/ports/clock.ts';
import { BoundedMap } from '../../../domain/bounded-map.ts';
import type { DomainName } from '../../../domain/domain-name.ts';
import type { IpAddress } from '../../../domain/ip-address.ts';
import { hostOf, type ServerSocket, type SocketAddress, socketText } from '../../../domain/socket-address.ts';
import { Rcode, RrType } from '../../dns-wire/constants.ts';
import { recordSetIn } from '../read-message.ts';
import { query } from '../requests.ts';
import { type Channel, firstResult, reasonOf, withChannel } from './channel.ts';
import { addressesOf, nameServersOf } from './name-servers.ts';
import { serialOf } from './secondaries.ts';

/** Addresses of name servers that are asked at most. No sane zone has as many. */
const MOST_ADDRESSES = 40;
/** The port at which the name servers of a zone answer. */
const PORT = 53;
/** Milliseconds for which the name servers of a zone are known. */
const KNOWN_FOR = 60_000;
const MOST_ZONES = 10_000;

type Place = { readonly server: string; readonly address: IpAddress | undefined; readonly port: number };

/** Asks the primary of a zone who its name servers are, and then each of them. */
export class Rfc2136AuthoritativeServers implements AuthoritativeServers {
  readonly #primaryOf: (zone: DomainName) => Primary;
  readonly #clock: Clock;
  readonly #known = new BoundedMap<DomainName, { readonly places: readonly Place[]; readonly until: number }>(
    MOST_ZONES,
  );
  readonly #channels = new Set<Channel>();
  #isClosed = false;

  constructor(primaryOf: (zone: DomainName) => Primary, clock: Clock) {
    this.#primaryOf = primaryOf;
    this.#clock = clock;
  }

  async ask(question: ServersQuestion): Promise<readonly ServerView[]> {
    const places = await this.#placesOf(question);
    return Promise.all(places.map((place) => this.#viewAt(place, question)));
  }

  async serials(question: Pick<ServersQuestion, 'zone' | 'servers'>): Promise<ZoneSerials> {
    const { zone } = question;
    const serialBy = async (channel: Channel) => {
      const serial = await serialOf(channel, zone);
      return typeof serial === 'number' ? serial : undefined;
    };
    const [primary, places] = await Promise.all([this.#askPrimary(zone, serialBy), this.#placesOf(question)]);
    const servers = places.map(async ({ server, address, port }) => {
      const serial = address && (await this.#by(publicServer({ address, port }), serialBy));
      return { server, serial };
    });
    return { primary, servers: await Promise.all(servers) };
  }

  close(): void {
    this.#isClosed = true;
    for (const channel of this.#channels) channel.close();
  }

  async #placesOf({ zone, servers }: Pick<ServersQuestion, 'zone' | 'servers'>): Promise<readonly Place[]> {
    if (servers.length > 0) {
      return servers.slice(0, MOST_ADDRESSES).map((socket) => ({ server: socketText(socket), ...socket }));
    }
    const now = this.#clock.monotonic();
    const known = this.#known.get(zone);
    if (known !== undefined && now < known.until) return known.places;
    const found = await this.#askPrimary(zone, async (channel, socket) => {
      const places = await this.#placesBy(channel, zone, socket);
      return places.length > 0 ? places.slice(0, MOST_ADDRESSES) : undefined;
    });
    if (found !== undefined) this.#known.set(zone, { places: found, until: now + KNOWN_FOR });
    return found ?? [];
  }

  /** Any address of the primary may answer. */
  #askPrimary<Result>(
    zone: DomainName,
    question: (channel: Channel, socket: ServerSocket) => Promise<Result | undefined>,
  ): Promise<Result | undefined> {
    return firstResult(this.#primaryOf(zone), (server) =>
      this.#by(server, (channel) => question(channel, server.socket)),
    );
  }

  async #placesBy(channel: Channel, zone: DomainName, primary: ServerSocket): Promise<readonly Place[]> {
    const places: Place[] = [];
    for (const server of await nameServersOf(channel, zone)) {
      const { addresses } = await addressesOf(channel, server);
      if (addresses.length === 0) places.push({ server, address: undefined, port: PORT });
      for (const address of addresses) {
        // The primary itself may answer at another port: the one to which updates are sent.
        const port = address.text === hostOf(primary) ? primary.port : PORT;
        places.push({ server, address, port });
      }
    }
    return places;
  }

  async #viewAt({ server, address, port }: Place, question: ServersQuestion): Promise<ServerView> {
    if (address === undefined) {
      return { server, address, answer: { kind: 'none', reason: 'its address was not found' } };
    }
    return this.#by(publicServer({ address, port }), async (channel) => {
      const { name, type } = question;
      const heard = await channel.ask(query(name, RrType[type]));
      const message = heard.kind === 'answer' && heard.message.aa ? heard.message : undefined;
      const counts = message?.rcode === Rcode.NOERROR || message?.rcode === Rcode.NXDOMAIN;
      const recordSet = message && counts ? recordSetIn(message, name, type) : undefined;
      const answer: ServerView['answer'] =
        recordSet === undefined ? { kind: 'none', reason: reasonOf(heard) } : { kind: 'records', recordSet };
      return { server, address, answer };
    });
  }

  #by<Result>(server: Primary, action: (channel: Channel) => Promise<Result>): Promise<Result> {
    return withChannel(server, this.#clock, (channel) => {
      this.#channels.add(channel);
      if (this.#isClosed) channel.close();
      return action(channel).finally(() => this.#channels.delete(channel));
    });
  }
}

/** A name server that everybody may ask. */
const publicServer = (socket: SocketAddress): Primary => ({
  socket,
  transport: 'udp',
  zones: [],
  tsig: undefined,
});

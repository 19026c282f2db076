import type { Primary } from '../../../application/manage/settings.ts';
import type {
  AuthoritativeServers,
  ServersQuestion,
  ServerView,
} from '../../../application/ports/authoritative-servers.ts';
import type { Clock } from '../../../application/ports/clock.ts';
import type { DomainName } from '../../../domain/domain-name.ts';
import type { IpAddress } from '../../../domain/ip-address.ts';
import { hostOf, type ServerSocket, type SocketAddress, socketText } from '../../../domain/socket-address.ts';
import { Rcode, RrType } from '../../dns-wire/constants.ts';
import { transportsTo } from '../create-rfc2136-dns-updater.ts';
import { recordSetIn } from '../read-message.ts';
import { query } from '../requests.ts';
import { Channel, reasonOf } from './channel.ts';
import { addressesOf, nameServersOf } from './name-servers.ts';

/** Addresses of name servers that are asked at most. No sane zone has as many. */
const MOST_ADDRESSES = 40;

type Place = { readonly server: string; readonly address: IpAddress | undefined; readonly port: number };

/** Asks the primary of a zone who its name servers are, and then each of them. */
export class Rfc2136AuthoritativeServers implements AuthoritativeServers {
  readonly #primaryOf: (zone: DomainName) => Primary;
  readonly #clock: Clock;
  readonly #port: number;

  /** @param port the port at which the name servers of a zone answer */
  constructor(primaryOf: (zone: DomainName) => Primary, clock: Clock, port = 53) {
    this.#primaryOf = primaryOf;
    this.#clock = clock;
    this.#port = port;
  }

  async ask(question: ServersQuestion): Promise<readonly ServerView[]> {
    const { zone, servers } = question;
    const places =
      servers.length > 0
        ? servers.map((socket) => ({ server: socketText(socket), ...socket }))
        : await this.#placesOf(zone, this.#primaryOf(zone));
    return Promise.all(places.slice(0, MOST_ADDRESSES).map((place) => this.#viewAt(place, question)));
  }

  /** Any address of the primary may tell the name servers. */
  async #placesOf(zone: DomainName, primary: Primary): Promise<readonly Place[]> {
    for (const socket of [primary.socket, ...(primary.fallbackSockets ?? [])]) {
      const places = await this.#by({ ...primary, socket }, (channel) =>
        this.#placesBy(channel, zone, socket),
      );
      if (places.length > 0) return places;
    }
    return [];
  }

  async #placesBy(channel: Channel, zone: DomainName, primary: ServerSocket): Promise<readonly Place[]> {
    const places: Place[] = [];
    for (const server of await nameServersOf(channel, zone)) {
      const addresses = await addressesOf(channel, server);
      if (addresses.length === 0) places.push({ server, address: undefined, port: this.#port });
      for (const address of addresses) {
        // The primary itself may answer at another port: the one to which updates are sent.
        const port = address.text === hostOf(primary) ? primary.port : this.#port;
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

  async #by<Result>(server: Primary, action: (channel: Channel) => Promise<Result>): Promise<Result> {
    const channel = new Channel(transportsTo(server, this.#clock), this.#clock);
    try {
      return await action(channel);
    } finally {
      channel.close();
    }
  }
}

/** A name server that everybody may ask. */
const publicServer = (socket: SocketAddress): Primary => ({
  socket,
  transport: 'udp',
  zones: [],
  tsig: undefined,
});

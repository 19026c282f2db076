import { connect } from 'node:net';
import { type ConnectionOptions, connect as connectTls, createSecureContext } from 'node:tls';
import type { Primary } from '../../application/manage/settings.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { DnsUpdater } from '../../application/ports/dns-updater.ts';
import type { Events } from '../../application/ports/events.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { PrimaryHealth } from '../../application/ports/primary-health.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { hostOf, type ServerSocket } from '../../domain/socket-address.ts';
import type { Transports } from './primary-address.ts';
import { PrimaryClient } from './primary-client.ts';
import { Rfc2136DnsUpdater } from './rfc2136-dns-updater.ts';
import { type OpenConnection, StreamTransport } from './stream-transport.ts';
import { UdpTransport } from './udp-transport.ts';
import { ZoneDirectory } from './zone-directory.ts';

/**
 * The DnsUpdater for these primaries, with their health. `close` closes its connections. The first primary without
 * configured zones is asked which zones it has.
 */
export function createRfc2136DnsUpdater(
  primaries: readonly Primary[],
  clock: Clock,
  logger: Logger,
  events: Events,
): PrimaryHealth & { readonly updater: DnsUpdater; close(): void } {
  const configured = new Map<DomainName, PrimaryClient>();
  const clients: PrimaryClient[] = [];
  let discovering: PrimaryClient | undefined;
  for (const primary of primaries) {
    const openTransports = (socket: ServerSocket) => transportsTo({ ...primary, socket }, clock);
    const client = new PrimaryClient(primary, openTransports, clock, logger, events);
    clients.push(client);
    if (primary.zones.length === 0) discovering ??= client;
    for (const zone of primary.zones) configured.set(zone, client);
  }
  return {
    updater: new Rfc2136DnsUpdater(new ZoneDirectory(configured, discovering, clock)),
    states: () => clients.map(({ state }) => state),
    close: () => {
      for (const client of clients) client.close();
    },
  };
}

export function transportsTo(primary: Primary, clock: Clock): Transports {
  const open = primary.transport === 'tls' ? opensTls(primary) : opensTcp(primary);
  return {
    udp: primary.transport === 'udp' ? new UdpTransport(primary.socket, clock) : undefined,
    stream: new StreamTransport(open, clock),
  };
}

function opensTcp({ socket }: Primary): OpenConnection {
  const { port } = socket;
  return () => ({ socket: connect({ host: hostOf(socket), port }), secure: false });
}

/** DNS over TLS (RFC 7858) in the strict profile of RFC 8310: without a valid certificate nothing is sent. */
function opensTls({ socket, tls }: Primary): OpenConnection {
  const serverName = tls?.serverName ?? ('host' in socket ? socket.host : undefined);
  const options: ConnectionOptions = {
    host: hostOf(socket),
    port: socket.port,
    ALPNProtocols: ['dot'],
    secureContext: createSecureContext({ ca: tls?.ca }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
  return () => ({ socket: connectTls(options), secure: true });
}

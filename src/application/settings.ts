import type { DomainName } from '../domain/domain-name.ts';
import type { Network } from '../domain/network.ts';
import type { SocketAddress } from '../domain/socket-address.ts';
import type { TsigKey } from '../domain/tsig-key.ts';
import { type Ttl, ttl } from '../domain/ttl.ts';

/** How updates reach a primary. `tls` is DNS over TLS (RFC 7858). */
export const TRANSPORTS = ['tcp', 'udp', 'tls'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** Whom to believe to be the primary, where it is reached by TLS. */
export type TlsTrust = {
  /** The name that its certificate must be for, which is also sent as SNI; without one, its address. */
  readonly serverName: DomainName | undefined;
  /** The certificates, in PEM, of who may have signed it; without any, the CAs that Node.js trusts. */
  readonly ca: string | undefined;
};

/** A name server that takes updates for some zones. */
export type Primary = {
  readonly socket: SocketAddress;
  readonly transport: Transport;
  readonly tls: TlsTrust;
  /** The zones that it serves; without any, they are found by asking it for SOA records. */
  readonly zones: readonly DomainName[];
  /** Signs what is sent and verifies what comes back (RFC 8945). */
  readonly tsig: TsigKey | undefined;
};

export type DnsSettings = Primary & {
  /** Time to live of the records that are written, unless a host says otherwise. */
  readonly ttl: Ttl;
};

export type HttpSettings = {
  readonly socket: SocketAddress;
  /** Processes that share the socket. */
  readonly workers: number;
  /** Who is believed about the address of a client (X-Forwarded-For, Forwarded). */
  readonly trustedProxies: readonly Network[];
};

export type Settings = {
  readonly http: HttpSettings;
  readonly dns: DnsSettings;
  /** Further primaries, each for zones of its own. */
  readonly servers: readonly Primary[];
};

/** What holds where a configuration says nothing. docs/configuration.md lists the same values. */
export const DEFAULT_SETTINGS: Settings = {
  http: {
    socket: { address: { family: 'ipv4', text: '127.0.0.1' }, port: 8053 },
    workers: 1,
    trustedProxies: [],
  },
  dns: {
    socket: { address: { family: 'ipv4', text: '127.0.0.1' }, port: 53 },
    ttl: ttl(60),
    transport: 'tcp',
    tls: { serverName: undefined, ca: undefined },
    zones: [],
    tsig: undefined,
  },
  servers: [],
};

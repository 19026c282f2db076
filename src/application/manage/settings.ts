import type { DomainName } from '../../domain/domain-name.ts';
import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import type { IpAddress } from '../../domain/ip-address.ts';
import type { Network } from '../../domain/network.ts';
import type { ServerSocket, SocketAddress } from '../../domain/socket-address.ts';
import type { TsigKey } from '../../domain/tsig-key.ts';
import { type Ttl, ttl } from '../../domain/ttl.ts';

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
  readonly socket: ServerSocket;
  /** Further addresses of the same server, asked where it does not answer there. */
  readonly fallbackSockets?: readonly ServerSocket[];
  readonly transport: Transport;
  /** Without it, whoever has a certificate for its address that Node.js trusts. */
  readonly tls?: TlsTrust | undefined;
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
  /** Processes that the original program shared the socket between. It changes nothing here: {@link ONE_PROCESS}. */
  readonly workers: number;
  /** Who is believed about the address of a client (X-Forwarded-For, Forwarded). */
  readonly trustedProxies: readonly Network[];
  /** Connections of one site (an IPv4 address, an IPv6 /64) at a time. */
  readonly connectionsPerSite: number;
  /** With it `socket` speaks HTTPS. */
  readonly tls: CertificateFiles | undefined;
  readonly listeners: readonly FurtherListener[];
};

/** Told to whoever asks for several workers. */
export const ONE_PROCESS =
  'One process serves, whatever the number of workers is. To use more processors, run several instances behind a ' +
  'proxy, each with a socket, a configuration and a lock file of its own';

/** More than the processors of any machine; a bound, so that a slip of the finger does not fill one. */
const MAX_WORKERS = 1024;

export function parseWorkers(value: number | string): Parsed<number> {
  const count = typeof value === 'string' && /^[1-9]\d{0,9}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= MAX_WORKERS
    ? valid(count)
    : invalid(`the number of workers is a whole number from 1 to ${MAX_WORKERS}`);
}

/** More than one process can have open. */
const MAX_CONNECTIONS_PER_SITE = 100_000;

export function parseConnectionsPerSite(value: number): Parsed<number> {
  return Number.isInteger(value) && value >= 1 && value <= MAX_CONNECTIONS_PER_SITE
    ? valid(value)
    : invalid(`the number of connections is a whole number from 1 to ${MAX_CONNECTIONS_PER_SITE}`);
}

/** A certificate with its chain, and its private key, in PEM: the paths of the files. */
export type CertificateFiles = { readonly cert: string; readonly key: string };

/** A socket beside the first one: plain HTTP for devices that know no TLS, or another address. */
export type FurtherListener = {
  readonly socket: SocketAddress;
  /** HTTPS with the certificate of the first. */
  readonly tls: boolean;
  /** The paths that are served there; undefined for all. */
  readonly routes: readonly string[] | undefined;
};

/** Who may do something: who holds the key, who comes from one of the networks; where both are given, both. */
export type Grantee = {
  readonly key: TsigKey | undefined;
  /** Without any, everywhere. */
  readonly networks: readonly Network[];
};

/** Whose updates (RFC 2136) of a zone are obeyed, and which. Without names and subtrees, the whole zone. */
export type UpdateGrant = Grantee & {
  /** These names themselves. */
  readonly names: readonly DomainName[];
  /** These names and all below them. */
  readonly subtrees: readonly DomainName[];
  /** Numbers of RR types (28 is AAAA); without any, all types. */
  readonly types: readonly number[];
};

/** A secondary that is told of every change (RFC 1996). */
export type NotifyTarget = {
  readonly socket: SocketAddress;
  /** Signs what is sent. */
  readonly key: TsigKey | undefined;
};

/** A zone that the built-in name server is the primary of. What it begins with, until updates change it. */
export type ServedZone = {
  readonly name: DomainName;
  /** Its name servers, the primary of the SOA first. Those whose names lie in the zone need addresses (glue). */
  readonly servers: readonly { readonly name: DomainName; readonly addresses: readonly IpAddress[] }[];
  /** The mailbox of who looks after the zone, as a name: `hostmaster.example.org`, `jo\\.doe.example.org`. */
  readonly hostmaster: string;
  /** Of the records that the zone begins with. */
  readonly ttl: Ttl;
  /** How long "there is no such name" may be remembered. */
  readonly negativeTtl: Ttl;
  /** Without any, nobody outside of dynonym changes the zone. */
  readonly updates: readonly UpdateGrant[];
  /** Who may have the whole zone (AXFR, IXFR); without any, nobody. */
  readonly transfer: readonly Grantee[];
  readonly notify: readonly NotifyTarget[];
};

/** The built-in authoritative name server. */
export type NameServerSettings = {
  /** Served by UDP and by TCP. */
  readonly sockets: readonly SocketAddress[];
  /** The folder of the zone files and journals. */
  readonly data: string;
  /** Addresses that clients report go into these zones, and to no other primary: there is no [dns]. */
  readonly takesUpdates: boolean;
  readonly zones: readonly ServedZone[];
};

/** What operators and their programs see of the running server. */
export type AdminSettings = {
  readonly socket: SocketAddress;
  /** Without it everybody who reaches the socket sees all. */
  readonly login: { readonly user: string; readonly password: string } | undefined;
};

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type LogSettings = {
  /** The least that is told. */
  readonly level: LogLevel;
  /** The file with one line an update request, whatever the level is; without it, there is none. */
  readonly audit: string | undefined;
};

/** All that a configuration says, but for users and what is known of names. */
export type Settings = {
  readonly http: HttpSettings;
  readonly dns: DnsSettings;
  /** Further primaries, each for zones of its own. */
  readonly servers: readonly Primary[];
  /** Without it, no DNS is served. */
  readonly nameServer?: NameServerSettings | undefined;
  /** Without it, nothing is counted and nothing shown. */
  readonly admin?: AdminSettings | undefined;
  /** Without it, `info` and no audit log. */
  readonly log?: LogSettings | undefined;
};

/** What holds where a configuration says nothing. docs/configuration.md lists the same values. */
export const DEFAULT_SETTINGS: Settings = {
  http: {
    socket: { address: { family: 'ipv4', text: '127.0.0.1' }, port: 8053 },
    workers: 1,
    trustedProxies: [],
    connectionsPerSite: 128,
    tls: undefined,
    listeners: [],
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
  nameServer: undefined,
  admin: undefined,
  log: { level: 'info', audit: undefined },
};

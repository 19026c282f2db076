import type { DomainName } from '../../domain/domain-name.ts';
import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import type { IpAddress } from '../../domain/ip-address.ts';
import type { Network } from '../../domain/network.ts';
import type { NoticeTarget } from '../../domain/notice.ts';
import type { ServerSocket, SocketAddress } from '../../domain/socket-address.ts';
import type { TsigKey } from '../../domain/tsig-key.ts';
import { type Ttl, ttl } from '../../domain/ttl.ts';
import type { DatabaseAddress } from './database-address.ts';

/** How updates reach a primary. `tls` is DNS over TLS (RFC 7858). */
export const TRANSPORTS = ['tcp', 'udp', 'tls'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** How the certificate of a primary is verified, for the transport `tls`. */
export type TlsTrust = {
  /** The name in its certificate, also sent as SNI. Undefined: its host name or address. */
  readonly serverName: DomainName | undefined;
  /** Certificates of CAs that may have signed it, in PEM. Undefined: the CAs that Node.js trusts. */
  readonly ca: string | undefined;
};

/** A name server that takes updates for some zones. */
export type Primary = {
  readonly socket: ServerSocket;
  /** Further addresses of the same server, for when it does not answer at `socket`. */
  readonly fallbackSockets?: readonly ServerSocket[];
  readonly transport: Transport;
  /** Undefined: any certificate for its name or address that Node.js trusts. */
  readonly tls?: TlsTrust | undefined;
  /** The zones that it serves. Empty: zones are found by asking it for SOA records. */
  readonly zones: readonly DomainName[];
  /** Signs what is sent and verifies what comes back (RFC 8945). */
  readonly tsig: TsigKey | undefined;
};

export type DnsSettings = Primary & {
  /** Time to live of the records that are written, unless a host has its own. */
  readonly ttl: Ttl;
};

export type HttpSettings = {
  readonly socket: SocketAddress;
  /** How many processes served in the original program. It has no effect here: {@link ONE_PROCESS}. */
  readonly workers: number;
  /** Proxies whose X-Forwarded-For and Forwarded are trusted. */
  readonly trustedProxies: readonly Network[];
  /** How many connections a site (an IPv4 address, an IPv6 /64) may have at a time. */
  readonly connectionsPerSite: number;
  /** With a certificate, `socket` speaks HTTPS. */
  readonly tls: TlsSettings | undefined;
  readonly listeners: readonly FurtherListener[];
};

/** The message for a configuration with several workers. */
export const ONE_PROCESS =
  'One process serves, whatever the number of workers is. To use more processors, run several instances behind a ' +
  'proxy, each with a socket, a configuration and a lock file of its own';

/** A bound against typing errors. No machine has more processors. */
const MAX_WORKERS = 1024;

export const parseWorkers = wholeNumber('the number of workers', 1, MAX_WORKERS);

/** A bound against typing errors. No process can have more connections open. */
const MAX_CONNECTIONS_PER_SITE = 100_000;

export const parseConnectionsPerSite = wholeNumber('the number of connections', 1, MAX_CONNECTIONS_PER_SITE);

/** A certificate with its chain, and its private key, in PEM: the paths of the files. */
export type CertificateFiles = { readonly cert: string; readonly key: string };

/** With `acme`, we get the certificate ourselves: then both paths are the file in which it is kept. */
export type TlsSettings = CertificateFiles & { readonly acme?: OwnCertificateSettings | undefined };

/** The certificate that we get from an authority (ACME, RFC 8555). */
export type OwnCertificateSettings = {
  /** What it is for. A wildcard is allowed. */
  readonly names: readonly DomainName[];
  /** Where the authority writes to about the account. */
  readonly email: string | undefined;
  /** The URL of its directory. */
  readonly directory: string;
  /** An account that its operator has elsewhere (external account binding). */
  readonly externalAccount: { readonly keyId: string; readonly key: string } | undefined;
  /** The folder of the keys and of the certificate. */
  readonly data: string;
  /** Certificates of CAs that may have signed that of the directory, in PEM, beside those that Node.js trusts. */
  readonly ca: string | undefined;
  /** Where a challenge has to be seen before the authority is asked to look. Empty: the name servers of the zone. */
  readonly nameServers: readonly SocketAddress[];
};

/** A further socket: plain HTTP for devices without TLS, or another address. */
export type FurtherListener = {
  readonly socket: SocketAddress;
  /** True: HTTPS, with the certificate of the first socket. */
  readonly tls: boolean;
  /** The paths that are served there. Undefined: all. */
  readonly routes: readonly string[] | undefined;
};

/**
 * Who may do something: a holder of the key, a client from one of the networks, or one that is both if both are given.
 */
export type Grantee = {
  readonly key: TsigKey | undefined;
  /** Empty: from everywhere. */
  readonly networks: readonly Network[];
};

/** Who may update a zone (RFC 2136), and which part of it. Without names and subtrees: the whole zone. */
export type UpdateGrant = Grantee & {
  /** These names themselves. */
  readonly names: readonly DomainName[];
  /** These names and all below them. */
  readonly subtrees: readonly DomainName[];
  /** Numbers of RR types (28 is AAAA). Empty: all types. */
  readonly types: readonly number[];
};

/** A secondary that is told of every change (RFC 1996). */
export type NotifyTarget = {
  readonly socket: SocketAddress;
  /** Signs what is sent. */
  readonly key: TsigKey | undefined;
};

/** A zone of the built-in name server. Its name servers, hostmaster and TTLs are used when the zone is created. */
export type ServedZone = {
  readonly name: DomainName;
  /**
   * Its name servers. The first is the primary in the SOA record. Those with names in the zone need addresses (glue).
   */
  readonly servers: readonly { readonly name: DomainName; readonly addresses: readonly IpAddress[] }[];
  /** The mailbox of the operator of the zone, as a name: `hostmaster.example.org`, `jo\\.doe.example.org`. */
  readonly hostmaster: string;
  /** Time to live of the records that the zone is created with. */
  readonly ttl: Ttl;
  /** How long resolvers may keep a negative answer (RFC 2308). */
  readonly negativeTtl: Ttl;
  /** Empty: only dynonym itself changes the zone. */
  readonly updates: readonly UpdateGrant[];
  /** Who may transfer the zone (AXFR, IXFR). Empty: nobody. */
  readonly transfer: readonly Grantee[];
  readonly notify: readonly NotifyTarget[];
};

/** The built-in authoritative name server. */
export type NameServerSettings = {
  /** Served by UDP and by TCP. */
  readonly sockets: readonly SocketAddress[];
  /** The folder of the zone files and journals. */
  readonly data: string;
  /** True when there is no [dns]: then the addresses that clients report go into these zones. */
  readonly takesUpdates: boolean;
  readonly zones: readonly ServedZone[];
};

/** The socket for operators and their programs. */
export type AdminSettings = {
  readonly socket: SocketAddress;
  /** Undefined: no login is needed. */
  readonly login: { readonly user: string; readonly password: string } | undefined;
};

/** Pages for people, and an API for their programs. */
export type WebSettings = {
  /** The origin under which browsers reach them: `https://dyn.example.org`. */
  readonly url: string;
  /** Undefined: nobody signs in by a provider. */
  readonly oidc?: ProviderSettings | undefined;
};

/** An OpenID Connect provider. */
export type ProviderSettings = {
  /** Its address, exactly as it calls itself. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The claim whose value is kept with a user. */
  readonly claim: string;
  /** What people call the provider. */
  readonly name: string;
};

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type LogSettings = {
  /** The lowest level that is logged. */
  readonly level: LogLevel;
  /** The file that gets one line for each update request, at any level. Undefined: there is none. */
  readonly audit: string | undefined;
};

/** Challenges for certificates. */
export type AcmeSettings = {
  /** A zone that dynonym updates, with the challenge names of accounts for domains elsewhere. */
  readonly zone: DomainName;
};

/** What is remembered of names. */
export type HistorySettings = {
  /** The last events of each name that are kept. 0: nothing is remembered. */
  readonly events: number;
  readonly days: number;
  /** Undefined: beside the configuration. */
  readonly file: string | undefined;
  /** Whether name servers are asked after a change until all have it. */
  readonly visibility: boolean;
  /** Where a change has to be seen. Empty: on the name servers of the zone. */
  readonly nameServers: readonly SocketAddress[];
};

export const parseEventCount = wholeNumber('the number of events', 0, 10_000);

export const parseDays = wholeNumber('the number of days', 1, 3650);

function wholeNumber(what: string, least: number, most: number): (value: number | string) => Parsed<number> {
  return (value) => {
    const count = typeof value === 'string' && /^[1-9]\d{0,9}$/.test(value) ? Number(value) : value;
    return typeof count === 'number' && Number.isInteger(count) && count >= least && count <= most
      ? valid(count)
      : invalid(`${what} is a whole number from ${least} to ${most}`);
  };
}

/** The mail server that takes mails for everybody. */
export type MailSettings = {
  readonly host: string;
  readonly port: number;
  /** `implicit`: from the first octet; `starttls`: nothing is sent before STARTTLS; `none`: on this machine only. */
  readonly tls: 'implicit' | 'starttls' | 'none';
  /** The mail address of the sender. */
  readonly from: string;
  readonly login: { readonly user: string; readonly password: string } | undefined;
};

/** The database that keeps users and hosts, in place of the configuration. */
export type StoreSettings = {
  readonly address: DatabaseAddress;
  /** For how many milliseconds known users are served while the database is away. */
  readonly stale: number;
  /** The most users of whom copies are kept. */
  readonly cachedUsers: number;
};

export const DEFAULT_STORE = { stale: 900_000, cachedUsers: 100_000 } as const;

export const parseCachedUsers = wholeNumber('the number of users', 100, 10_000_000);

/** Everything in a configuration but users and hosts. */
export type Settings = {
  readonly http: HttpSettings;
  readonly dns: DnsSettings;
  /** Further primaries, each for zones of its own. */
  readonly servers: readonly Primary[];
  /** Undefined: no DNS is served. */
  readonly nameServer?: NameServerSettings | undefined;
  /** Undefined: there is no socket for operators, and nothing is counted. */
  readonly admin?: AdminSettings | undefined;
  /** Undefined: there are no pages, and no API. */
  readonly web?: WebSettings | undefined;
  /** Undefined: there are no accounts for domains elsewhere. */
  readonly acme?: AcmeSettings | undefined;
  /** Undefined: level `info`, and no audit log. */
  readonly log?: LogSettings | undefined;
  readonly history: HistorySettings;
  /** Where the operator's notices go. Undefined: nowhere. */
  readonly notices?: readonly NoticeTarget[] | undefined;
  /** Undefined: no mail is sent. */
  readonly mail?: MailSettings | undefined;
  /** Undefined: users and hosts are in the configuration. */
  readonly store?: StoreSettings | undefined;
};

/** The zones of the built-in name server that updates of clients do not reach, because [dns] takes the updates. */
export function bypassedZones({ nameServer }: Pick<Settings, 'nameServer'>): readonly DomainName[] {
  return nameServer === undefined || nameServer.takesUpdates ? [] : nameServer.zones.map(({ name }) => name);
}

/** The settings of an empty configuration. docs/configuration.md lists the same values. */
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
  web: undefined,
  log: { level: 'info', audit: undefined },
  history: { events: 100, days: 90, file: undefined, visibility: true, nameServers: [] },
  notices: [],
  mail: undefined,
  store: undefined,
};

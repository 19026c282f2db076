import type * as z from 'zod';
import {
  DEFAULT_SETTINGS,
  LOG_LEVELS,
  parseConnectionsPerSite,
  parseWorkers,
  TRANSPORTS,
} from '../../application/manage/settings.ts';
import type { PasswordHasher } from '../../application/ports/password-hasher.ts';
import { parseDomainName, parseZone } from '../../domain/domain-name.ts';
import { parseIpv6 } from '../../domain/ip-address.ts';
import { parsePrefixLength } from '../../domain/ipv6-prefix.ts';
import { parseNetwork } from '../../domain/network.ts';
import { parseServerSocket, parseSocketAddress } from '../../domain/socket-address.ts';
import { parseTsigAlgorithm, parseTsigSecret } from '../../domain/tsig-key.ts';
import { parseTtl } from '../../domain/ttl.ts';
import { parseTokenDigest, parseTokenName } from '../../domain/update-token.ts';
import { parseUserName } from '../../domain/user.ts';
import { nameServerSection } from './schema-name-server.ts';
import {
  anyText,
  type Issue,
  issuesOf,
  listOf,
  number,
  oneOf,
  section,
  tableOf,
  text,
  truth,
} from './schema-parts.ts';
import {
  followersOfThemselves,
  listenersOfHttp,
  loginOfAdmin,
  parseCertificates,
  parsePasswordHash,
  parseRoute,
  primariesWithoutZones,
  secretsOfTsig,
  sourcesOfCertificates,
  tokensOfOneName,
  tokensOfOneSecret,
  unusableHashes,
  zonesOfTwoPrimaries,
} from './schema-rules.ts';
import type { TomlTable } from './toml-reader.ts';

// The shape of the configuration, a section after the other; docs/configuration.md describes the same keys. A
// key that is left out means its default.

const domain = text(parseDomainName);

const tsig = section(
  {
    name: domain,
    algorithm: text(parseTsigAlgorithm).default('hmac-sha256'),
    secret: text(parseTsigSecret).optional(),
    secret_file: anyText.optional(),
  },
  secretsOfTsig,
);

const tls = section(
  { server_name: domain.optional(), ca: text(parseCertificates).optional(), ca_file: anyText.optional() },
  sourcesOfCertificates,
);

const primary = {
  socket: text(parseServerSocket),
  fallback_sockets: listOf(text(parseServerSocket)).default([]),
  transport: oneOf(TRANSPORTS).default(DEFAULT_SETTINGS.dns.transport),
  tls: tls.default({}),
  zones: listOf(text(parseZone)).default([]),
  tsig: tsig.optional(),
};

const dns = section(
  {
    ...primary,
    socket: primary.socket.default(DEFAULT_SETTINGS.dns.socket),
    ttl: number(parseTtl).default(DEFAULT_SETTINGS.dns.ttl),
    servers: listOf(section(primary)).default([]),
  },
  (table) => [...zonesOfTwoPrimaries(table), ...primariesWithoutZones(table)],
);

const http = section(
  {
    socket: text(parseSocketAddress).default(DEFAULT_SETTINGS.http.socket),
    workers: number(parseWorkers).default(DEFAULT_SETTINGS.http.workers),
    trusted_proxies: listOf(text(parseNetwork)).default([]),
    connections_per_site: number(parseConnectionsPerSite).default(DEFAULT_SETTINGS.http.connectionsPerSite),
    tls: section({ cert: anyText, key: anyText }).optional(),
    listeners: listOf(
      section({
        socket: text(parseSocketAddress),
        tls: truth.default(false),
        routes: listOf(text(parseRoute)).optional(),
      }),
    ).default([]),
  },
  listenersOfHttp,
);

const user = section(
  {
    pw: text(parsePasswordHash),
    domains: listOf(domain).default([]),
    offline: truth.default(false),
    networks: listOf(text(parseNetwork)).default([]),
    tokens: listOf(
      section({
        name: text(parseTokenName),
        sha256: text(parseTokenDigest),
        domains: listOf(domain).optional(),
      }),
    ).default([]),
  },
  tokensOfOneName,
);

const host = section({
  ttl: number(parseTtl).optional(),
  offline: truth.default(false),
  follows: domain.optional(),
  interface_id: text(parseIpv6).optional(),
  prefix_length: number(parsePrefixLength).optional(),
});

const admin = section(
  {
    socket: text(parseSocketAddress),
    user: text<string>(parseUserName).default('admin'),
    password: anyText.optional(),
    password_file: anyText.optional(),
  },
  loginOfAdmin,
);

const log = section({
  level: oneOf(LOG_LEVELS).default('info'),
  audit: anyText.optional(),
});

const configuration = section(
  {
    http: http.prefault(new Map()),
    dns: dns.prefault(new Map()),
    admin: admin.optional(),
    log: log.prefault(new Map()),
    nameserver: nameServerSection(tsig).optional(),
    users: tableOf(parseUserName, user),
    hosts: tableOf(parseDomainName, host),
  },
  (table) => [...tokensOfOneSecret(table), ...followersOfThemselves(table)],
);

/** What a file says, section by section and key by key, with all defaults. */
export type Configuration = z.output<typeof configuration> & {
  /** The section [dns] is there. Without it, updates go to the built-in name server, if there is one. */
  readonly hasDns: boolean;
};

/** Reads the values of a document. Without a configuration there are issues, and all that there are. */
export function judgeConfiguration(
  table: TomlTable,
  recognises: PasswordHasher['recognises'],
): {
  configuration?: Configuration;
  issues: readonly Issue[];
} {
  const judged = configuration.safeParse(table);
  const issues = [...issuesOf(judged), ...unusableHashes(table, recognises)];
  if (!judged.success || issues.length > 0) return { issues };
  return { configuration: { ...judged.data, hasDns: table.has('dns') }, issues: [] };
}

import type * as z from 'zod';
import { parseDatabaseAddress } from '../../application/manage/database-address.ts';
import {
  DEFAULT_SETTINGS,
  DEFAULT_STORE,
  LOG_LEVELS,
  parseCachedUsers,
  parseConnectionsPerSite,
  parseDays,
  parseEventCount,
  parseWorkers,
  TRANSPORTS,
} from '../../application/manage/settings.ts';
import { parseAccountZone } from '../../domain/challenge-name.ts';
import { parseDomainName, parseZone } from '../../domain/domain-name.ts';
import { durationText, parseDuration } from '../../domain/duration.ts';
import { parseIpv6 } from '../../domain/ip-address.ts';
import { parsePrefixLength } from '../../domain/ipv6-prefix.ts';
import { parseNetwork } from '../../domain/network.ts';
import { parseMailAddress } from '../../domain/notice.ts';
import {
  parsePasskeyId,
  parsePasskeyName,
  parsePublicKey,
  parseSignatureCounter,
} from '../../domain/passkey.ts';
import {
  parseHttpSocket,
  parseServerAddress,
  parseServerSocket,
  socketText,
} from '../../domain/socket-address.ts';
import { parseTsigAlgorithm, parseTsigSecret } from '../../domain/tsig-key.ts';
import { parseTtl } from '../../domain/ttl.ts';
import { parseTokenDigest, parseTokenName, TOKEN_USES } from '../../domain/update-token.ts';
import { parseIdentity, parseUserName } from '../../domain/user.ts';
import { parseIssuer, parseWebOrigin } from '../../domain/web-origin.ts';
import { nameServerSection } from './schema-name-server.ts';
import { mail, operatorsNotice, usersNotice } from './schema-notices.ts';
import {
  anyText,
  type Issue,
  issuesOf,
  listOf,
  number,
  oneOf,
  section,
  tableOfNames,
  text,
  truth,
} from './schema-parts.ts';
import { brokenRules, refusedValues, type ValueChecks } from './schema-rules.ts';
import {
  DEFAULT_DIRECTORY,
  parseCertificates,
  parseCertified,
  parseDirectory,
  parseInstant,
  parsePasswordHash,
} from './schema-values.ts';
import type { TomlTable } from './toml-value.ts';

// The sections of the configuration. docs/configuration.md describes the same keys. A key that is left out has its
// default.

const domain = text(parseDomainName);

const tsig = section({
  name: domain,
  algorithm: text(parseTsigAlgorithm).prefault('hmac-sha256'),
  secret: text(parseTsigSecret).optional(),
  secret_file: anyText.optional(),
});

const tls = section({
  server_name: domain.optional(),
  ca: text(parseCertificates).optional(),
  ca_file: anyText.optional(),
});

const primary = {
  socket: text(parseServerSocket),
  fallback_sockets: listOf(text(parseServerSocket)).prefault([]),
  transport: oneOf(TRANSPORTS).prefault(DEFAULT_SETTINGS.dns.transport),
  tls: tls.prefault({}),
  zones: listOf(text(parseZone)).prefault([]),
  tsig: tsig.optional(),
};

const dns = section({
  ...primary,
  socket: primary.socket.prefault(socketText(DEFAULT_SETTINGS.dns.socket)),
  ttl: number(parseTtl).prefault(DEFAULT_SETTINGS.dns.ttl),
  servers: listOf(section(primary)).prefault([]),
});

/** Either `cert` and `key`, or `acme`: {@link brokenRules} requires that. */
const https = section({
  cert: anyText.optional(),
  key: anyText.optional(),
  acme: section({
    names: listOf(text(parseCertified)),
    email: text(parseMailAddress).optional(),
    directory: text(parseDirectory).prefault(DEFAULT_DIRECTORY),
    eab_key_id: anyText.optional(),
    eab_key_file: anyText.optional(),
    data: anyText.prefault('acme'),
    ca_file: anyText.optional(),
    name_servers: listOf(text(parseServerAddress)).prefault([]),
  }).optional(),
});

const http = section({
  socket: text(parseHttpSocket).prefault(socketText(DEFAULT_SETTINGS.http.socket)),
  workers: number(parseWorkers).prefault(DEFAULT_SETTINGS.http.workers),
  trusted_proxies: listOf(text(parseNetwork)).prefault([]),
  connections_per_site: number(parseConnectionsPerSite).prefault(DEFAULT_SETTINGS.http.connectionsPerSite),
  tls: https.optional(),
  listeners: listOf(
    section({
      socket: text(parseHttpSocket),
      tls: truth.prefault(false),
      routes: listOf(anyText).optional(),
    }),
  ).prefault([]),
});

const silence = {
  expect: text(parseDuration).optional(),
  offline_after: text(parseDuration).optional(),
};

const user = section({
  pw: text(parsePasswordHash),
  domains: listOf(domain).prefault([]),
  offline: truth.prefault(false),
  networks: listOf(text(parseNetwork)).prefault([]),
  tokens: listOf(
    section({
      name: text(parseTokenName),
      sha256: text(parseTokenDigest),
      domains: listOf(domain).optional(),
      use: oneOf(TOKEN_USES).prefault('updates'),
      networks: listOf(text(parseNetwork)).prefault([]),
      challenge: domain.optional(),
    }),
  ).prefault([]),
  passkeys: listOf(
    section({
      name: text(parsePasskeyName),
      id: text(parsePasskeyId),
      key: text(parsePublicKey),
      counter: number(parseSignatureCounter).prefault(0),
      added: text(parseInstant),
      used: text(parseInstant).optional(),
    }),
  ).prefault([]),
  oidc: text(parseIdentity).optional(),
  admin: truth.prefault(false),
  certificates: truth.optional(),
  ...silence,
  notices: listOf(usersNotice).prefault([]),
});

const host = section({
  ttl: number(parseTtl).optional(),
  offline: truth.prefault(false),
  follows: domain.optional(),
  interface_id: text(parseIpv6).optional(),
  prefix_length: number(parsePrefixLength).optional(),
  ...silence,
});

const admin = section({
  socket: text(parseHttpSocket),
  user: text<string>(parseUserName).prefault('admin'),
  password: anyText.optional(),
  password_file: anyText.optional(),
});

const web = section({
  url: text(parseWebOrigin),
  oidc: section({
    issuer: text(parseIssuer),
    client_id: anyText,
    client_secret_file: anyText,
    claim: anyText.prefault('sub'),
    name: anyText.optional(),
  }).optional(),
});

const log = section({
  level: oneOf(LOG_LEVELS).prefault('info'),
  audit: anyText.optional(),
});

const history = section({
  events: number(parseEventCount).prefault(DEFAULT_SETTINGS.history.events),
  days: number(parseDays).prefault(DEFAULT_SETTINGS.history.days),
  file: anyText.optional(),
  visibility: truth.prefault(DEFAULT_SETTINGS.history.visibility),
  name_servers: listOf(text(parseServerAddress)).prefault([]),
});

/** Either `postgres` or `postgres_file`: {@link brokenRules} requires that. */
const store = section({
  postgres: text(parseDatabaseAddress).optional(),
  postgres_file: anyText.optional(),
  stale: text(parseDuration).prefault(durationText(DEFAULT_STORE.stale)),
  cached_users: number(parseCachedUsers).prefault(DEFAULT_STORE.cachedUsers),
});

export const configuration = section({
  http: http.prefault({}),
  dns: dns.prefault({}),
  acme: section({ zone: text(parseAccountZone) }).optional(),
  admin: admin.optional(),
  web: web.optional(),
  log: log.prefault({}),
  history: history.prefault({}),
  nameserver: nameServerSection(tsig).optional(),
  notices: listOf(operatorsNotice).prefault([]),
  mail: mail.optional(),
  store: store.optional(),
  users: tableOfNames(parseUserName, user),
  hosts: tableOfNames(parseDomainName, host),
});

/** What a file says, by section and key, with all defaults. */
export type Configuration = z.output<typeof configuration> & {
  /** True when the section [dns] exists. Without it, updates go to the built-in name server, if there is one. */
  readonly hasDns: boolean;
};

/** Reads the values of a document. When there are issues, these are all of them, and there is no configuration. */
export function judgeConfiguration(
  table: TomlTable,
  checks: ValueChecks,
): {
  configuration?: Configuration;
  issues: readonly Issue[];
} {
  const judged = configuration.safeParse(table);
  const issues = [...issuesOf(judged), ...brokenRules(table), ...refusedValues(table, checks)];
  if (!judged.success || issues.length > 0) return { issues };
  return { configuration: { ...judged.data, hasDns: Object.hasOwn(table, 'dns') }, issues: [] };
}

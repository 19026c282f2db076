/**
 * What other programs import: the use cases, the ports, and the adapters behind them. docs/library.md shows
 * how they go together.
 */

// The values and rules of the domain.

export { type DomainName, domainName, parseDomainName } from './domain/domain-name.ts';
export { DynonymError, type Invalid, type Parsed } from './domain/errors.ts';
export type { HostChange, HostSettings } from './domain/host-settings.ts';
export {
  type AddressFamily,
  type IpAddress,
  type Ipv4Address,
  type Ipv6Address,
  parseIpAddress,
  parseIpv4,
  parseIpv6,
} from './domain/ip-address.ts';
export { type Ipv6Prefix, isDelegatedLength, parseIpv6Prefix } from './domain/ipv6-prefix.ts';
export { isInNetwork, type Network, parseNetwork } from './domain/network.ts';
export { type Password, parsePassword } from './domain/password.ts';
export type { GrantedDomains, Principal } from './domain/principal.ts';
export type { AddressType, NameChange, RecordSet, RecordSetChange } from './domain/record-set.ts';
export { parseSocketAddress, type SocketAddress, socketText } from './domain/socket-address.ts';
export {
  parseTsigAlgorithm,
  parseTsigSecret,
  TSIG_ALGORITHMS,
  type TsigAlgorithm,
  type TsigKey,
} from './domain/tsig-key.ts';
export { parseTtl, type Ttl, ttl } from './domain/ttl.ts';
export type { UpdateToken } from './domain/update-token.ts';
export { parseUserName, type User, type UserName } from './domain/user.ts';

// The ports, each whole: an adapter of another program needs every type that is named there.

export * from './application/ports/clock.ts';
export * from './application/ports/closing.ts';
export * from './application/ports/credential-memory.ts';
export * from './application/ports/dns-updater.ts';
export * from './application/ports/host-store.ts';
export * from './application/ports/listener.ts';
export * from './application/ports/logger.ts';
export * from './application/ports/login-limits.ts';
export * from './application/ports/metrics.ts';
export * from './application/ports/password-hasher.ts';
export * from './application/ports/primary-health.ts';
export * from './application/ports/primary-probe.ts';
export * from './application/ports/primary-reach.ts';
export * from './application/ports/process-lock.ts';
export * from './application/ports/secret-place.ts';
export * from './application/ports/settings-store.ts';
export * from './application/ports/token-mint.ts';
export * from './application/ports/user-store.ts';
export * from './application/ports/zone-archive.ts';

// The settings, and the fault that the ports towards the DNS speak of.

export * from './application/manage/settings.ts';
export { DNS_FAULT_CODES, DnsFault, type DnsFaultCode } from './application/ports/dns-fault.ts';

// The use cases.

export {
  type CheckedDomain,
  CheckPrimaries,
  type DomainFinding,
} from './application/check/check-primaries.ts';
export { CheckRights, type RightsFinding } from './application/check/check-rights.ts';
export { CheckZones } from './application/check/check-zones.ts';
export { type PrimaryReadiness, ReportReadiness } from './application/check/report-readiness.ts';
export {
  AuthenticateUser,
  type Authentication,
  type Credentials,
} from './application/login/authenticate-user.ts';
export { Configure } from './application/manage/configure.ts';
export { type ManagedHost, ManageHosts } from './application/manage/manage-hosts.ts';
export { ManageUsers, type TokenOutcome, type TokenRequest } from './application/manage/manage-users.ts';
export { RunService, type ServiceOutcome } from './application/service/run-service.ts';
export type { WantedName, WantedRecordSet } from './application/update/plan-change.ts';
export { ReconcileRecords, type Reconciliation } from './application/update/reconcile-records.ts';
export {
  type HostOutcome,
  UpdateRecord,
  type UpdateRequest,
  type UpdateSettings,
} from './application/update/update-record.ts';
export type { HostUpdate, WantedAddress } from './application/update/wanted-names.ts';

// What the use cases share, and decorators of the ports.

export { FairQueue, type FairQueueLimits } from './application/login/fair-queue.ts';
export { MemoryLoginLimits } from './application/login/memory-login-limits.ts';
export { VerifyPassword } from './application/login/verify-password.ts';
export { CurrentSettings } from './application/manage/current-settings.ts';
export { WatchSettings } from './application/manage/watch-settings.ts';
export { BatchingDnsUpdater } from './application/update/batching-dns-updater.ts';
export { MeteredDnsUpdater } from './application/update/metered-dns-updater.ts';
export { type OpenDnsUpdater, ReplaceableDnsUpdater } from './application/update/replaceable-dns-updater.ts';

// The adapters.

export { FileProcessLock } from './adapters/file-lock/file-process-lock.ts';
export { createApp } from './adapters/http/app.ts';
export { HTTP_LIMITS, type HttpLimits, HttpListener } from './adapters/http/http-listener.ts';
export type { ListeningPlace } from './adapters/http/listening-place.ts';
export type { UpdateServices } from './adapters/http/update-services.ts';
export { NameServerDnsUpdater } from './adapters/name-server/name-server-dns-updater.ts';
export { type OpenNameServer, openNameServer } from './adapters/name-server/open-name-server.ts';
export { ZoneFolder } from './adapters/name-server/zone-folder.ts';
export type { ZoneStore, ZoneStorePorts } from './adapters/name-server/zone-store.ts';
export { PrometheusMetrics } from './adapters/prometheus/prometheus-metrics.ts';
export { createRfc2136DnsUpdater } from './adapters/rfc2136/create-rfc2136-dns-updater.ts';
export { Rfc2136PrimaryProbe } from './adapters/rfc2136/probe/rfc2136-primary-probe.ts';
export { Rfc2136PrimaryReach } from './adapters/rfc2136/probe/rfc2136-primary-reach.ts';
export { Argon2PasswordHasher } from './adapters/system/argon2-password-hasher.ts';
export { FileSecretPlace } from './adapters/system/file-secret-place.ts';
export { KeyedCredentialMemory } from './adapters/system/keyed-credential-memory.ts';
export { type LogForm, PinoLogger, standardErrorLogger } from './adapters/system/pino-logger.ts';
export { RandomTokenMint } from './adapters/system/random-token-mint.ts';
export { SystemClock } from './adapters/system/system-clock.ts';
export { ConfigurationFault } from './adapters/toml/configuration-fault.ts';
export { TomlFile } from './adapters/toml/toml-file.ts';
export { TomlHostStore } from './adapters/toml/toml-host-store.ts';
export { TomlSettingsStore } from './adapters/toml/toml-settings-store.ts';
export { TomlUserStore } from './adapters/toml/toml-user-store.ts';

// The composition root.

export {
  createContainer,
  type Files,
  loadService,
  loadSettings,
} from './adapters/inversify/create-container.ts';
export { Shutdown } from './adapters/inversify/shutdown.ts';
export { type Token, tokens } from './adapters/inversify/tokens.ts';

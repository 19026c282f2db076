/**
 * What other programs import: the use cases, the ports, and the adapters behind them. docs/library.md shows
 * how they go together.
 */

export { FileProcessLock } from './adapters/file-lock/file-process-lock.ts';
export { createApp } from './adapters/http/app.ts';
export { HttpListener } from './adapters/http/http-listener.ts';
export { createContainer, type Files, loadService } from './adapters/inversify/create-container.ts';
export { type Token, tokens } from './adapters/inversify/tokens.ts';
export { createRfc2136DnsUpdater } from './adapters/rfc2136/create-rfc2136-dns-updater.ts';
export { Argon2PasswordHasher } from './adapters/system/argon2-password-hasher.ts';
export { KeyedCredentialMemory } from './adapters/system/keyed-credential-memory.ts';
export { PinoLogger, standardErrorLogger } from './adapters/system/pino-logger.ts';
export { RandomTokenMint } from './adapters/system/random-token-mint.ts';
export { SystemClock } from './adapters/system/system-clock.ts';
export { ConfigurationFault } from './adapters/toml/configuration-fault.ts';
export { TomlFile } from './adapters/toml/toml-file.ts';
export { TomlHostStore } from './adapters/toml/toml-host-store.ts';
export { TomlSettingsStore } from './adapters/toml/toml-settings-store.ts';
export { TomlUserStore } from './adapters/toml/toml-user-store.ts';
export { AuthenticateUser, type Authentication, type Credentials } from './application/authenticate-user.ts';
export { BatchingDnsUpdater } from './application/batching-dns-updater.ts';
export { Configure } from './application/configure.ts';
export { CurrentSettings } from './application/current-settings.ts';
export { DnsFault, type DnsFaultCode } from './application/dns-fault.ts';
export { FairQueue, type FairQueueLimits } from './application/fair-queue.ts';
export { LoginLimiter, type LoginLimits } from './application/login-limiter.ts';
export { ManageHosts } from './application/manage-hosts.ts';
export { ManageUsers } from './application/manage-users.ts';
export type { WantedName, WantedRecordSet } from './application/plan-change.ts';
export type { Clock, Deadline } from './application/ports/clock.ts';
export type { Closing } from './application/ports/closing.ts';
export { type CredentialMemory, noCredentialMemory } from './application/ports/credential-memory.ts';
export type { ChangeResult, DnsFailure, DnsResult, DnsUpdater } from './application/ports/dns-updater.ts';
export type { HostStore } from './application/ports/host-store.ts';
export type { Listener } from './application/ports/listener.ts';
export { type LogFields, type Logger, noLogger } from './application/ports/logger.ts';
export { type Metrics, noMetrics } from './application/ports/metrics.ts';
export type { PasswordHasher } from './application/ports/password-hasher.ts';
export type { LockOutcome, ProcessLock } from './application/ports/process-lock.ts';
export type { SettingsStore } from './application/ports/settings-store.ts';
export type { TokenMint } from './application/ports/token-mint.ts';
export type { UserStore } from './application/ports/user-store.ts';
export { ReconcileRecords, type Reconciliation } from './application/reconcile-records.ts';
export { RunService, type ServiceOutcome } from './application/run-service.ts';
export {
  DEFAULT_SETTINGS,
  type DnsSettings,
  type HttpSettings,
  type Primary,
  type Settings,
  type Transport,
} from './application/settings.ts';
export {
  type HostOutcome,
  type HostUpdate,
  UpdateRecord,
  type UpdateRequest,
  type WantedAddress,
} from './application/update-record.ts';
export { VerifyPassword } from './application/verify-password.ts';
export { type DomainName, domainName, parseDomainName } from './domain/domain-name.ts';
export { DynonymError, type Invalid, type Parsed } from './domain/errors.ts';
export type { Host } from './domain/host.ts';
export {
  type IpAddress,
  type Ipv4Address,
  type Ipv6Address,
  parseIpAddress,
  parseIpv4,
  parseIpv6,
} from './domain/ip-address.ts';
export { type Ipv6Prefix, isDelegatedLength, parseIpv6Prefix } from './domain/ipv6-prefix.ts';
export { isInNetwork, type Network, parseNetwork } from './domain/network.ts';
export type { Principal } from './domain/principal.ts';
export type { AddressType, NameChange, RecordSet, RecordSetChange } from './domain/record-set.ts';
export { parseSocketAddress, type SocketAddress } from './domain/socket-address.ts';
export { TSIG_ALGORITHMS, type TsigAlgorithm, type TsigKey } from './domain/tsig-key.ts';
export { parseTtl, type Ttl, ttl } from './domain/ttl.ts';
export type { UpdateToken } from './domain/update-token.ts';
export { parseUserName, type User, type UserName } from './domain/user.ts';

/**
 * What other programs import: the domain, the ports, the main use cases, and the container. Adapters are reached
 * through the tokens of the container. docs/library.md has examples.
 */

// The domain: values, the functions that read them, and the error class of the program.

export { challengeNameOf, parseChallengeValue } from './domain/challenge-name.ts';
export { type DomainName, domainName, parseDomainName } from './domain/domain-name.ts';
export { DynonymError } from './domain/errors.ts';
export type { HostSettings } from './domain/host-settings.ts';
export { type IpAddress, parseIpAddress, parseIpv4, parseIpv6 } from './domain/ip-address.ts';
export { type Ipv6Prefix, parseIpv6Prefix } from './domain/ipv6-prefix.ts';
export { type Network, parseNetwork } from './domain/network.ts';
export { type Password, parsePassword } from './domain/password.ts';
export type { Principal } from './domain/principal.ts';
export type { NameChange, RecordSet } from './domain/record-set.ts';
export { parseTtl, type Ttl } from './domain/ttl.ts';
export type { TxtValue } from './domain/txt-value.ts';
export { parseUserName, type User, type UserName } from './domain/user.ts';

// The settings, as the configuration file has them.

export type { Settings } from './application/manage/settings.ts';

// The ports, and the fault of DnsUpdater.

export type { Challenge, ChallengeStore } from './application/ports/challenge-store.ts';
export type { Clock } from './application/ports/clock.ts';
export type { CredentialMemory } from './application/ports/credential-memory.ts';
export { DnsFault } from './application/ports/dns-fault.ts';
export type { DnsUpdater } from './application/ports/dns-updater.ts';
export type { HostStore } from './application/ports/host-store.ts';
export type { Listener } from './application/ports/listener.ts';
export { type Logger, noLogger } from './application/ports/logger.ts';
export type { LoginLimits } from './application/ports/login-limits.ts';
export type { Metrics, MetricsReport } from './application/ports/metrics.ts';
export type { NoticeOutcome, NoticeSender } from './application/ports/notice-sender.ts';
export type { NoticeStore, PendingNotice } from './application/ports/notice-store.ts';
export type { PasswordHasher } from './application/ports/password-hasher.ts';
export type { PrimaryHealth } from './application/ports/primary-health.ts';
export type { PrimaryProbe } from './application/ports/primary-probe.ts';
export type { PrimaryReach } from './application/ports/primary-reach.ts';
export type { ProcessLock } from './application/ports/process-lock.ts';
export type { SecretPlace } from './application/ports/secret-place.ts';
export type { SettingsStore } from './application/ports/settings-store.ts';
export type { TokenMint } from './application/ports/token-mint.ts';
export type { UserStore } from './application/ports/user-store.ts';

// The types of the main use cases. The container makes their instances.

export type { AnswerChallenges, ChallengeOutcome } from './application/certificates/answer-challenges.ts';
export type { AuthenticateUser } from './application/login/authenticate-user.ts';
export type { ManageHosts } from './application/manage/manage-hosts.ts';
export type { ManageUsers } from './application/manage/manage-users.ts';
export type { RunService } from './application/service/run-service.ts';
export type { HostOutcome } from './application/update/host-outcome.ts';
export type { UpdateRecord } from './application/update/update-record.ts';
export type { UpdateRequest } from './application/update/update-request.ts';

// The container.

export { createContainer, loadService, loadSettings, type Services } from './adapters/inversify/library.ts';
export { type Token, tokens } from './adapters/inversify/tokens.ts';

import type { RequestedHosts } from '../../application/cache/known-hosts.ts';
import type { RequestedUsers } from '../../application/cache/known-users.ts';
import type { TrustedCopies } from '../../application/cache/trusted-copies.ts';
import type { AnswerChallenges } from '../../application/certificates/answer-challenges.ts';
import type { ChallengeRecords } from '../../application/certificates/challenge-records.ts';
import type { AccountZone, ChallengeRights } from '../../application/certificates/challenge-rights.ts';
import type { KeepCertificate } from '../../application/certificates/keep-certificate.ts';
import type { RegisterAccount } from '../../application/certificates/register-account.ts';
import type { CheckAll } from '../../application/check/check-all.ts';
import type { CheckCertificate } from '../../application/check/check-certificate.ts';
import type { CheckConfiguration } from '../../application/check/check-configuration.ts';
import type { CheckPrimaries } from '../../application/check/check-primaries.ts';
import type { ReportReadiness } from '../../application/check/report-readiness.ts';
import type { WarnOfConfiguration } from '../../application/check/warn-of-configuration.ts';
import type { CountReports } from '../../application/history/count-reports.ts';
import type { HistoryAsSeen } from '../../application/history/history-as-seen.ts';
import type { ListNames } from '../../application/history/list-names.ts';
import type { TakeOff } from '../../application/history/take-off.ts';
import type { WatchArrivals } from '../../application/history/watch-arrivals.ts';
import type { AuthenticateUser } from '../../application/login/authenticate-user.ts';
import type { Passkeys } from '../../application/login/passkeys.ts';
import type { Sessions } from '../../application/login/sessions.ts';
import type { SignInByProvider } from '../../application/login/sign-in-by-provider.ts';
import type { Configure } from '../../application/manage/configure.ts';
import type { CurrentSettings } from '../../application/manage/current-settings.ts';
import type { Deeds } from '../../application/manage/deeds.ts';
import type { EndFollowing } from '../../application/manage/end-following.ts';
import type { FreeNames } from '../../application/manage/free-names.ts';
import type { ImportUsers } from '../../application/manage/import-users.ts';
import type { ListPeople } from '../../application/manage/list-people.ts';
import type { ManageAs } from '../../application/manage/manage-as.ts';
import type { ManageHosts } from '../../application/manage/manage-hosts.ts';
import type { ManageUsers } from '../../application/manage/manage-users.ts';
import type { LogLevel, Settings } from '../../application/manage/settings.ts';
import type { WatchSettings } from '../../application/manage/watch-settings.ts';
import type { NoticeTargets } from '../../application/notices/notice-targets.ts';
import type { SendNotices } from '../../application/notices/send-notices.ts';
import type { TestNotices } from '../../application/notices/test-notices.ts';
import type { AuthoritativeServers } from '../../application/ports/authoritative-servers.ts';
import type { CertificateHealth } from '../../application/ports/certificate-health.ts';
import type { ChallengeStore } from '../../application/ports/challenge-store.ts';
import type { ChangeLog } from '../../application/ports/change-log.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { ConfirmationSender } from '../../application/ports/confirmation-sender.ts';
import type { CredentialMemory } from '../../application/ports/credential-memory.ts';
import type { DnsUpdater } from '../../application/ports/dns-updater.ts';
import type { EntryWatch } from '../../application/ports/entry-watch.ts';
import type { Events } from '../../application/ports/events.ts';
import type { History } from '../../application/ports/history.ts';
import type { HostStore } from '../../application/ports/host-store.ts';
import type { IdentityProvider } from '../../application/ports/identity-provider.ts';
import type { InvitationStore } from '../../application/ports/invitation-store.ts';
import type { Lease } from '../../application/ports/lease.ts';
import type { Listener } from '../../application/ports/listener.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { LoginLimits } from '../../application/ports/login-limits.ts';
import type { ManagementHistory } from '../../application/ports/management-history.ts';
import type { Metrics, MetricsReport } from '../../application/ports/metrics.ts';
import type { NameUse } from '../../application/ports/name-use.ts';
import type { NoticeSender } from '../../application/ports/notice-sender.ts';
import type { NoticeStore } from '../../application/ports/notice-store.ts';
import type { PasskeyVerifier } from '../../application/ports/passkey-verifier.ts';
import type { PasswordHasher } from '../../application/ports/password-hasher.ts';
import type { PendingSignIns } from '../../application/ports/pending-sign-ins.ts';
import type { PrimaryHealth } from '../../application/ports/primary-health.ts';
import type { PrimaryProbe } from '../../application/ports/primary-probe.ts';
import type { PrimaryReach } from '../../application/ports/primary-reach.ts';
import type { ProcessLock } from '../../application/ports/process-lock.ts';
import type { SecretPlace } from '../../application/ports/secret-place.ts';
import type { SessionStore } from '../../application/ports/session-store.ts';
import type { SettingsStore } from '../../application/ports/settings-store.ts';
import type { SharedArrivals } from '../../application/ports/shared-arrivals.ts';
import type { TokenMint } from '../../application/ports/token-mint.ts';
import type { UserStore } from '../../application/ports/user-store.ts';
import type { WatchedNames } from '../../application/ports/watched-names.ts';
import type { RunService } from '../../application/service/run-service.ts';
import type { NameTurns } from '../../application/turns/name-turns.ts';
import type { ReconcileRecords } from '../../application/update/reconcile-records.ts';
import type { UpdateRecord } from '../../application/update/update-record.ts';
import type { Parsed } from '../../domain/errors.ts';
import type { Shutdown } from './shutdown.ts';

/**
 * A symbol with the type of what is bound to it. The container knows the type of constructors only, so a token has the
 * type of one. Then a wrong class, a wrong order or a missing dependency is an error of the compiler.
 */
export type Token<T> = abstract new () => T;

const token = <T>(description: string): Token<T> => Symbol(description) as unknown as Token<T>;

/**
 * A middleware of Koa that shows pages. None of Koa's types is named here, since a program that imports the library does
 * not have them.
 */
export type Page = (context: never, next: () => Promise<unknown>) => unknown;

export type Pages = {
  readonly pages: readonly Page[];
  /** They answer to paths at which nothing is served. */
  readonly otherwise: readonly Page[];
};

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The parts of an OpenAPI 3.1 document that our API uses. The API writes it, and a page shows it. */
export type OpenApi = {
  readonly openapi: string;
  readonly info: Readonly<Record<'title' | 'version' | 'description', string>>;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, unknown>>;
    /** Everything that can go wrong. */
    readonly examples: Readonly<Record<string, { readonly summary: string; readonly value: JsonSchema }>>;
  };
};

export type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly security: readonly { readonly token: readonly string[] }[];
  readonly parameters: readonly OperationParameter[];
  readonly requestBody?: { readonly content: OperationContent };
  readonly responses: Readonly<Record<number, OperationResponse>>;
};

export type OperationParameter = {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly description?: string | undefined;
  readonly required?: boolean;
  readonly schema: JsonSchema;
};

export type OperationResponse = {
  readonly description: string;
  readonly headers?: JsonSchema;
  readonly content?: OperationContent;
};

type OperationContent = Readonly<
  Record<string, { readonly schema: JsonSchema; readonly examples?: JsonSchema }>
>;

/** Everything that the container knows. A test resolves every token. */
export const tokens = {
  /** Path of the configuration file. */
  configurationFile: token<string>('configurationFile'),
  /** The version of this program. */
  version: token<string>('version'),
  /** Path of the lock file. */
  lockFile: token<string>('lockFile'),
  /** The settings at the start of the program. Only for values that cannot change while it runs. */
  settings: token<Settings>('settings'),
  currentSettings: token<CurrentSettings>('currentSettings'),

  userStore: token<UserStore>('userStore'),
  hostStore: token<HostStore>('hostStore'),
  /** Which challenge values are ours. */
  challengeStore: token<ChallengeStore>('challengeStore'),
  /** Who is signed in to the pages. */
  sessionStore: token<SessionStore>('sessionStore'),
  sessions: token<Sessions>('sessions'),
  /** Links that were given out to people. */
  invitationStore: token<InvitationStore>('invitationStore'),
  listPeople: token<ListPeople>('listPeople'),
  freeNames: token<FreeNames>('freeNames'),
  nameUse: token<NameUse>('nameUse'),
  /** What others change in the stores of users and hosts. Empty where these are in files, which know it themselves. */
  changeLogs: token<readonly ChangeLog[]>('changeLogs'),
  /** Says whether copies of users and hosts may be believed. At most one. Empty without [store]: nobody keeps copies then. */
  trustedCopies: token<readonly TrustedCopies[]>('trustedCopies'),
  /** The users as requests of clients ask for them. */
  requestedUsers: token<RequestedUsers>('requestedUsers'),
  /** What is known of names, as requests of clients ask for it. */
  requestedHosts: token<RequestedHosts>('requestedHosts'),
  settingsStore: token<SettingsStore>('settingsStore'),
  /** Rejects when what keeps users and hosts is not there, or not of this version. */
  checkStore: token<() => Promise<void>>('checkStore'),
  noticeStore: token<NoticeStore>('noticeStore'),
  noticeSender: token<NoticeSender>('noticeSender'),
  /** Asks whether notices may go to a mailbox. */
  confirmationSender: token<ConfirmationSender>('confirmationSender'),
  /** Reads a path that a listener may be limited to. */
  parseRoute: token<(path: string) => Parsed<string>>('parseRoute'),
  processLock: token<ProcessLock>('processLock'),
  passwordHasher: token<PasswordHasher>('passwordHasher'),
  tokenMint: token<TokenMint>('tokenMint'),
  credentialMemory: token<CredentialMemory>('credentialMemory'),
  clock: token<Clock>('clock'),
  logger: token<Logger>('logger'),
  setLogLevel: token<(level: LogLevel) => void>('setLogLevel'),
  /** Gets one line for each update request, when the operator wants a file of them. */
  audit: token<Logger>('audit'),
  dnsUpdater: token<DnsUpdater>('dnsUpdater'),
  authoritativeServers: token<AuthoritativeServers>('authoritativeServers'),
  primaryProbe: token<PrimaryProbe>('primaryProbe'),
  primaryReach: token<PrimaryReach>('primaryReach'),
  primaryHealth: token<PrimaryHealth>('primaryHealth'),
  /** Is told what happens, and tells the listeners. */
  events: token<Events>('events'),
  history: token<History>('history'),
  historyAsSeen: token<HistoryAsSeen>('historyAsSeen'),
  listNames: token<ListNames>('listNames'),
  /** Tells people what has come from the device that they are setting up. */
  watchArrivals: token<WatchArrivals>('watchArrivals'),
  countReports: token<CountReports>('countReports'),
  /** Brings what comes to one of several processes to the others. */
  sharedArrivals: token<SharedArrivals>('sharedArrivals'),
  /** As of `stateOf`. */
  watchedSince: token<() => number | undefined>('watchedSince'),
  managementHistory: token<ManagementHistory>('managementHistory'),
  /** Writes changes of users, hosts and settings into the audit log. */
  managementAudit: token<Events>('managementAudit'),
  takeOff: token<TakeOff>('takeOff'),
  watchedNames: token<WatchedNames>('watchedNames'),
  watchSilence: token<Listener>('watchSilence'),
  forgetUsers: token<Listener>('forgetUsers'),
  eventListeners: token<readonly Events[]>('eventListeners'),
  metrics: token<Metrics>('metrics'),
  metricsReport: token<MetricsReport>('metricsReport'),
  secretPlace: token<SecretPlace>('secretPlace'),

  /** What has to be known when a browser comes back. */
  pendingSignIns: token<PendingSignIns>('pendingSignIns'),
  passkeyVerifier: token<PasskeyVerifier>('passkeyVerifier'),
  passkeys: token<Passkeys>('passkeys'),
  /** At most one: empty when the configuration has no [web.oidc]. */
  identityProviders: token<readonly IdentityProvider[]>('identityProviders'),
  /** One for each provider. */
  signInByProvider: token<readonly SignInByProvider[]>('signInByProvider'),
  /** Pages for people. Empty when the configuration has no [web]. */
  pages: token<Pages>('pages'),
  /** The API for programs. Empty when the configuration has no [web]. */
  api: token<readonly Page[]>('api'),
  /** Describes the API where it is reached at this address. A page shows it. */
  describeApi: token<(url: URL) => OpenApi>('describeApi'),
  httpListener: token<Listener>('httpListener'),
  /** Empty when the configuration has no [admin]. */
  adminListeners: token<readonly Listener[]>('adminListeners'),
  entryWatch: token<EntryWatch>('entryWatch'),
  watchSettings: token<WatchSettings>('watchSettings'),
  /** Whether this process does what only one of several shall do. */
  lease: token<Lease>('lease'),
  /** What works for a store that several processes share. Empty without one. */
  storeListeners: token<readonly Listener[]>('storeListeners'),
  /** All listeners, in the order in which they start. */
  listeners: token<readonly Listener[]>('listeners'),
  shutdown: token<Shutdown>('shutdown'),

  /** Remembers which wrong credentials of users were counted. */
  wrongCredentials: token<CredentialMemory>('wrongCredentials'),
  /** For the credentials of users. */
  loginLimits: token<LoginLimits>('loginLimits'),
  /** For the login of the operator, which is counted separately. */
  operatorLoginLimits: token<LoginLimits>('operatorLoginLimits'),
  authenticateUser: token<AuthenticateUser>('authenticateUser'),
  /** Shared by all use cases that change names or users, so that the work for each is done in order. */
  nameTurns: token<NameTurns>('nameTurns'),
  challengeRecords: token<ChallengeRecords>('challengeRecords'),
  /** How the certificate of our own HTTPS is. */
  certificateHealth: token<CertificateHealth>('certificateHealth'),
  /** Gets and renews the certificate of our own HTTPS. Empty when the configuration has no [http.tls.acme]. */
  certificateKeepers: token<readonly KeepCertificate[]>('certificateKeepers'),
  answerChallenges: token<AnswerChallenges>('answerChallenges'),
  registerAccount: token<RegisterAccount>('registerAccount'),
  challengeRights: token<ChallengeRights>('challengeRights'),
  accountZone: token<AccountZone>('accountZone'),
  sweepChallenges: token<Listener>('sweepChallenges'),
  reconcileRecords: token<ReconcileRecords>('reconcileRecords'),
  updateRecord: token<UpdateRecord>('updateRecord'),
  /** Tells what is done by way of this program. */
  deeds: token<Deeds>('deeds'),
  /** For pages and the API, where many people change things. */
  manageAs: token<ManageAs>('manageAs'),
  manageUsers: token<ManageUsers>('manageUsers'),
  endFollowing: token<EndFollowing>('endFollowing'),
  importUsers: token<ImportUsers>('importUsers'),
  manageHosts: token<ManageHosts>('manageHosts'),
  configure: token<Configure>('configure'),
  /** What `check` finds about zones and names: at the primaries, or in our own zones. */
  checkNames: token<Pick<CheckPrimaries, 'run'>>('checkNames'),
  checkCertificate: token<CheckCertificate>('checkCertificate'),
  /** What a server logs of its configuration, at the start and later. */
  warnOfConfiguration: token<WarnOfConfiguration>('warnOfConfiguration'),
  checkConfiguration: token<CheckConfiguration>('checkConfiguration'),
  checkAll: token<CheckAll>('checkAll'),
  reportReadiness: token<ReportReadiness>('reportReadiness'),
  noticeTargets: token<NoticeTargets>('noticeTargets'),
  sendNotices: token<SendNotices>('sendNotices'),
  testNotices: token<TestNotices>('testNotices'),
  /** Looks for changes of the configuration now (SIGHUP). */
  reload: token<() => Promise<void>>('reload'),
  runService: token<RunService>('runService'),
};

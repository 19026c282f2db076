import 'reflect-metadata';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Container, ContainerModule } from 'inversify';
import { KnownHosts, type RequestedHosts } from '../../application/cache/known-hosts.ts';
import { KnownUsers, type RequestedUsers } from '../../application/cache/known-users.ts';
import { NAMES_OF_A_USER, TrustedCopies } from '../../application/cache/trusted-copies.ts';
import { AnswerChallenges } from '../../application/certificates/answer-challenges.ts';
import { ChallengeRecords } from '../../application/certificates/challenge-records.ts';
import { ChallengeRights } from '../../application/certificates/challenge-rights.ts';
import { RegisterAccount } from '../../application/certificates/register-account.ts';
import { SweepChallenges } from '../../application/certificates/sweep-challenges.ts';
import { CheckAll } from '../../application/check/check-all.ts';
import { CheckCertificate } from '../../application/check/check-certificate.ts';
import { CheckConfiguration } from '../../application/check/check-configuration.ts';
import { CheckPrimaries } from '../../application/check/check-primaries.ts';
import { CheckZones } from '../../application/check/check-zones.ts';
import { ReportReadiness } from '../../application/check/report-readiness.ts';
import { WarnOfConfiguration } from '../../application/check/warn-of-configuration.ts';
import { CountReports } from '../../application/history/count-reports.ts';
import { FanOut } from '../../application/history/fan-out.ts';
import { FlappingEvents } from '../../application/history/flapping-events.ts';
import { ForgetUsers } from '../../application/history/forget-users.ts';
import { HistoryAsSeen } from '../../application/history/history-as-seen.ts';
import { ListNames } from '../../application/history/list-names.ts';
import { TakeOff } from '../../application/history/take-off.ts';
import { WatchArrivals } from '../../application/history/watch-arrivals.ts';
import { WatchSilence } from '../../application/history/watch-silence.ts';
import { WatchVisibility, watchedSince } from '../../application/history/watch-visibility.ts';
import { AuthenticateUser } from '../../application/login/authenticate-user.ts';
import { MemoryLoginLimits } from '../../application/login/memory-login-limits.ts';
import { MemoryPendingSignIns } from '../../application/login/memory-pending-sign-ins.ts';
import { Passkeys } from '../../application/login/passkeys.ts';
import { Sessions } from '../../application/login/sessions.ts';
import { SignInByProvider } from '../../application/login/sign-in-by-provider.ts';
import { VerifyPassword } from '../../application/login/verify-password.ts';
import { Configure } from '../../application/manage/configure.ts';
import { CurrentSettings } from '../../application/manage/current-settings.ts';
import { Deeds } from '../../application/manage/deeds.ts';
import { EndFollowing } from '../../application/manage/end-following.ts';
import { FreeNames } from '../../application/manage/free-names.ts';
import { ImportUsers } from '../../application/manage/import-users.ts';
import { ListPeople } from '../../application/manage/list-people.ts';
import { manageAsOn } from '../../application/manage/manage-as.ts';
import { ManageHosts } from '../../application/manage/manage-hosts.ts';
import { ManageUsers } from '../../application/manage/manage-users.ts';
import { ReportReload } from '../../application/manage/report-reload.ts';
import {
  type NameServerSettings,
  ONE_PROCESS,
  type StoreSettings,
} from '../../application/manage/settings.ts';
import { WatchSettings } from '../../application/manage/watch-settings.ts';
import { MakeNotices } from '../../application/notices/make-notices.ts';
import { NoticeTargets } from '../../application/notices/notice-targets.ts';
import { SendNotices } from '../../application/notices/send-notices.ts';
import { TestNotices } from '../../application/notices/test-notices.ts';
import type { Clock } from '../../application/ports/clock.ts';
import { alwaysHeld } from '../../application/ports/lease.ts';
import type { Logger } from '../../application/ports/logger.ts';
import { noSharedArrivals } from '../../application/ports/shared-arrivals.ts';
import { PeriodicWork, whileHeld } from '../../application/service/periodic-work.ts';
import { RunService } from '../../application/service/run-service.ts';
import { FairQueue } from '../../application/turns/fair-queue.ts';
import { NameTurns } from '../../application/turns/name-turns.ts';
import { BatchingDnsUpdater } from '../../application/update/batching-dns-updater.ts';
import { ConfirmingDnsUpdater } from '../../application/update/confirming-dns-updater.ts';
import { MeteredDnsUpdater } from '../../application/update/metered-dns-updater.ts';
import { ReconcileRecords } from '../../application/update/reconcile-records.ts';
import { RememberingDnsUpdater } from '../../application/update/remembering-dns-updater.ts';
import { UpdateRecord } from '../../application/update/update-record.ts';
import { acmeModule, certificateHealthModule } from '../acme/acme.module.ts';
import { apiModule } from '../api/api.module.ts';
import { packageVersion } from '../cli/version.ts';
import { fileHistoryModule } from '../file-history/file-history.module.ts';
import { FileProcessLock } from '../file-stores/file-process-lock.ts';
import { fileStoresModule } from '../file-stores/file-stores.module.ts';
import { adminModule } from '../http/admin/admin.module.ts';
import { httpModule } from '../http/http.module.ts';
import { parseRoute } from '../http/served-paths.ts';
import { openNameServerModule } from '../name-server/name-server.module.ts';
import { ZoneFolder } from '../name-server/zone-folder.ts';
import type { ZoneStorePorts } from '../name-server/zone-store.ts';
import { noticesModule } from '../notices/notices.module.ts';
import { oidcModule } from '../oidc/oidc.module.ts';
import { passkeysModule } from '../passkeys/passkeys.module.ts';
import { postgresInvitationsModule, postgresSharedModule } from '../postgres/other-stores.module.ts';
import { postgresStoreModule } from '../postgres/postgres.module.ts';
import { prometheusModule } from '../prometheus/prometheus.module.ts';
import { rfc2136Module } from '../rfc2136/rfc2136.module.ts';
import { KeyedCredentialMemory } from '../system/keyed-credential-memory.ts';
import { standardErrorLogger } from '../system/pino-logger.ts';
import { systemModule } from '../system/system.module.ts';
import { systemUser } from '../system/system-user.ts';
import { systemdModule } from '../systemd/systemd.module.ts';
import { tomlModule } from '../toml/toml.module.ts';
import { webModule } from '../web/web.module.ts';
import type { Files } from './files.ts';
import { Shutdown } from './shutdown.ts';
import { tokens } from './tokens.ts';

/**
 * The thread pool has four threads, and one of them stays free: the journals of zones, the log and a configuration
 * that has changed must not wait for a hash. On two cores, the last of 200 waiting hashes of 50 ms begins after five
 * seconds. A client would not wait much longer.
 */
const HASHING = { running: Math.min(3, availableParallelism()), waiting: 200, waitingOfOne: 20 };

/** Milliseconds between two looks for challenges that clients left behind. */
const SWEEPING = 3_600_000;

/** Milliseconds between two looks for silent hosts, and for users who were removed. */
const WATCHING = { silence: 15_000, removedUsers: 60_000 };

/** What requests ask of the stores. */
const requested = new ContainerModule(({ bind }) => {
  bind(tokens.requestedUsers).toResolvedValue((users) => users, [tokens.userStore]);
  bind(tokens.requestedHosts).toResolvedValue((hosts) => hosts, [tokens.hostStore]);
});

/** Copies of what requests ask, where the stores are elsewhere. Without this module, each request asks the store. */
const known = ({ stale, cachedUsers }: StoreSettings) =>
  new ContainerModule(({ rebind, onActivation }) => {
    rebind(tokens.trustedCopies).toResolvedValue(
      (logs, clock, logger) => logs.map((log) => new TrustedCopies(log, clock, stale, logger)),
      [tokens.changeLogs, tokens.clock, tokens.logger],
    );
    onActivation(tokens.requestedUsers, (context, inner) =>
      context
        .get(tokens.trustedCopies)
        .reduce<RequestedUsers>((users, copies) => new KnownUsers(users, copies, cachedUsers), inner),
    );
    onActivation(tokens.requestedHosts, (context, inner) =>
      context
        .get(tokens.trustedCopies)
        .reduce<RequestedHosts>(
          (hosts, copies) => new KnownHosts(hosts, copies, cachedUsers * NAMES_OF_A_USER),
          inner,
        ),
    );
  });

/** The use cases that change or check users, hosts and settings: for commands, for pages and for the API. */
const management = new ContainerModule(({ bind }) => {
  bind(tokens.manageUsers).toResolvedValue(
    (users, passwords, mint, deeds, endFollowing) =>
      new ManageUsers(users, passwords, mint, deeds, endFollowing),
    [tokens.userStore, tokens.passwordHasher, tokens.tokenMint, tokens.deeds, tokens.endFollowing],
  );
  bind(tokens.endFollowing).toResolvedValue(
    (users, hosts, manageHosts) => new EndFollowing(users, hosts, manageHosts),
    [tokens.userStore, tokens.hostStore, tokens.manageHosts],
  );
  bind(tokens.manageHosts).toResolvedValue(
    (hosts, deeds) => new ManageHosts(hosts, deeds),
    [tokens.hostStore, tokens.deeds],
  );
  bind(tokens.importUsers).toResolvedValue(
    (users, hosts, passwords, manageUsers, manageHosts) =>
      new ImportUsers(users, hosts, passwords, { users: manageUsers, hosts: manageHosts }),
    [tokens.userStore, tokens.hostStore, tokens.passwordHasher, tokens.manageUsers, tokens.manageHosts],
  );
  bind(tokens.configure).toResolvedValue(
    (settings, deeds) => new Configure(settings, deeds),
    [tokens.settingsStore, tokens.deeds],
  );
  bind(tokens.manageAs).toDynamicValue((context) =>
    manageAsOn({
      users: context.get(tokens.userStore),
      hosts: context.get(tokens.hostStore),
      invitationStore: context.get(tokens.invitationStore),
      passwords: context.get(tokens.passwordHasher),
      tokens: context.get(tokens.tokenMint),
      freeNames: context.get(tokens.freeNames),
      confirmations: context.get(tokens.confirmationSender),
      events: context.get(tokens.events),
      clock: context.get(tokens.clock),
    }),
  );
  bind(tokens.freeNames).toResolvedValue(
    (users, dns, use, clock) => new FreeNames(users, dns, use, clock),
    [tokens.userStore, tokens.dnsUpdater, tokens.nameUse, tokens.clock],
  );
  bind(tokens.deeds).toResolvedValue(
    (events, clock) => new Deeds(events, clock, { by: systemUser(), way: 'command' }),
    [tokens.events, tokens.clock],
  );
  bind(tokens.checkNames).toResolvedValue(
    (settings, users, hosts, clock, probe) => {
      const { nameServer } = settings;
      if (nameServer?.takesUpdates !== true) return new CheckPrimaries(settings, users, hosts, probe);
      // Each time anew, because it remembers the zones that it has read.
      return { run: () => new CheckZones(zoneFolder(nameServer, clock), users, hosts, settings).run() };
    },
    [tokens.settings, tokens.userStore, tokens.hostStore, tokens.clock, tokens.primaryProbe],
  );
  bind(tokens.checkCertificate).toResolvedValue(
    (health, clock, { http }) => new CheckCertificate(health, clock, http.tls?.acme !== undefined),
    [tokens.certificateHealth, tokens.clock, tokens.settings],
  );
  bind(tokens.checkConfiguration).toResolvedValue(
    (users, hosts, secrets, settings) => new CheckConfiguration(users, hosts, secrets, settings),
    [tokens.userStore, tokens.hostStore, tokens.secretPlace, tokens.settings],
  );
  bind(tokens.checkAll).toResolvedValue(
    (configuration, certificate, names) => new CheckAll({ configuration, certificate, names }),
    [tokens.checkConfiguration, tokens.checkCertificate, tokens.checkNames],
  );
});

/** Who is told of what a command changes, and what is known of names. */
const events = new ContainerModule(({ bind }) => {
  bind(tokens.watchedSince).toResolvedValue(
    (current, clock) => () => watchedSince(current.value, clock),
    [tokens.currentSettings, tokens.clock],
  );
  bind(tokens.historyAsSeen).toResolvedValue(
    (users, history) => new HistoryAsSeen(users, history),
    [tokens.userStore, tokens.history],
  );
  bind(tokens.listNames).toResolvedValue(
    (users, hosts, history, since) => new ListNames(users, hosts, history, since),
    [tokens.userStore, tokens.hostStore, tokens.history, tokens.watchedSince],
  );
  bind(tokens.events).toResolvedValue((listeners) => new FanOut(listeners), [tokens.eventListeners]);
  bind(tokens.eventListeners).toResolvedValue(
    (history, audit) => [history, audit],
    [tokens.managementHistory, tokens.managementAudit],
  );
});

/** Who else is told of what happens in a server, and what watches it. */
const watching = new ContainerModule(({ bind, onActivation }) => {
  onActivation(tokens.eventListeners, (context, listeners) => [
    context.get(tokens.history), // first, so that whoever is told can look it up there
    ...listeners,
    context.get(tokens.watchArrivals),
    context.get(tokens.countReports),
  ]);
  bind(tokens.countReports).toResolvedValue((clock) => new CountReports(clock), [tokens.clock]);
  bind(tokens.sharedArrivals).toConstantValue(noSharedArrivals);
  bind(tokens.watchArrivals).toResolvedValue(
    (history, shared) => new WatchArrivals(history, shared),
    [tokens.history, tokens.sharedArrivals],
  );
  onActivation(tokens.events, (context, inner) => new FlappingEvents(inner, context.get(tokens.clock)));
  onActivation(tokens.events, (context, inner) => {
    const current = context.get(tokens.currentSettings);
    const watch = new WatchVisibility(inner, () => current.value, {
      servers: context.get(tokens.authoritativeServers),
      clock: context.get(tokens.clock),
      metrics: context.get(tokens.metrics),
      logger: context.get(tokens.logger),
    });
    context.get(tokens.shutdown).register('visibility', () => watch.close());
    return watch;
  });
  bind(tokens.watchSilence).toResolvedValue(
    (names, history, takeOff, clock, events, metrics, logger, lease) => {
      const counted = (silent: number) => metrics.namesSilent(silent);
      const parts = { history, events, takeOff, counted };
      const watch = new WatchSilence(names, clock, parts);
      const failed = (error: Error) => logger.error('Could not look for silent hosts', { error });
      const alone = whileHeld(
        lease,
        (isStopped) => watch.execute(isStopped),
        () => watch.rest(),
      );
      return new PeriodicWork(alone, WATCHING.silence, clock, failed);
    },
    [
      tokens.watchedNames,
      tokens.history,
      tokens.takeOff,
      tokens.clock,
      tokens.events,
      tokens.metrics,
      tokens.logger,
      tokens.lease,
    ],
  );
  bind(tokens.takeOff).toResolvedValue(
    (dns, turns, clock, events, logger) => new TakeOff(dns, turns, clock, events, logger),
    [tokens.dnsUpdater, tokens.nameTurns, tokens.clock, tokens.events, tokens.logger],
  );
  bind(tokens.forgetUsers).toResolvedValue(
    (users, history, managementHistory, clock, logger, lease) => {
      const forget = new ForgetUsers(users, [history, managementHistory]);
      const failed = (error: Error) => logger.error('Could not forget users who were removed', { error });
      const alone = whileHeld(lease, () => forget.execute());
      return new PeriodicWork(alone, WATCHING.removedUsers, clock, failed);
    },
    [tokens.userStore, tokens.history, tokens.managementHistory, tokens.clock, tokens.logger, tokens.lease],
  );
});

/** Who wants notices. */
const notices = new ContainerModule(({ bind }) => {
  bind(tokens.noticeTargets).toResolvedValue(
    (current, users) => new NoticeTargets(current, users),
    [tokens.currentSettings, tokens.requestedUsers],
  );
  bind(tokens.testNotices).toResolvedValue(
    (targets, sender, clock) => new TestNotices(targets, sender, clock),
    [tokens.noticeTargets, tokens.noticeSender, tokens.clock],
  );
});

/** From events to notices, while the server runs. */
const noticesOfEvents = new ContainerModule(({ bind, onActivation }) => {
  bind(tokens.sendNotices).toResolvedValue(
    (targets, store, sender, clock, logger, metrics, lease) =>
      new SendNotices(targets, { store, sender, clock, logger, metrics, lease }),
    [
      tokens.noticeTargets,
      tokens.noticeStore,
      tokens.noticeSender,
      tokens.clock,
      tokens.logger,
      tokens.metrics,
      tokens.lease,
    ],
  );
  onActivation(tokens.eventListeners, (context, others) => {
    const mint = context.get(tokens.tokenMint);
    const ports = {
      mark: mint.digestOf(mint.issue()).slice(0, 6),
      clock: context.get(tokens.clock),
      logger: context.get(tokens.logger),
      metrics: context.get(tokens.metrics),
    };
    const targets = context.get(tokens.noticeTargets);
    return [...others, new MakeNotices(targets, context.get(tokens.sendNotices), ports)];
  });
});

/** The way of a request, from its route to the adapter that changes the DNS. */
const requests = new ContainerModule(({ bind, onActivation }) => {
  bind(tokens.wrongCredentials).toResolvedValue((clock) => new KeyedCredentialMemory(clock), [tokens.clock]);
  bind(tokens.loginLimits).toResolvedValue(
    (clock, logger, wrong, events) => new MemoryLoginLimits(clock, logger, wrong, events),
    [tokens.clock, tokens.logger, tokens.wrongCredentials, tokens.events],
  );
  bind(tokens.operatorLoginLimits).toResolvedValue(
    (clock, logger, events) => new MemoryLoginLimits(clock, logger, new KeyedCredentialMemory(clock), events),
    [tokens.clock, tokens.logger, tokens.events],
  );
  bind(tokens.authenticateUser).toResolvedValue(
    (users, mint, passwords, memory, limits, events, clock) => {
      const verifyPassword = new VerifyPassword(passwords, memory, new FairQueue(HASHING), limits);
      return new AuthenticateUser(users, mint, verifyPassword, limits, { events, clock });
    },
    [
      tokens.requestedUsers,
      tokens.tokenMint,
      tokens.passwordHasher,
      tokens.credentialMemory,
      tokens.loginLimits,
      tokens.events,
      tokens.clock,
    ],
  );
  bind(tokens.updateRecord).toResolvedValue(
    (users, hosts, reconcile, clock, current, logger, events) =>
      new UpdateRecord(users, hosts, reconcile, clock, {
        get ttl() {
          return current.value.dns.ttl;
        },
        logger,
        events,
      }),
    [
      tokens.requestedUsers,
      tokens.requestedHosts,
      tokens.reconcileRecords,
      tokens.clock,
      tokens.currentSettings,
      tokens.logger,
      tokens.events,
    ],
  );
  bind(tokens.reconcileRecords).toResolvedValue(
    (dns, clock, turns, events) => new ReconcileRecords(dns, clock, turns, events),
    [tokens.dnsUpdater, tokens.clock, tokens.nameTurns, tokens.events],
  );
  bind(tokens.nameTurns).toResolvedValue(() => new NameTurns(), []);
  // Decorators of the DnsUpdater, each one a statement that can be deleted. The last one is met first.
  onActivation(
    tokens.dnsUpdater,
    (context, inner) => new MeteredDnsUpdater(inner, context.get(tokens.metrics), context.get(tokens.clock)),
  );
  onActivation(
    tokens.dnsUpdater,
    (context, inner) => new BatchingDnsUpdater(inner, context.get(tokens.clock)),
  );
  onActivation(
    tokens.dnsUpdater,
    (context, inner) => new ConfirmingDnsUpdater(inner, context.get(tokens.clock)),
  );
  onActivation(
    tokens.dnsUpdater,
    (context, inner) => new RememberingDnsUpdater(inner, context.get(tokens.clock)),
  );
});

/** What pages show, and to whom. */
const pages = new ContainerModule(({ bind }) => {
  bind(tokens.listPeople).toResolvedValue(
    (users, history) => new ListPeople(users, history),
    [tokens.userStore, tokens.history],
  );
  bind(tokens.sessions).toResolvedValue(
    (store, users, mint, clock) => new Sessions(store, users, mint, clock),
    [tokens.sessionStore, tokens.userStore, tokens.tokenMint, tokens.clock],
  );
  bind(tokens.pendingSignIns).toResolvedValue((clock) => new MemoryPendingSignIns(clock), [tokens.clock]);
  bind(tokens.passkeys).toResolvedValue(
    (users, verifier, limits, mint, clock, pending) =>
      new Passkeys(users, verifier, limits, mint, { clock, pending }),
    [
      tokens.userStore,
      tokens.passkeyVerifier,
      tokens.loginLimits,
      tokens.tokenMint,
      tokens.clock,
      tokens.pendingSignIns,
    ],
  );
  bind(tokens.signInByProvider).toResolvedValue(
    (providers, users, pending) =>
      providers.map((provider) => new SignInByProvider(provider, users, pending)),
    [tokens.identityProviders, tokens.userStore, tokens.pendingSignIns],
  );
});

/** Challenges for certificates: present, clean up, register accounts, and sweep away what clients leave behind. */
const certificates = new ContainerModule(({ bind }) => {
  bind(tokens.challengeRecords).toResolvedValue(
    (dns, store, turns, clock) => new ChallengeRecords(dns, store, turns, clock),
    [tokens.dnsUpdater, tokens.challengeStore, tokens.nameTurns, tokens.clock],
  );
  bind(tokens.accountZone).toResolvedValue(
    (current) => ({
      get zone() {
        return current.value.acme?.zone;
      },
    }),
    [tokens.currentSettings],
  );
  bind(tokens.challengeRights).toResolvedValue(
    (users, accounts) => new ChallengeRights(users, accounts),
    [tokens.userStore, tokens.accountZone],
  );
  bind(tokens.answerChallenges).toResolvedValue(
    (rights, records, store, clock, events) => new AnswerChallenges(rights, records, store, clock, events),
    [tokens.challengeRights, tokens.challengeRecords, tokens.challengeStore, tokens.clock, tokens.events],
  );
  bind(tokens.registerAccount).toResolvedValue(
    (users, manageAs, mint, rights, accounts) =>
      new RegisterAccount({ users, manageAs, mint }, rights, accounts, new NameTurns()),
    [tokens.userStore, tokens.manageAs, tokens.tokenMint, tokens.challengeRights, tokens.accountZone],
  );
  bind(tokens.sweepChallenges).toResolvedValue(
    (store, records, clock, logger, lease) => {
      const sweep = new SweepChallenges(store, records, clock, logger);
      const failed = (error: Error) => logger.error('Could not look for old challenges', { error });
      const alone = whileHeld(lease, (isStopped) => sweep.execute(isStopped));
      return new PeriodicWork(alone, SWEEPING, clock, failed);
    },
    [tokens.challengeStore, tokens.challengeRecords, tokens.clock, tokens.logger, tokens.lease],
  );
});

/** What runs from start to stop: the listeners in the order of their start, and what watches the configuration. */
const service = new ContainerModule(({ bind }) => {
  bind(tokens.listeners).toResolvedValue(
    (copies, store, notices, http, admin, keepers, ...periodic) => [
      ...copies,
      ...store,
      notices,
      http,
      ...admin,
      ...periodic,
      ...keepers,
    ],
    [
      tokens.trustedCopies,
      tokens.storeListeners,
      tokens.sendNotices,
      tokens.httpListener,
      tokens.adminListeners,
      tokens.certificateKeepers,
      tokens.watchSettings,
      tokens.sweepChallenges,
      tokens.watchSilence,
      tokens.forgetUsers,
      tokens.watchArrivals,
    ],
  );
  bind(tokens.watchSettings).toResolvedValue(
    (store, current, clock, logger, entries, warnings) => {
      const report = new ReportReload(entries, warnings, logger);
      return new WatchSettings(store, current, clock, logger, (isUsable) => report.look(isUsable));
    },
    [
      tokens.settingsStore,
      tokens.currentSettings,
      tokens.clock,
      tokens.logger,
      tokens.entryWatch,
      tokens.warnOfConfiguration,
    ],
  );
  bind(tokens.warnOfConfiguration).toResolvedValue(
    (check, logger) => new WarnOfConfiguration(check, logger),
    [tokens.checkConfiguration, tokens.logger],
  );
  bind(tokens.reload).toResolvedValue((watch) => () => watch.look(), [tokens.watchSettings]);
  bind(tokens.reportReadiness).toResolvedValue(
    (current, reach, clock) => {
      const primaries = () => {
        const { nameServer, dns, servers } = current.value;
        return nameServer?.takesUpdates === true ? [] : [dns, ...servers];
      };
      return new ReportReadiness(primaries, reach, clock);
    },
    [tokens.currentSettings, tokens.primaryReach, tokens.clock],
  );
  bind(tokens.runService).toResolvedValue(
    (lock, listeners, shutdown, clock, logger) => new RunService(lock, listeners, shutdown, clock, logger),
    [tokens.processLock, tokens.listeners, tokens.shutdown, tokens.clock, tokens.logger],
  );
});

/**
 * The composition root: every port with its adapter. Nothing is made before it is asked for, each thing once.
 * Whoever wants another adapter rebinds its token before the first `get`, or loads another module in place of one here.
 *
 * The settings are read when somebody needs them ({@link loadSettings}), and what it takes to serve is added
 * then ({@link loadService}).
 */
export function createContainer(files: Files): Container {
  // Without JIT, so that it runs where code generation from strings is forbidden.
  const container = new Container({ defaultScope: 'Singleton', jitless: true });
  container.bind(tokens.configurationFile).toConstantValue(files.configurationFile);
  container.bind(tokens.lockFile).toConstantValue(files.lockFile);
  container.bind(tokens.version).toResolvedValue(packageVersion, []);
  container.bind(tokens.shutdown).toResolvedValue((logger) => new Shutdown(logger), [tokens.logger]);
  container.load(systemModule); // clock, logger, hashes, chance
  container.bind(tokens.parseRoute).toConstantValue(parseRoute); // HTTP knows what it serves
  container.load(tomlModule); // settings, users and hosts in the configuration file
  container.bind(tokens.changeLogs).toConstantValue([]);
  container.bind(tokens.trustedCopies).toConstantValue([]);
  container.load(requested); // the stores again, as requests of clients see them
  container.bind(tokens.checkStore).toConstantValue(async () => {}); // a file is looked at when it is read
  container.load(fileStoresModule); // challenges, sessions, invitations, notices, the lock of the server
  container.load(certificateHealthModule); // how long HTTPS is good
  container.load(rfc2136Module); // the DnsUpdater, and what asks primaries
  container.load(fileHistoryModule, events); // what happens, and what is remembered of it
  container.load(noticesModule, notices); // webhooks and mail
  container.bind(tokens.lease).toConstantValue(alwaysHeld); // one process does everything
  container.bind(tokens.storeListeners).toResolvedValue(() => [], []);
  container.load(management);
  return container;
}

/** Reads the settings and binds them. Rejects with a DynonymError that lists all that is wrong with them. */
export async function loadSettings(container: Container): Promise<void> {
  const settings = await container.get(tokens.settingsStore).load();
  container.bind(tokens.settings).toConstantValue(settings);
  container.bind(tokens.currentSettings).toConstantValue(new CurrentSettings(settings));
  loadStores(container, settings.store);
}

/** Where the settings have a [store], what is kept in files otherwise is in the database. */
export function loadStores(container: Container, store: StoreSettings | undefined): void {
  if (store === undefined) return;
  container.load(postgresStoreModule(store));
}

/** Reads the settings, opens the zones of our own, and adds what it takes to serve. */
export async function loadService(container: Container): Promise<void> {
  await loadSettings(container);
  await container.get(tokens.checkStore)();
  const { store } = container.get(tokens.settings);
  if (store !== undefined) container.load(known(store)); // fewer questions to a store that is elsewhere
  followSettings(container);
  await loadNameServer(container); // in place of rfc2136, where its zones take the updates
  container.load(certificates, acmeModule); // challenges, and the certificate of our own
  container.load(watching); // history, silence
  container.load(passkeysModule, oidcModule); // who is who on the pages
  container.load(pages, webModule, apiModule); // for people, and for their programs
  container.load(httpModule, requests); // sockets and routes; then down to the DnsUpdater
  container.load(prometheusModule, adminModule); // counts, and who may see them
  container.load(noticesOfEvents); // what happens becomes notices
  loadSharing(container);
  container.load(service);
  container.load(systemdModule); // last, because what starts after all others knows that they have started
}

/** Where the settings have a [store], several instances serve the same names. */
function loadSharing(container: Container): void {
  if (container.get(tokens.settings).store === undefined) return;
  container.load(postgresInvitationsModule, postgresSharedModule);
}

/** A server logs what its configuration says, from the start on and whenever that changes. */
function followSettings(container: Container): void {
  const current = container.get(tokens.currentSettings);
  const setLevel = container.get(tokens.setLogLevel);
  setLevel(current.value.log?.level ?? 'info');
  current.onChange(({ log }) => setLevel(log?.level ?? 'info'));
  const { workers } = current.value.http;
  if (workers > 1) container.get(tokens.logger).warn(ONE_PROCESS, { 'http.workers': workers });
}

async function loadNameServer(container: Container): Promise<void> {
  const { nameServer } = container.get(tokens.settings);
  if (nameServer === undefined) return;
  const ports = zoneStorePorts(nameServer, container.get(tokens.clock), container.get(tokens.logger));
  container.load(await openNameServerModule(nameServer, ports, container.get(tokens.shutdown)));
}

/** What the zones of a folder need of others. One process has the folder open: the lock in it sees to that. */
const zoneStorePorts = ({ data }: NameServerSettings, clock: Clock, logger: Logger): ZoneStorePorts => ({
  lock: new FileProcessLock(join(data, 'lock')),
  clock,
  logger,
});

/** The zones for whoever looks at them, beside a server that serves them. Logs warnings only. */
export const zoneFolder = (nameServer: NameServerSettings, clock: Clock): ZoneFolder =>
  new ZoneFolder(nameServer, zoneStorePorts(nameServer, clock, standardErrorLogger('warn')));
